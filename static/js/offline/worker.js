/* The service worker. The network comes first; what the device keeps answers when it fails or is too slow.
   PORTAL (version, store, page) is written before this by portal.offline.worker. */
"use strict";
importScripts(PORTAL.store);

const SHELL = "shell-" + PORTAL.version;
const SLOW = 4000;
const NEVER = /^\/(cms|api|media|documents)\//;
const fromDevice = new Map();

async function keepStatics(html) {
  const shell = await caches.open(SHELL);
  for (const address of Device.staticsIn(html)) {
    if (await shell.match(address)) continue;
    const answer = await fetch(address).catch(() => null);
    if (answer && answer.ok) await shell.put(address, answer);
  }
}

async function keepShell() {
  const answer = await fetch(PORTAL.page, { cache: "reload" });
  if (!answer.ok) throw new Error("no offline page");
  await (await caches.open(SHELL)).put(PORTAL.page, answer.clone());
  await keepStatics(await answer.text());
}

/* A new version: every kept page is asked for again, so that it fits the new styles; only then the old ones go. */
async function renew() {
  const rows = await Device.db.all("kept");
  let isWhole = true;
  for (const row of rows) {
    try {
      const answer = await fetch(row.url, { credentials: "same-origin" });
      if (answer.status >= 500) throw new Error("later");
      const copy = answer.clone();
      if (await Device.keep(row.url, answer, { isRefresh: true })) await keepStatics(await copy.text());
      else await Device.drop(row.url);
    } catch (error) {
      isWhole = false;
    }
  }
  const names = (await caches.keys()).filter((name) => name !== SHELL && name !== Device.CACHE);
  if (isWhole) await Promise.all(names.map((name) => caches.delete(name)));
}

addEventListener("install", (event) => event.waitUntil(keepShell().then(() => skipWaiting())));
addEventListener("activate", (event) => {
  event.waitUntil(clients.claim());
  /* not awaited: the first page after an update does not wait for forty others */
  renew();
});

function late(milliseconds) {
  return new Promise((done) => setTimeout(() => done(null), milliseconds));
}

async function note(url, answer) {
  const path = url.pathname + url.search;
  if (answer.status === 200 && answer.headers.get("X-Offline-Keep")) {
    const copy = answer.clone();
    const row = await Device.keep(path, answer, {});
    if (row && row.url === path) await keepStatics(await copy.text());
    else if (row) await keepStatics(await (await caches.match(row.url, { ignoreVary: true })).text());
  } else if ([403, 404, 410].includes(answer.status)) {
    await Device.drop(path);
  }
}

async function offlinePage() {
  const kept = await caches.match(PORTAL.page, { ignoreVary: true });
  return kept || Response.error();
}

async function page(event, url) {
  const kept = await Device.find(url.href).catch(() => null);
  const network = fetch(event.request).catch(() => null);
  const answer = await (kept ? Promise.race([network, late(navigator.onLine ? SLOW : 0)]) : network);
  if (answer && !(kept && answer.status >= 502)) {
    event.waitUntil(note(url, answer.clone()).catch(() => null));
    return answer;
  }
  if (kept && kept.elsewhere) return Response.redirect(kept.elsewhere, 302);
  if (kept && kept.answer) {
    fromDevice.set(event.resultingClientId, kept.row.at);
    return kept.answer;
  }
  return offlinePage();
}

async function sent(event, url) {
  const answer = await fetch(event.request).catch(() => null);
  if (answer) {
    if (url.pathname.endsWith("/logout/")) await Device.wipe(true);
    return answer;
  }
  const kept = await Device.find(url.href).catch(() => null);
  return kept && kept.elsewhere ? Response.redirect(kept.elsewhere, 303) : offlinePage();
}

async function fixed(request) {
  const kept = await caches.match(request.url, { ignoreVary: true });
  const isNamedByContent = /\.[0-9a-f]{12}\./.test(request.url);
  if (kept && isNamedByContent) return kept;
  const answer = await fetch(request).catch(() => null);
  return answer || kept || Response.error();
}

async function picture(request, url) {
  const answer = await fetch(request).catch(() => null);
  if (answer) return answer;
  const path = url.pathname + url.search;
  const phone = path.replace(/\/\d+\/(?=$|\?)/, "/480/");
  const match = { ignoreVary: true, cacheName: Device.CACHE };
  return (await caches.match(path, match)) || (await caches.match(phone, match)) || Response.error();
}

addEventListener("fetch", (event) => {
  const request = event.request;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  const isMine = !NEVER.test(url.pathname) || url.pathname.endsWith("/logout/");
  if (request.method === "POST" && request.mode === "navigate" && isMine) event.respondWith(sent(event, url));
  if (request.method !== "GET") return;
  if (url.pathname.startsWith("/static/")) event.respondWith(fixed(request));
  else if (request.destination === "image") event.respondWith(picture(request, url));
  else if (request.mode === "navigate" && isMine) event.respondWith(page(event, url));
});

addEventListener("message", (event) => {
  if (event.data === "from-device?" && fromDevice.has(event.source.id)) {
    event.source.postMessage({ fromDevice: fromDevice.get(event.source.id) });
  }
});
