// @ts-check
// The reader's language, changed here: the worker has the page in each, also without network.

const YEAR_SECONDS = 31_536_000;

/** Take a tap on a language, where the worker serves the page. @param {MouseEvent} event */
export function change(event) {
  const link = /** @type {Element} */ (event.target).closest("a[hreflang]");
  if (!link || !navigator.serviceWorker?.controller) return;
  event.preventDefault();
  const language = link.getAttribute("hreflang");
  document.cookie = `lang=${language}; Path=/; SameSite=Lax; Max-Age=${YEAR_SECONDS}`;
  location.assign(`/staff/?lang=${language}`);
}
