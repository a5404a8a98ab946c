/* Check-in and check-out while the network is gone: a press that cannot be sent stays on this telephone with its time
   and is sent later, once; the key of each press tells the portal that it has come before. [data-taps] shows how many. */
(function () {
  "use strict";
  const box = document.querySelector("[data-taps]");
  if (!box) return;
  const store = "taps:" + box.dataset.taps;
  const FIRST_WAIT = 5000;
  const LONGEST_WAIT = 60000;
  let wait = FIRST_WAIT;
  let timer = 0;
  let sending = false;
  /* Where the browser keeps nothing (private windows), the presses last as long as the page. */
  let memory = [];

  function taps() {
    try {
      return JSON.parse(localStorage.getItem(store) || "[]");
    } catch (error) {
      return memory;
    }
  }

  function keep(list) {
    memory = list;
    try {
      if (list.length) localStorage.setItem(store, JSON.stringify(list));
      else localStorage.removeItem(store);
    } catch (error) {
      /* kept in memory */
    }
  }

  function newKey() {
    if (crypto.randomUUID) return crypto.randomUUID();
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  }

  function meetingOf(form) {
    return Number(form.dataset.meeting) || null;
  }

  function formOf(tap) {
    const form = document.querySelector('form[data-enrolment="' + tap.enrolment + '"]');
    // The page shows the roster of one meeting; a press on that of another has no row here.
    return form && meetingOf(form) === (tap.meeting || null) ? form : null;
  }

  /* The row says what was pressed; after a check-in its button means the check-out. */
  function showRow(tap) {
    const form = formOf(tap);
    if (!form) return;
    let line = form.querySelector("[data-tap-line]");
    if (!line) {
      line = document.createElement("p");
      line.className = "small";
      line.dataset.tapLine = "";
      form.prepend(line);
    }
    const time = new Date(tap.at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
    line.textContent = box.dataset.textRow.replace("{time}", time);
    const button = form.querySelector("button");
    if (tap.act === "check-in") {
      form.dataset.tap = "check-out";
      button.querySelector("span").textContent = form.dataset.textOut;
      button.classList.remove("btn--primary");
    } else {
      button.hidden = true;
    }
  }

  function show() {
    const list = taps();
    const refused = box.querySelector("[data-taps-refused]");
    box.hidden = !list.length && !refused.children.length;
    box.querySelector("[data-taps-count]").textContent = box.dataset.textOne.replace("{count}", String(list.length));
    list.forEach(showRow);
  }

  function add(form, at) {
    const list = taps();
    list.push({
      key: newKey(),
      enrolment: Number(form.dataset.enrolment),
      meeting: meetingOf(form),
      act: form.dataset.tap,
      who: form.dataset.who,
      at: at,
    });
    keep(list);
    show();
    later();
  }

  function later() {
    clearTimeout(timer);
    timer = setTimeout(send, wait);
  }

  function token() {
    const field = document.querySelector("input[name=csrfmiddlewaretoken]");
    return field ? field.value : "";
  }

  function refuse(tap, message) {
    const item = document.createElement("li");
    item.textContent = tap.who + ": " + message;
    box.querySelector("[data-taps-refused]").append(item);
  }

  async function send() {
    const list = taps().slice(0, 100);
    if (sending || !list.length) return;
    sending = true;
    clearTimeout(timer);
    let answers = null;
    try {
      const now = Date.now();
      const body = list.map(({ key, enrolment, meeting, act, at }) => ({
        key,
        enrolment,
        meeting: meeting || null,
        act,
        ago: Math.round(now - at),
      }));
      const answer = await fetch(box.dataset.tapsUrl, {
        method: "POST",
        credentials: "same-origin",
        headers: { "Content-Type": "application/json", "X-CSRFToken": token() },
        body: JSON.stringify({ taps: body }),
      });
      if (answer.ok && !answer.redirected) answers = (await answer.json()).taps;
      else if (answer.redirected || answer.status === 403) {
        box.querySelector("[data-taps-note]").textContent = box.dataset.textSignin;
      }
    } catch (error) {
      answers = null;
    }
    sending = false;
    if (answers) settle(list, answers);
    else {
      wait = Math.min(wait * 2, LONGEST_WAIT);
      later();
    }
  }

  function settle(list, answers) {
    const said = new Map(answers.map((answer) => [answer.key, answer]));
    const sent = new Set(list.map((tap) => tap.key));
    let refusals = 0;
    list.forEach((tap) => {
      const answer = said.get(tap.key);
      if (answer && !answer.refusal) return;
      refusals += 1;
      refuse(tap, answer ? answer.message : box.dataset.textUnknown);
    });
    keep(taps().filter((tap) => !sent.has(tap.key)));
    wait = FIRST_WAIT;
    show();
    if (taps().length) later();
    else if (!refusals) window.location.reload();
  }

  /* Of a row that has something to be sent already, everything is kept: the order of its presses must not change. */
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-tap]");
    if (!form || !taps().some((tap) => formOf(tap) === form)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    add(form, Date.now());
  }, true);

  document.addEventListener("htmx:beforeRequest", (event) => {
    const form = event.target.closest && event.target.closest("form[data-tap]");
    if (form) form.dataset.pressed = String(Date.now());
  });

  function failed(event) {
    const form = event.target.closest && event.target.closest("form[data-tap]");
    if (form) add(form, Number(form.dataset.pressed) || Date.now());
  }

  document.addEventListener("htmx:sendError", failed);
  document.addEventListener("htmx:timeout", failed);
  document.addEventListener("htmx:responseError", (event) => {
    if ([502, 503, 504].includes(event.detail.xhr.status)) failed(event);
  });
  box.querySelector("[data-taps-send]").addEventListener("click", send);
  window.addEventListener("online", send);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) send(); });

  if ("serviceWorker" in navigator && box.dataset.keeper) {
    // Not "ready": that may be the worker of the whole portal, which keeps other pages.
    navigator.serviceWorker.register(box.dataset.keeper).then((keeper) => {
      const worker = keeper.active || keeper.waiting || keeper.installing;
      if (worker) worker.postMessage({ keep: window.location.href, files: filesOfPage() });
    }).catch(() => { /* plain http: the page is kept only while it is open */ });
  }

  function filesOfPage() {
    const links = [...document.querySelectorAll("link[rel=stylesheet][href], script[src]")];
    return links.map((element) => element.href || element.src);
  }

  show();
  send();
})();
