// @ts-check
// The scanner's service worker: the page and all it needs, without network. It is served as
// /staff/sw.js, where a line of the server's sets `version` and imports this file, so that it sees
// the scanner's pages and no others. The asset step writes the list.

const worker = /** @type {any} */ (self);
/** This file's own address, which changes with every file of the list. @type {string} */
const version = worker.version;
const ASSETS = [/* assets */].map((name) => new URL(name, `${location.origin}/static/`).href);
const PAGE = "/staff/";
const PREFIX = "scanner:";
const PAGE_WITHIN_MS = 1000; // a page that takes longer is opened from here

worker.addEventListener("install", (/** @type {any} */ event) => event.waitUntil(install()));
worker.addEventListener("activate", (/** @type {any} */ event) => event.waitUntil(activate()));
worker.addEventListener("message", (/** @type {MessageEvent} */ event) => {
  if (event.data === "take over") worker.skipWaiting();
});
worker.addEventListener("fetch", (/** @type {any} */ event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (pathname.startsWith("/static/")) event.respondWith(assetFor(request));
  else if (isPage(request, pathname)) event.respondWith(pageFor(request, event));
});

/** @param {Request} request @param {string} pathname */
const isPage = (request, pathname) =>
  (pathname === "/staff" || pathname === PAGE)
  && (request.mode === "navigate" || (request.headers.get("accept") ?? "").startsWith("text/html"));

/** Fetch everything of this version; a page of another one means that it is not there yet. */
async function install() {
  const cache = await caches.open(PREFIX + version);
  await cache.addAll(ASSETS);
  const answer = await fetch(PAGE, { headers: { accept: "text/html" }, credentials: "same-origin" });
  if (!(await kept(answer))) throw new Error("the page is of another version");
}

/** Forget other versions, and serve the pages that are open already. */
async function activate() {
  const names = await caches.keys();
  const others = names.filter((name) => name.startsWith(PREFIX) && name !== PREFIX + version);
  await Promise.all(others.map((name) => caches.delete(name)));
  await worker.clients.claim();
}

/** Names of assets carry their hash: what was fetched once is right for ever. @param {Request} request */
async function assetFor(request) {
  return (await caches.match(request, { ignoreVary: true })) ?? fetch(request);
}

/**
 * Answer with the server's page where it comes in time, else with the last one, which is in the
 * language last used. What comes late is kept for the next time.
 * @param {Request} request @param {any} event
 */
async function pageFor(request, event) {
  const fresh = fetch(request).then(async (answer) => {
    await kept(answer.clone());
    return answer;
  });
  event.waitUntil(fresh.catch(() => {}));
  const late = new Promise((resolve) => setTimeout(resolve, PAGE_WITHIN_MS));
  const soon = await Promise.race([fresh.catch(() => undefined), late]);
  if (soon?.ok) return soon;
  const cache = await caches.open(PREFIX + version);
  return (await cache.match(PAGE)) ?? fresh;
}

/**
 * Keep a page beside the assets that it names: those of this version, or of one that waits.
 * @param {Response} answer @returns {Promise<boolean>} whether it is of this version
 */
async function kept(answer) {
  if (!answer.ok) return false;
  const { status, headers } = answer; // without its redirect, which a navigation may not be given
  const text = await answer.text();
  const of = /data-version="([^"]+)"/.exec(text)?.[1] ?? "";
  if (of !== version && !(await caches.has(PREFIX + of))) return false;
  const cache = await caches.open(PREFIX + of);
  await cache.put(PAGE, new Response(text, { status, headers }));
  return of === version;
}
