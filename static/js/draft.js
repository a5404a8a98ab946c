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
      kept = false;
    }
    sending = false;
    if (kept) say(form.dataset.textKept);
    else {
      changed = true;
      say(form.dataset.textNotKept);
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
    if (changed && !over && navigator.sendBeacon) navigator.sendBeacon(form.dataset.draftUrl, content());
  });
  window.addEventListener("pageshow", (event) => { if (event.persisted) window.location.reload(); });
})();
