/* What the device keeps: pages with their pictures (kept), what waits to be sent (outbox), whose they are (facts).
   Loaded by pages and by the service worker; nothing here knows a page's layout. */
(function (scope) {
  "use strict";
  const CACHE = "kept-1";
  const DAY = 24 * 3600 * 1000;
  const MOST = 40; /* pages that were only opened; pinned ones are not counted */
  const PICTURES = 16; /* of a page that was only opened */

  let opening;
  function open() {
    opening = opening || new Promise((done, failed) => {
      const request = indexedDB.open("device", 1);
      request.onupgradeneeded = () => {
        request.result.createObjectStore("kept", { keyPath: "url" });
        request.result.createObjectStore("outbox", { keyPath: "key" });
        request.result.createObjectStore("facts", { keyPath: "name" });
      };
      request.onsuccess = () => done(request.result);
      request.onerror = () => failed(request.error);
    });
    return opening;
  }

  async function act(store, mode, work) {
    const transaction = (await open()).transaction(store, mode);
    const request = work(transaction.objectStore(store));
    return new Promise((done, failed) => {
      transaction.oncomplete = () => done(request.result);
      transaction.onabort = transaction.onerror = () => failed(transaction.error);
    });
  }

  const db = {
    all: (store) => act(store, "readonly", (rows) => rows.getAll()),
    get: (store, key) => act(store, "readonly", (rows) => rows.get(key)),
    put: (store, row) => act(store, "readwrite", (rows) => rows.put(row)),
    drop: (store, key) => act(store, "readwrite", (rows) => rows.delete(key)),
    clear: (store) => act(store, "readwrite", (rows) => rows.clear()),
  };

  async function fact(name) {
    const row = await db.get("facts", name);
    return row && row.value;
  }

  const setFact = (name, value) => db.put("facts", { name: name, value: value });

  /* Forget every page. What waits to be sent goes only on a sign-out; otherwise it waits, unseen, for its writer. */
  async function wipe(everything) {
    await caches.delete(CACHE);
    await db.clear("kept");
    await db.clear("facts");
    if (everything) await db.clear("outbox");
  }

  async function beOwnedBy(owner) {
    const before = await fact("owner");
    if (before === owner) return;
    if (before !== undefined) await wipe(false);
    if (owner !== "-") {
      const others = (await db.all("outbox")).filter((row) => row.owner !== owner && row.owner !== "-");
      for (const row of others) await db.drop("outbox", row.key);
    }
    await setFact("owner", owner);
  }

  function addressesIn(html, pattern) {
    const found = [...html.matchAll(pattern)].map((match) => match[1].replaceAll("&amp;", "&").replace(/#.*/, ""));
    return [...new Set(found)];
  }

  const staticsIn = (html) => addressesIn(html, /(?:href|src)="(\/static\/[^"]+)"/g);
  const picturesIn = (html) => addressesIn(html, /<img[^>]+?src="(\/(?!static\/)[^"]+)"/g);

  async function keepPictures(addresses) {
    const cache = await caches.open(CACHE);
    let size = 0;
    for (const address of addresses) {
      try {
        const answer = await fetch(address, { credentials: "same-origin" });
        if (!answer.ok) continue;
        size += (await answer.clone().arrayBuffer()).byteLength;
        await cache.put(address, answer);
      } catch (error) {
        /* the page is worth keeping without it */
      }
    }
    return size;
  }

  /* Keep a page that says it may be kept. `answer` is what was just received for `url`; without it the page is asked
     for. Returns what is known of it, or null when it may not be kept. */
  async function keep(url, answer, options) {
    const wanted = options || {};
    const got = answer || (await fetch(url, { credentials: "same-origin" }));
    const address = got.headers.get("X-Offline-Keep");
    if (got.status !== 200 || got.redirected || !address) return null;
    if (address !== url) return wanted.isSecond ? null : keep(address, null, { ...wanted, isSecond: true });
    await beOwnedBy(got.headers.get("X-Offline-Owner"));
    const before = (await db.get("kept", url)) || {};
    const html = await got.clone().text();
    const row = {
      url: url,
      title: decodeURIComponent(got.headers.get("X-Offline-Title") || url),
      kind: got.headers.get("X-Offline-Kind"),
      covers: got.headers.get("X-Offline-Covers") || "",
      at: Date.now(),
      opened: wanted.isRefresh ? before.opened : Date.now(),
      pinned: wanted.pinned === undefined ? Boolean(before.pinned) : wanted.pinned,
      pictures: picturesIn(html),
    };
    await (await caches.open(CACHE)).put(url, got);
    await db.put("kept", { ...row, size: before.size || html.length });
    const shown = row.pinned ? row.pictures : row.pictures.slice(0, PICTURES);
    row.size = new Blob([html]).size + (await keepPictures(shown));
    await db.put("kept", row);
    await prune();
    return row;
  }

  async function find(url) {
    const asked = new URL(url, scope.location.href);
    const rows = await db.all("kept");
    const row =
      rows.find((one) => one.url === asked.pathname + asked.search) ||
      rows.find((one) => one.url.split("?")[0] === asked.pathname);
    if (row) return { row: row, answer: await caches.match(row.url, { ignoreVary: true, cacheName: CACHE }) };
    const over = rows.find((one) => one.covers && asked.pathname.startsWith(one.covers));
    if (!over) return null;
    return { elsewhere: over.url + "#" + asked.pathname.slice(over.covers.length) + asked.search };
  }

  async function drop(url) {
    const cache = await caches.open(CACHE);
    const row = await db.get("kept", url);
    if (!row) return;
    await db.drop("kept", url);
    await cache.delete(url);
    const used = new Set((await db.all("kept")).flatMap((one) => one.pictures));
    for (const picture of row.pictures) if (!used.has(picture)) await cache.delete(picture);
  }

  async function prune() {
    const rows = (await db.all("kept")).sort((a, b) => b.opened - a.opened);
    const opened = rows.filter((row) => !row.pinned && row.kind !== "form");
    const old = rows.filter((row) => Date.now() - row.at > (row.pinned ? 90 : 30) * DAY);
    for (const row of new Set([...opened.slice(MOST), ...old])) await drop(row.url);
  }

  /* A request is given up after so long; older web views wait as long as they like. */
  const within = (milliseconds) => (AbortSignal.timeout ? AbortSignal.timeout(milliseconds) : undefined);

  scope.Device = {
    CACHE, db, fact, setFact, wipe, beOwnedBy, staticsIn, keep, find, drop, within,
  };
})(self);
