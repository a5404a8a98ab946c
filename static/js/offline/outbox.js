/* What was written without a network waits here and is delivered once. Every entry has a key of its own, unique in the
   server's database: a second try, or a second tab, finds the first one's record. */
(function () {
  "use strict";
  const LEFT = 30 * 60 * 1000; /* a diagnosis nobody goes on with is sent as it stands */
  const db = Device.db;

  function key() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  }

  async function add(entry) {
    const owner = (await Device.fact("owner")) || "-";
    await db.put("outbox", { state: "waiting", reasons: [], owner: owner, ...entry, at: Date.now() });
    tell();
  }

  async function drop(name) {
    await db.drop("outbox", name);
    tell();
  }

  function tell() {
    document.dispatchEvent(new CustomEvent("outbox"));
  }

  async function ask() {
    try {
      const answer = await fetch("/offline/token/", { cache: "no-store", signal: Device.within(8000) });
      return answer.ok ? await answer.json() : null;
    } catch (error) {
      return null;
    }
  }

  function isReady(row) {
    return row.state === "waiting" || (row.state === "writing" && Date.now() - row.at > LEFT);
  }

  async function deliver(row, csrf) {
    const body = new FormData();
    row.fields.forEach(([name, value]) => body.append(name, value));
    body.set("csrfmiddlewaretoken", csrf);
    body.set("written_at", new Date(row.at).toISOString());
    const headers = { "X-Outbox": "1", "X-Requested-With": "XMLHttpRequest" };
    const answer = await fetch(row.url, { method: "POST", body: body, headers: headers, redirect: "manual" });
    const isJson = (answer.headers.get("Content-Type") || "").startsWith("application/json");
    const said = isJson ? await answer.json() : null;
    const now = await db.get("outbox", row.key);
    if (!now || now.at !== row.at) return null;
    if (answer.status === 204) await db.drop("outbox", row.key);
    else if (answer.status === 200 && said) {
      await db.put("outbox", { ...row, state: "sent", fields: [], result: said });
    } else if (answer.status >= 400 && answer.status < 500 && answer.status !== 429 && (said || answer.status !== 403)) {
      await db.put("outbox", { ...row, state: "refused", reasons: (said && said.reasons) || [String(answer.status)] });
    }
    tell();
    return said;
  }

  async function send() {
    const rows = (await db.all("outbox")).filter(isReady).sort((a, b) => a.at - b.at);
    const holder = rows.length ? await ask() : null;
    if (!holder) return;
    for (const row of rows.filter((one) => one.owner === holder.owner)) await deliver(row, holder.csrf);
  }

  /* One tab at a time; where the browser knows no locks, the keys see to it. */
  async function flush() {
    try {
      if (navigator.locks) await navigator.locks.request("outbox", { ifAvailable: true }, (lock) => lock && send());
      else await send();
    } catch (error) {
      /* no network yet */
    }
  }

  window.Outbox = { add, drop, flush, ask, key, all: () => db.all("outbox") };
})();
