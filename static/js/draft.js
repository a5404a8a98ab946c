/* A form that is kept on the server while it is filled in: form[data-draft-url]. Each change is sent a moment after it
   was made, one after the other, and once more when the page is left. Without this file a button keeps the form. */
(function () {
  "use strict";
  const form = document.querySelector("form[data-draft-url]");
  if (!form) return;
  const line = form.querySelector("[data-draft-state]");
  let timer = 0;
  let changed = false;
  let sending = false;
  let over = false;

  function content() {
    const data = new FormData(form);
    data.set("step", "keep");
    return data;
  }

  function say(text) {
    if (line) line.textContent = text;
  }

  /* Until the server has said that it is kept the form waits in the outbox, so that leaving or closing loses nothing. */
  async function keepOnDevice(isNeeded) {
    if (!window.Outbox) return false;
    const url = form.dataset.draftUrl;
    const fields = [...content()].filter(([name]) => name !== "csrfmiddlewaretoken");
    try {
      if (isNeeded) await Outbox.add({ key: url, kind: "draft", title: document.querySelector("h1").textContent.trim(), url: url, fields: fields });
      else await Outbox.drop(url);
      return isNeeded;
    } catch (error) {
      return false; /* private windows keep nothing */
    }
  }

  async function send() {
    if (sending || over || !changed) return;
    sending = true;
    changed = false;
    let kept = false;
    try {
      const answer = await fetch(form.dataset.draftUrl, {
        method: "POST",
        credentials: "same-origin",
        headers: { "X-Requested-With": "XMLHttpRequest" },
        body: content(),
      });
      kept = answer.status === 204;
    } catch (error) {
      /* no network: not kept */
    }
    sending = false;
    const isOnDevice = await keepOnDevice(!kept || changed);
    if (kept) say(form.dataset.textKept);
    else {
      changed = true;
      say(isOnDevice ? form.dataset.textOnDevice : form.dataset.textNotKept);
    }
    if (changed) wait(kept ? 500 : 5000);
  }

  function wait(milliseconds) {
    clearTimeout(timer);
    timer = setTimeout(send, milliseconds);
  }

  function note() {
    changed = true;
    wait(500);
  }

  form.addEventListener("change", note);
  form.addEventListener("input", note);
  form.addEventListener("submit", () => { over = true; });
  window.addEventListener("online", () => wait(0));
  window.addEventListener("pagehide", () => {
    if (over || !(changed || sending)) return;
    /* Nobody hears whether the beacon arrived: what lies on the device goes once more, and is known there. */
    keepOnDevice(true);
    if (navigator.sendBeacon) navigator.sendBeacon(form.dataset.draftUrl, content());
  });
  window.addEventListener("pageshow", (event) => { if (event.persisted) window.location.reload(); });
})();

/* A long form whose draft stays on the device: form[data-draft="<person>:<form>"]. What was typed is offered again when
   the form is opened later by the same person; drafts of others and old ones are removed. */
(function () {
  "use strict";
  const form = document.querySelector("form[data-draft]");
  if (!form) return;
  const prefix = "draft:";
  const key = prefix + form.dataset.draft;
  const owner = prefix + form.dataset.draft.split(":")[0] + ":";
  const week = 7 * 24 * 3600 * 1000;
  const afterSending = 10 * 60 * 1000;
  const notice = document.querySelector("[data-draft-notice]");
  /* The server has sent the form back with what was typed: that is newer. */
  const isShownAgain = Boolean(document.querySelector(".error-summary, .stale"));
  let timer = 0;

  function read(name) {
    try {
      return JSON.parse(localStorage.getItem(name) || "null");
    } catch (error) {
      return null;
    }
  }

  function write(draft) {
    try {
      localStorage.setItem(key, JSON.stringify(draft));
    } catch (error) {
      /* private windows keep nothing */
    }
  }

  function drop(name) {
    try {
      localStorage.removeItem(name);
    } catch (error) {
      /* nothing is kept there either */
    }
  }

  function tidy() {
    let names = [];
    try {
      names = Object.keys(localStorage).filter((name) => name.startsWith(prefix));
    } catch (error) {
      return;
    }
    names.forEach((name) => {
      const draft = read(name);
      const age = Date.now() - ((draft && draft.at) || 0);
      if (!name.startsWith(owner) || age > (draft && draft.sent ? afterSending : week)) drop(name);
    });
  }

  function fields() {
    const never = ["hidden", "password", "file", "submit", "button"];
    return [...form.elements].filter((field) => field.name && !never.includes(field.type) && field.type !== undefined);
  }

  function isTicked(field) {
    return field.type === "checkbox" || field.type === "radio";
  }

  function valueOf(field) {
    if (isTicked(field)) return field.checked;
    if (field.multiple) return [...field.selectedOptions].map((option) => option.value);
    return field.value;
  }

  function nameOf(field) {
    return isTicked(field) ? field.name + "=" + field.value : field.name;
  }

  function keep() {
    const values = {};
    fields().forEach((field) => { values[nameOf(field)] = valueOf(field); });
    write({ at: Date.now(), values: values });
  }

  function restore(values) {
    fields().forEach((field) => {
      const value = values[nameOf(field)];
      if (value === undefined) return;
      if (isTicked(field)) field.checked = value;
      else if (field.multiple) [...field.options].forEach((option) => { option.selected = value.includes(option.value); });
      else field.value = value;
    });
    form.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function offer() {
    const draft = read(key);
    if (!draft || !notice || isShownAgain) return;
    notice.querySelector("[data-draft-moment]").textContent = new Date(draft.at).toLocaleString(document.documentElement.lang);
    notice.querySelector("[data-draft-restore]").addEventListener("click", () => {
      restore(draft.values);
      notice.hidden = true;
    });
    notice.querySelector("[data-draft-discard]").addEventListener("click", () => {
      drop(key);
      notice.hidden = true;
    });
    notice.hidden = false;
  }

  function note() {
    clearTimeout(timer);
    timer = setTimeout(keep, 300);
  }

  tidy();
  offer();
  form.addEventListener("input", note);
  form.addEventListener("change", note);
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    keep();
    write(Object.assign(read(key) || {}, { sent: true }));
  });
})();
