// @ts-check
// Keeps each ticket that was opened, with what it needs, so that it opens without network too.
// Its scope is /V/: it knows nothing of any other page.

const KEPT = "vouchers-1";
const PATIENCE_MS = 4000;
const worker = /** @type {any} */ (self);

worker.addEventListener("install", () => worker.skipWaiting());
worker.addEventListener("activate", (/** @type {any} */ event) => event.waitUntil(worker.clients.claim()));

worker.addEventListener("fetch", (/** @type {any} */ event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate" && /^\/V\/[^/]+$/.test(pathname)) event.respondWith(ticket(event, pathname));
  else if (pathname.startsWith("/static/")) event.respondWith(part(request));
});

/** The ticket as it is now; as it was kept, where no answer comes in time. */
async function ticket(/** @type {any} */ event, /** @type {string} */ path) {
  const cache = await caches.open(KEPT);
  const asked = fetch(event.request).then(async (answer) => {
    if (answer.ok) await cache.put(path, answer.clone());
    if (answer.status === 404) await cache.delete(path);
    return answer;
  });
  event.waitUntil(asked.catch(() => undefined));
  const kept = await cache.match(path);
  if (!kept) return asked;
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
  const answer = await Promise.race([asked.catch(() => undefined), late]);
  return answer instanceof Response && answer.status < 500 ? answer : old(kept);
}

/** A kept ticket says so, and its clock is the phone's own. */
async function old(/** @type {Response} */ kept) {
  const text = (await kept.text()).replace(' data-now="', ' data-saved="');
  return new Response(text, { headers: kept.headers });
}

/** Style, script and signs have their content in their names: what was kept is right for ever. */
async function part(/** @type {Request} */ request) {
  const kept = await caches.match(request, { cacheName: KEPT });
  return kept ?? fetch(request);
}
