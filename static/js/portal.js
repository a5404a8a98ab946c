/* Small comforts on top of pages that work without this file.
   Behaviour hangs on data attributes, documented in docs/design-system.md. */
(function () {
  "use strict";
  const root = document.documentElement;

  function texts(name) {
    return document.body.dataset[name] || "";
  }

  /* ---- theme: device, light, dark; remembered on this device ---- */
  function showTheme() {
    const chosen = root.dataset.theme || "auto";
    document.querySelectorAll("[data-theme-choice]").forEach((button) => {
      button.setAttribute("aria-pressed", String(button.dataset.themeChoice === chosen));
    });
  }

  function chooseTheme(theme) {
    if (theme === "auto") delete root.dataset.theme;
    else root.dataset.theme = theme;
    try {
      if (theme === "auto") localStorage.removeItem("theme");
      else localStorage.setItem("theme", theme);
    } catch (error) {
      /* not remembered, still shown */
    }
    showTheme();
  }

  /* ---- copy: [data-copy="text"] or [data-copy-from="#id"] ---- */
  async function copy(button) {
    const source = button.dataset.copyFrom && document.querySelector(button.dataset.copyFrom);
    const text = source ? source.value || source.textContent.trim() : button.dataset.copy;
    try {
      await navigator.clipboard.writeText(text);
    } catch (error) {
      if (!copyBySelection(text)) return;
    }
    say(texts("textCopied"));
    button.classList.add("is-done");
    setTimeout(() => button.classList.remove("is-done"), 2000);
  }

  function copyBySelection(text) {
    /* plain http and older web views have no clipboard API */
    const field = document.createElement("textarea");
    field.value = text;
    field.className = "visually-hidden";
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    return done;
  }

  /* ---- one quiet line for screen readers and eyes ---- */
  let silence;
  function say(text) {
    const line = document.querySelector("[data-toast]");
    if (!line || !text) return;
    line.textContent = text;
    line.hidden = false;
    clearTimeout(silence);
    silence = setTimeout(() => { line.hidden = true; }, 4000);
  }

  function csrfToken() {
    const meta = document.querySelector('meta[name="csrf-token"]');
    if (meta) return meta.content;
    const field = document.querySelector("input[name=csrfmiddlewaretoken]");
    if (field) return field.value;
    const cookie = document.cookie.match(/(?:^|; )(?:__Host-|__Secure-)?csrftoken=([^;]+)/);
    return cookie ? decodeURIComponent(cookie[1]) : "";
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-theme-choice], [data-copy], [data-copy-from], [data-print], [data-back]");
    if (button) {
      if (button.dataset.themeChoice) chooseTheme(button.dataset.themeChoice);
      else if ("print" in button.dataset) window.print();
      else if ("back" in button.dataset) window.history.back();
      else copy(button);
      return;
    }
    document.querySelectorAll("details.menu[open]").forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      document.querySelectorAll("details.menu[open]").forEach((menu) => {
        menu.open = false;
        menu.querySelector("summary").focus();
      });
      return;
    }
    const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) || event.target.isContentEditable;
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      const boxes = [...document.querySelectorAll("[data-search-input]")];
      const box = boxes.find((input) => input.offsetParent !== null);
      if (box) {
        event.preventDefault();
        box.focus();
        box.select();
      }
    }
  });

  document.addEventListener("change", (event) => {
    const field = event.target.closest("[data-autosubmit]");
    if (field && field.form) field.form.requestSubmit ? field.form.requestSubmit() : field.form.submit();
  });

  /* A slow line invites a second press; the server counts it once, the button says so. */
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented || event.target.method !== "post") return;
    const button = event.submitter;
    if (!button || button.hasAttribute("data-repeatable")) return;
    setTimeout(() => button.setAttribute("aria-disabled", "true"), 0);
    setTimeout(() => button.removeAttribute("aria-disabled"), 8000);
  });

  /* Who signs out leaves no list of people on the device. */
  document.addEventListener("submit", (event) => {
    if (/\/logout\//.test(event.target.action || "") && "caches" in window) caches.delete("attendance");
  });

  document.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = csrfToken();
  });
  document.addEventListener("htmx:sendError", () => say(texts("textOffline")));
  document.addEventListener("htmx:responseError", () => say(texts("textFailed")));

  showTheme();
})();
