/* Service worker of the attendance page: the page that was open last is shown again when the network is gone.
   It answers for that page and its style sheets and scripts only, and only where the network does not. */
"use strict";
const KEPT = "attendance";
const HOURS = 12;

async function keepPage(address, files) {
  // What is kept goes only when its successor is there: the network may go in between.
  const page = await fetch(address, { credentials: "same-origin" });
  if (!page.ok || page.redirected) return;
  const kept = await caches.open(KEPT);
  await kept.put(address, page);
  const wanted = new Set([address, ...files].map((each) => new URL(each, self.location).href));
  const old = (await kept.keys()).filter((request) => !wanted.has(request.url));
  await Promise.all(old.map((request) => kept.delete(request)));
  await Promise.all(files.map((file) => kept.add(file).catch(() => undefined)));
}

async function fromKept(request, error) {
  const kept = await caches.match(request, { cacheName: KEPT, ignoreVary: true });
  if (!kept) throw error;
  const age = Date.now() - Date.parse(kept.headers.get("Date") || "");
  if (age > HOURS * 3600000) {
    await caches.delete(KEPT);
    throw error;
  }
  return kept;
}

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("message", (event) => {
  if (event.data && event.data.keep) event.waitUntil(keepPage(event.data.keep, event.data.files || []));
});
self.addEventListener("fetch", (event) => {
  const request = event.request;
  if (request.method !== "GET") return;
  const path = new URL(request.url).pathname;
  if (!/\/attendance\/$/.test(path) && !/\.(css|js)$/.test(path)) return;
  event.respondWith(fetch(request).catch((error) => fromKept(request, error)));
});
