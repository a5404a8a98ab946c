/* On every page: whose device it is, the line about the network, buttons that keep a page. What waits to be sent is
   looked after by waiting.js, where somebody is signed in. */
(function () {
  "use strict";
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

  /* ---- the line at the foot ---- */
  async function show() {
    if (!line) return;
    const all = window.Outbox ? await Outbox.all().catch(() => []) : [];
    const rows = all.filter((row) => ["waiting", "refused"].includes(row.state));
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

  function listen() {
    if (worker) document.querySelectorAll("[data-pin]").forEach((button) => showPin(button));
    document.addEventListener("click", (event) => {
      const button = event.target.closest("[data-pin]");
      if (button) pin(button);
    });
    document.addEventListener("outbox", show);
    window.addEventListener("online", show);
    window.addEventListener("offline", show);
  }

  async function start() {
    if (worker && window.isSecureContext) {
      worker.addEventListener("message", (event) => { if (event.data.fromDevice) sayAge(event.data.fromDevice); });
      if (worker.controller) worker.controller.postMessage("from-device?");
      worker.register("/sw.js").catch(() => null);
    }
    const made = line && Date.parse(line.dataset.made);
    if (made && Date.now() - made > OLD) sayAge(made);
    if (meta) await Device.beOwnedBy(meta.content);
    await show();
    document.dispatchEvent(new CustomEvent("device"));
  }

  window.Ago = ago;
  window.isFromDevice = () => isFromDevice;
  listen();
  show().catch(() => null);
  window.addEventListener("load", () => setTimeout(() => start().catch(() => null), 0));
})();
