// @ts-check
// The scanner's service worker: its pages and all they need, without network, in each language. It
// is served as /staff/sw.js, where the server sets `version` and `languages` and imports this file,
// so that it sees the scanner's pages and no others. The asset step writes the list.

const worker = /** @type {any} */ (self);
/** This file's own address, which changes with every file of the list. @type {string} */
const version = worker.version;
/** @type {string[]} */
const languages = worker.languages;
const ASSETS = [/* assets */].map((name) => new URL(name, `${location.origin}/static/`).href);
const PAGES = ["/staff/", "/staff/cases", "/staff/help", "/staff/self-test"];
const LAST = "/staff/language"; // under which the language last used is kept
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
  const page = PAGES.find((path) => path === pathname || path === `${pathname}/`);
  if (pathname.startsWith("/static/")) event.respondWith(assetFor(request));
  else if (page && isOpened(request)) event.respondWith(pageFor(page, event));
});

/** @param {Request} request */
const isOpened = (request) =>
  request.mode === "navigate" || (request.headers.get("accept") ?? "").startsWith("text/html");

/** Fetch everything of this version; a page of another one means that it is not there yet. */
async function install() {
  const cache = await caches.open(PREFIX + version);
  await cache.addAll(ASSETS);
  const own = await kept(PAGES[0], await asked(PAGES[0]));
  const others = PAGES.flatMap((page) => languages.map(async (language) =>
    kept(page, await asked(`${page}?lang=${language}`))));
  const all = [own, ...(await Promise.all(others))];
  if (all.some((of) => of?.version !== version)) throw new Error("a page is of another version");
  await use(own?.language ?? languages[0]);
}

/** @param {string} address */
const asked = (address) =>
  fetch(address, { headers: { accept: "text/html" }, credentials: "same-origin" });

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
 * Answer with the server's page where it comes in time, else with the last one, in the language
 * that its address names or that was last used.
 * @param {string} page @param {any} event
 */
async function pageFor(page, event) {
  const { request } = event;
  const fresh = fetch(request).then(async (answer) => {
    const of = await kept(page, answer.clone());
    if (of) await use(of.language);
    return answer;
  });
  event.waitUntil(fresh.catch(() => {}));
  const late = new Promise((resolve) => setTimeout(resolve, PAGE_WITHIN_MS));
  const soon = await Promise.race([fresh.catch(() => undefined), late]);
  if (soon?.ok) return soon;
  return (await stored(page, new URL(request.url).searchParams.get("lang"))) ?? fresh;
}

/** @param {string} page @param {string | null} wanted a language @returns {Promise<Response | undefined>} */
async function stored(page, wanted) {
  const cache = await caches.open(PREFIX + version);
  if (wanted && languages.includes(wanted)) await use(wanted);
  const language = await (await cache.match(LAST))?.text();
  return cache.match(`${page}?lang=${language}`);
}

/** Remember the language last used. @param {string} language */
async function use(language) {
  const cache = await caches.open(PREFIX + version);
  await cache.put(LAST, new Response(language));
}

/**
 * Keep a page beside the assets that it names: those of this version, or of one that waits.
 * @param {string} page @param {Response} answer
 * @returns {Promise<{version: string, language: string} | null>} of what it is; null where it is none
 */
async function kept(page, answer) {
  if (!answer.ok) return null;
  const { status, headers } = answer; // without its redirect, which a navigation may not be given
  const text = await answer.text();
  const of = /data-version="([^"]+)"/.exec(text)?.[1] ?? "";
  const language = /<html lang="([^"]+)"/.exec(text)?.[1] ?? "";
  if (of !== version && !(await caches.has(PREFIX + of))) return null;
  const cache = await caches.open(PREFIX + of);
  await cache.put(`${page}?lang=${language}`, new Response(text, { status, headers }));
  return { version: of, language };
}
