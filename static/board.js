// @ts-check
// The board reads itself again while it is looked at and wanted; without script it is right as it is.

const EVERY_MS = 5000;
const board = /** @type {HTMLElement} */ (document.getElementById("board"));
const wanted = /** @type {HTMLInputElement} */ (document.getElementById("refresh"));
const lost = /** @type {HTMLElement} */ (document.getElementById("lost"));
let etag = board.dataset.etag ?? "";

async function refresh() {
  if (document.hidden || !wanted.checked) return;
  try {
    const headers = { accept: "text/html", "if-none-match": etag };
    const answer = await fetch(location.href, { headers, redirect: "manual" });
    if (answer.status !== 304 && !answer.ok) throw new Error(answer.statusText);
    if (answer.ok) show(await answer.text());
    etag = answer.headers.get("etag") ?? "";
    const asOf = document.getElementById("as-of");
    if (asOf) asOf.textContent = decodeURIComponent(answer.headers.get("x-as-of") ?? "");
    lost.textContent = "";
  } catch {
    lost.textContent = lost.dataset.words ?? "";
  }
}

/** @param {string} page */
function show(page) {
  const fresh = new DOMParser().parseFromString(page, "text/html");
  const focused = document.activeElement?.id;
  for (const part of fresh.querySelectorAll("[data-part]")) {
    const name = /** @type {HTMLElement | SVGElement} */ (part).dataset.part;
    document.querySelector(`[data-part="${name}"]`)?.replaceWith(document.adoptNode(part));
  }
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}

const label = wanted.closest("label");
if (label) label.hidden = false;
setInterval(refresh, EVERY_MS);
document.addEventListener("visibilitychange", refresh);
