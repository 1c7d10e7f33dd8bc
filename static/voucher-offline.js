// @ts-check
// The ticket is kept on this phone after its first opening: page, style, script, signs.

const KEPT = "vouchers-1";

/** Register the worker of tickets and keep this one; where that is not possible, nothing is lost. */
export async function keep(/** @type {string} */ path) {
  if (!("serviceWorker" in navigator) || !("caches" in window)) return;
  try {
    await navigator.serviceWorker.register("/V/sw.js", { scope: "/V/" });
    const cache = await caches.open(KEPT);
    const page = await fetch(path, { headers: { accept: "text/html" } });
    if (!page.ok) return;
    await cache.put(path, page);
    await cache.addAll(parts());
    document.documentElement.dataset.kept = "";
  } catch {
    // no room, no network, or a browser that keeps nothing: the page works as before
  }
}

/** The addresses of what this page has loaded from /static/, and the modules it imported. */
function parts() {
  const loaded = performance.getEntriesByType("resource").map((entry) => new URL(entry.name).pathname);
  return [...new Set(loaded.filter((path) => path.startsWith("/static/")))];
}
