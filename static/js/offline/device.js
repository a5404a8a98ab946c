/* On every page: whose device it is, the line about the network, buttons that keep a page, forms that can wait. */
(function () {
  "use strict";
  const DAY = 24 * 3600 * 1000;
  const OLD = 10 * 60 * 1000;
  const worker = navigator.serviceWorker;
  const meta = document.querySelector('meta[name="device-owner"]');
  const line = document.querySelector("[data-offline]");
  let isFromDevice = false;

  function ago(moment) {
    const minutes = Math.round((moment - Date.now()) / 60000);
    const words = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "auto" });
    if (minutes > -60) return words.format(minutes, "minute");
    return minutes > -48 * 60 ? words.format(Math.round(minutes / 60), "hour") : words.format(Math.round(minutes / 1440), "day");
  }

  function removeDrafts() {
    try {
      Object.keys(localStorage).filter((name) => name.startsWith("draft:")).forEach((name) => localStorage.removeItem(name));
    } catch (error) {
      /* nothing is kept there */
    }
  }

  async function checkOwner() {
    if (!meta) return;
    if (meta.content !== "-") {
      const before = localStorage.getItem("draft-owner");
      if (before && before !== meta.content) removeDrafts();
      localStorage.setItem("draft-owner", meta.content);
    }
    await Device.beOwnedBy(meta.content);
  }

  /* ---- the line at the foot ---- */
  async function show() {
    if (!line) return;
    const rows = (await Outbox.all().catch(() => [])).filter((row) => ["waiting", "refused"].includes(row.state));
    const owner = await Device.fact("owner").catch(() => "-");
    const mine = rows.filter((row) => row.owner === owner);
    line.querySelector("[data-offline-lost]").hidden = navigator.onLine || isFromDevice;
    line.querySelector("[data-offline-kept]").hidden = !isFromDevice;
    line.querySelector("[data-offline-waiting]").hidden = !mine.length;
    line.querySelector("[data-offline-count]").textContent = mine.length;
    line.hidden = navigator.onLine && !isFromDevice && !mine.length;
  }

  function sayAge(moment) {
    isFromDevice = true;
    const age = line && line.querySelector("[data-offline-age]");
    if (age) {
      age.textContent = ago(moment);
      age.title = new Date(moment).toLocaleString(document.documentElement.lang);
    }
    show();
  }

  /* ---- a page is kept by a press ---- */
  async function showPin(button) {
    const row = await Device.db.get("kept", button.dataset.pin);
    const isPinned = Boolean(row && row.pinned);
    button.hidden = false;
    button.setAttribute("aria-pressed", String(isPinned));
    button.querySelector("span").textContent = isPinned ? button.dataset.textKept : button.dataset.textKeep;
  }

  async function pin(button) {
    const isPinned = button.getAttribute("aria-pressed") === "true";
    button.disabled = true;
    const row = await Device.keep(button.dataset.pin, null, { pinned: !isPinned }).catch(() => null);
    button.disabled = false;
    await showPin(button);
    if (!row) button.querySelector("span").textContent = button.dataset.textFailed;
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
    if (isFromDevice || !navigator.onLine) return false;
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
    if (!meta || !worker || !window.isSecureContext || isFromDevice || !navigator.onLine) return;
    if (Date.now() - ((await Device.fact("asked")) || 0) < DAY) return;
    const holder = await Outbox.ask();
    if (!holder || holder.owner !== meta.content) return;
    await Device.setFact("asked", Date.now());
    await Device.setFact("phones", holder.phones);
    await worker.ready;
    for (const address of holder.also) await Device.keep(address);
  }

  function listen() {
    document.querySelectorAll("form[data-outbox]").forEach(canWait);
    if (worker) document.querySelectorAll("[data-pin]").forEach((button) => showPin(button));
    document.addEventListener("click", (event) => {
      const button = event.target.closest("[data-pin]");
      if (button) pin(button);
    });
    document.addEventListener("submit", (event) => {
      if (!event.target.action || !event.target.action.endsWith("/logout/")) return;
      event.preventDefault();
      signOut(event.target);
    });
    document.addEventListener("outbox", show);
    window.addEventListener("online", () => { show(); Outbox.flush(); });
    window.addEventListener("offline", show);
    setInterval(() => Outbox.flush(), 30000);
  }

  async function start() {
    if (worker && window.isSecureContext) {
      worker.addEventListener("message", (event) => { if (event.data.fromDevice) sayAge(event.data.fromDevice); });
      if (worker.controller) worker.controller.postMessage("from-device?");
      worker.register("/sw.js").catch(() => null);
    }
    const made = line && Date.parse(line.dataset.made);
    if (made && Date.now() - made > OLD) sayAge(made);
    await checkOwner();
    await show();
    await Outbox.flush();
    await askDaily();
  }

  window.Ago = ago;
  listen();
  show().catch(() => null);
  window.addEventListener("load", () => setTimeout(() => start().catch(() => null), 0));
})();
