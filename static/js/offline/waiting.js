/* Where somebody is signed in: forms that wait without a network, what is sent once there is one, the daily question
   what to keep, and a sign-out that forgets. Needs store.js and outbox.js; device.js says when the device is known. */
(function () {
  "use strict";
  const DAY = 24 * 3600 * 1000;
  const worker = navigator.serviceWorker;
  const meta = document.querySelector('meta[name="device-owner"]');
  const line = document.querySelector("[data-offline]");

  function removeDrafts() {
    try {
      Object.keys(localStorage).filter((name) => name.startsWith("draft:")).forEach((name) => localStorage.removeItem(name));
    } catch (error) {
      /* nothing is kept there */
    }
  }

  function checkDrafts() {
    if (!meta || meta.content === "-") return;
    const before = localStorage.getItem("draft-owner");
    if (before && before !== meta.content) removeDrafts();
    localStorage.setItem("draft-owner", meta.content);
  }

  /* ---- sign-out forgets everything ---- */
  async function signOut(form) {
    const owner = await Device.fact("owner").catch(() => "-");
    const rows = (await Outbox.all().catch(() => [])).filter((row) => row.owner === owner && row.state !== "sent");
    if (rows.length && !window.confirm(line.dataset.textUnsent)) return;
    removeDrafts();
    await Device.wipe(true).catch(() => null);
    form.submit();
  }

  /* ---- a form that can wait: form[data-outbox="case"][data-outbox-key="token"] ---- */
  async function reaches() {
    if (window.isFromDevice() || !navigator.onLine) return false;
    const answer = await fetch("/healthz", { cache: "no-store", signal: Device.within(4000) }).catch(() => null);
    return Boolean(answer && answer.ok);
  }

  function canWait(form) {
    const field = form.elements[form.dataset.outboxKey];
    let isGoing = false;
    field.value = Outbox.key();
    new URLSearchParams(window.location.search).forEach((value, name) => {
      const told = form.elements[name];
      if (told && told.type === "text" && !told.value) told.value = value;
    });
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (isGoing) return;
      isGoing = true;
      if (await reaches().catch(() => true)) return form.submit();
      const fields = [...new FormData(form)].filter(([name, value]) => name !== "csrfmiddlewaretoken" && !(value instanceof File && !value.size));
      const title = form.elements[form.dataset.outboxTitle].value;
      const url = window.location.pathname + window.location.search;
      try {
        await Outbox.add({ key: field.value, kind: form.dataset.outbox, title: title, url: url, fields: fields });
      } catch (error) {
        return form.submit();
      }
      await Outbox.flush();
      window.location.assign("/offline/#waiting");
    });
  }

  async function askDaily() {
    if (!meta || !worker || !window.isSecureContext || window.isFromDevice() || !navigator.onLine) return;
    if (Date.now() - ((await Device.fact("asked")) || 0) < DAY) return;
    const holder = await Outbox.ask();
    if (!holder || holder.owner !== meta.content) return;
    await Device.setFact("asked", Date.now());
    await Device.setFact("phones", holder.phones);
    await worker.ready;
    for (const address of holder.also) await Device.keep(address);
  }

  document.querySelectorAll("form[data-outbox]").forEach(canWait);
  document.addEventListener("submit", (event) => {
    if (!event.target.action || !event.target.action.endsWith("/logout/")) return;
    event.preventDefault();
    signOut(event.target);
  });
  window.addEventListener("online", () => Outbox.flush());
  setInterval(() => Outbox.flush(), 30000);
  document.addEventListener("device", () => {
    Outbox.flush().then(askDaily).catch(() => null);
    checkDrafts();
  });
})();
