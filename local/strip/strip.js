// @ts-check
/** Lets the strip's clock run, and keeps it open while its buttons are being used. */

const clock = /** @type {HTMLTimeElement} */ (document.getElementById("local-clock"));
const details = /** @type {HTMLDetailsElement} */ (clock.closest("details"));
const started = performance.now();
const shownAt = Date.parse(clock.dateTime);
const OPEN = "local-strip-open";

const format = new Intl.DateTimeFormat("en-GB", {
  timeZone: "Europe/Istanbul",
  day: "2-digit",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
});

function show() {
  const now = new Date(shownAt + performance.now() - started);
  clock.dateTime = now.toISOString();
  clock.textContent = format.format(now).replace(",", "");
}

details.open = sessionStorage.getItem(OPEN) === "yes";
details.addEventListener("toggle", () => sessionStorage.setItem(OPEN, details.open ? "yes" : "no"));
// Who becomes somebody else wants to see the page; who moves the clock may move it on.
document.getElementById("local-strip")?.addEventListener("submit", ({ target }) => {
  if (target instanceof HTMLFormElement && target.action.endsWith("/persona")) details.open = false;
});
setInterval(show, 1000);
