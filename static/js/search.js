/* Search boxes with completion, recent searches kept on this device only, and a quiet note of what helped.
   Everything works without this file: the box is a form, results are links. */
(function () {
  "use strict";
  const RECENT_KEY = "recent-searches";
  const LAST_KEY = "last-search";
  const RECENT_MAX = 8;
  const WAIT = 150;
  let counter = 0;

  /* ---- recent searches: localStorage, never sent anywhere ---- */
  function recent() {
    try {
      const kept = JSON.parse(localStorage.getItem(RECENT_KEY) || "[]");
      return Array.isArray(kept) ? kept.filter((text) => typeof text === "string") : [];
    } catch (error) {
      return [];
    }
  }

  function remember(text) {
    if (!text) return;
    try {
      const others = recent().filter((known) => known !== text);
      localStorage.setItem(RECENT_KEY, JSON.stringify([text, ...others].slice(0, RECENT_MAX)));
    } catch (error) {
      /* a private window remembers nothing */
    }
  }

  function forget() {
    try {
      localStorage.removeItem(RECENT_KEY);
    } catch (error) {
      /* there was nothing to forget */
    }
  }

  /* ---- the box: an editable combobox with a list (WAI-ARIA 1.2) ---- */
  class SearchBox {
    constructor(input) {
      this.input = input;
      this.panel = input.form.querySelector("[data-suggestions]");
      this.texts = this.panel.dataset;
      this.active = -1;
      this.asked = "";
      this.list = document.createElement("ul");
      this.list.id = "suggestions-" + (counter += 1);
      this.list.className = "suggestions";
      this.list.setAttribute("role", "listbox");
      this.list.setAttribute("aria-label", this.texts.textSuggestions || "");
      input.setAttribute("role", "combobox");
      input.setAttribute("aria-autocomplete", "list");
      input.setAttribute("aria-controls", this.list.id);
      input.setAttribute("aria-expanded", "false");
      /* with an input method the letters on the way to a character are no question; its end is */
      input.addEventListener("input", (event) => { if (!event.isComposing) this.later(); });
      input.addEventListener("compositionend", () => this.later());
      input.addEventListener("focus", () => { if (!input.value.trim()) this.showRecent(); });
      input.addEventListener("click", () => { if (!input.value.trim()) this.showRecent(); });
      input.addEventListener("keydown", (event) => this.key(event));
      input.form.addEventListener("submit", () => { remember(input.value.trim()); this.close(); });
      this.panel.addEventListener("mousedown", (event) => event.preventDefault());
      this.panel.addEventListener("click", (event) => this.pick(event));
      document.addEventListener("click", (event) => { if (!input.form.contains(event.target)) this.close(); });
      input.addEventListener("blur", () => this.close());
    }

    later() {
      clearTimeout(this.timer);
      const text = this.input.value.trim();
      if (!text) {
        this.showRecent();
        return;
      }
      this.timer = setTimeout(() => this.ask(text), WAIT);
    }

    async ask(text) {
      if (this.request) this.request.abort();
      this.request = new AbortController();
      try {
        const answer = await fetch("/api/v1/suggest?q=" + encodeURIComponent(text), {
          signal: this.request.signal,
          headers: { Accept: "application/json" },
          credentials: "same-origin",
        });
        if (!answer.ok) return;
        const found = (await answer.json()).suggestions;
        if (this.input.value.trim() === text && document.activeElement === this.input) this.show(found);
      } catch (error) {
        /* no signal, or typed on: the form still works */
      }
    }

    showRecent() {
      clearTimeout(this.timer);
      this.show(recent().map((text) => ({ text: text, label: "" })), true);
    }

    show(items, isRecent) {
      this.active = -1;
      this.input.removeAttribute("aria-activedescendant");
      this.list.replaceChildren(...items.map((item, place) => this.option(item, place)));
      if (!items.length) {
        this.close();
        return;
      }
      this.panel.replaceChildren(...(isRecent ? [this.recentHead(), this.list] : [this.list]));
      this.panel.hidden = false;
      this.input.setAttribute("aria-expanded", "true");
    }

    option(item, place) {
      const option = document.createElement("li");
      option.id = this.list.id + "-" + place;
      option.className = "suggestion";
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.dataset.value = item.text;
      const text = document.createElement("span");
      text.className = "suggestion__text";
      text.textContent = item.text;
      option.append(text);
      if (item.label) {
        const label = document.createElement("span");
        label.className = "suggestion__kind";
        label.textContent = item.label;
        option.append(label);
      }
      return option;
    }

    recentHead() {
      const head = document.createElement("div");
      head.className = "suggestions__head";
      const title = document.createElement("span");
      title.textContent = this.texts.textRecent || "";
      const clear = document.createElement("button");
      clear.type = "button";
      clear.className = "btn btn--sm btn--quiet";
      clear.dataset.clearRecent = "";
      clear.textContent = this.texts.textClear || "";
      head.append(title, clear);
      return head;
    }

    key(event) {
      if (event.isComposing || event.keyCode === 229) return; /* the keys belong to the input method */
      const options = [...this.list.children];
      const open = !this.panel.hidden;
      if (event.key === "Escape" && open) {
        event.preventDefault();
        this.close();
      } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && open && options.length) {
        event.preventDefault();
        const step = event.key === "ArrowDown" ? 1 : -1;
        const count = options.length + 1;
        this.point(options, ((this.active + 1 + step + count) % count) - 1);
      } else if (event.key === "ArrowDown" && !open && !this.input.value.trim()) {
        this.showRecent();
      } else if (event.key === "Enter" && open && this.active >= 0) {
        event.preventDefault();
        this.go(options[this.active].dataset.value);
      }
    }

    point(options, place) {
      this.active = place;
      options.forEach((option, at) => option.setAttribute("aria-selected", String(at === place)));
      if (place < 0) {
        this.input.removeAttribute("aria-activedescendant");
        return;
      }
      this.input.setAttribute("aria-activedescendant", options[place].id);
      options[place].scrollIntoView({ block: "nearest" });
    }

    pick(event) {
      if (event.target.closest("[data-clear-recent]")) {
        forget();
        this.close();
        return;
      }
      const option = event.target.closest("[role=option]");
      if (option) this.go(option.dataset.value);
    }

    go(text) {
      this.input.value = text;
      this.close();
      if (this.input.form.requestSubmit) this.input.form.requestSubmit();
      else this.input.form.submit();
    }

    close() {
      clearTimeout(this.timer);
      this.panel.hidden = true;
      this.panel.replaceChildren();
      this.active = -1;
      this.input.setAttribute("aria-expanded", "false");
      this.input.removeAttribute("aria-activedescendant");
    }
  }

  /* ---- what helped: numbered and signed by the server, nobody named ---- */
  function send(url, message) {
    const body = JSON.stringify(message);
    if (navigator.sendBeacon && navigator.sendBeacon(url, body)) return;
    fetch(url, { method: "POST", body: body, keepalive: true, credentials: "same-origin" }).catch(() => {});
  }

  /* the number of this visit's search before, so that the same question in other words is seen as one */
  function before(token) {
    try {
      const known = sessionStorage.getItem(LAST_KEY);
      sessionStorage.setItem(LAST_KEY, token);
      return known;
    } catch (error) {
      return null;
    }
  }

  /* going back, or loading again, fetches the list with a new number: what is seen again is no new search */
  function isSeenAgain() {
    return ["back_forward", "reload"].includes(performance.getEntriesByType("navigation")[0]?.type);
  }

  function noteResults(isKnown) {
    const results = document.querySelector("[data-search-results][data-note]");
    if (!results || "noted" in results.dataset) return;
    results.dataset.noted = "";
    if (isKnown) return;
    remember(results.dataset.query);
    send(results.dataset.useUrl, { note: results.dataset.note, after: before(results.dataset.token) });
  }

  /* beside the list there is room for the choices */
  function unfold() {
    if (!window.matchMedia("(min-width: 60em)").matches) return;
    document.querySelectorAll("[data-filters]").forEach((choices) => { choices.open = true; });
  }

  function noteOpened(link) {
    const row = link.closest("[data-ref]");
    const results = link.closest("[data-search-results][data-note]");
    if (!row || !results || !link.closest(".hit__title")) return;
    send(results.dataset.useUrl, { note: results.dataset.note, ref: row.dataset.ref });
  }

  function noteSolved(button) {
    const results = button.closest("[data-search-results]");
    const section = button.closest("[data-solved]");
    const solved = button.dataset.solvedAnswer === "yes";
    send(results.dataset.useUrl, { note: results.dataset.note, solved: solved });
    section.querySelectorAll("[data-solved-answer]").forEach((other) => {
      other.setAttribute("aria-pressed", String(other === button));
    });
    section.querySelector("[data-solved-more]").hidden = solved;
    section.querySelector("[data-solved-thanks]").hidden = false;
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (link) noteOpened(link);
    const button = event.target.closest("[data-solved-answer]");
    if (button) noteSolved(button);
  });
  document.addEventListener("auxclick", (event) => {
    const link = event.target.closest("a[href]");
    if (link && event.button === 1) noteOpened(link);
  });
  document.addEventListener("htmx:afterSettle", () => { unfold(); noteResults(); });

  document.querySelectorAll("[data-search-input]").forEach((input) => new SearchBox(input));
  unfold();
  noteResults(isSeenAgain());
})();
