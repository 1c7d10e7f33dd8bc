// @ts-check
// The ticket: the city's clock ticks, and the page turns by itself when the stand scans the code.
import { everySecond, wallClock } from "./clock.js";

const EVERY_MS = 2000;
const AFTER_TROUBLE_MS = 8000;
const SHOWING_CODE = new Set(["early", "ready", "paused", "held", "used"]);

const ticket = /** @type {HTMLElement} */ (document.getElementById("voucher"));
const zone = /** @type {HTMLElement | null} */ (ticket.querySelector("[data-zone]"))?.dataset.zone ?? "UTC";
const face = ticket.querySelector(".live-clock");
if (face) everySecond(wallClock(face, zone, true));

/** @typedef {{status: string, title: string, words: string, step: string}} State */

/** Show a new state: its words are announced, the third stick rises from the ground. */
function turn(/** @type {State} */ state) {
  const before = ticket.dataset.status ?? "";
  if (state.status !== before && SHOWING_CODE.has(state.status) !== SHOWING_CODE.has(before)) {
    location.reload();
    return;
  }
  ticket.dataset.status = state.status;
  say(".state-title span", state.title);
  say(".state-words", state.words);
  const used = ticket.querySelector(".sticks li:nth-child(3)");
  used?.classList.toggle("fresh", state.status === "used" && before !== "used");
  used?.classList.toggle("lit", state.status === "used");
  say(".sticks li:nth-child(3) .hidden", ` ${state.step}`);
  if (state.status !== "used" || before === "used") return;
  navigator.vibrate?.(60);
  if (location.hash === "#code") location.hash = "#voucher"; // it was scanned: back to the words
}

function say(/** @type {string} */ where, /** @type {string} */ words) {
  const found = ticket.querySelector(where);
  if (found && found.textContent !== words) found.textContent = words;
}

/** @type {ReturnType<typeof setTimeout> | undefined} */
let next;

async function ask() {
  clearTimeout(next);
  if (document.hidden) return;
  let pause = EVERY_MS;
  try {
    const answer = await fetch(ticket.dataset.state ?? "", { cache: "no-cache", signal: AbortSignal.timeout?.(5000) });
    if (answer.ok && ticket.dataset.saved) location.reload(); // the network is back
    else if (answer.ok) turn(await answer.json());
    else pause = AFTER_TROUBLE_MS;
  } catch {
    pause = AFTER_TROUBLE_MS; // no network: the ticket stays as it was shown last
  }
  clearTimeout(next);
  next = setTimeout(ask, pause);
}

document.addEventListener("visibilitychange", ask);
addEventListener("online", ask);
next = setTimeout(ask, EVERY_MS);

// --- a larger code, the code as text, as a picture, passed on ----------------------------------
/** @typedef {{release: () => Promise<void>}} Lock */
const code = /** @type {SVGSVGElement | null} */ (document.getElementById("qr"));
const letters = ticket.querySelector(".qr .code")?.textContent ?? "";
const large = document.getElementById("code");
/** @type {Lock | undefined} */
let awake;

/** While the code fills the screen, the screen stays on. */
async function enlarged() {
  const shown = location.hash === "#code" && !document.hidden;
  if (!shown) {
    await awake?.release();
    awake = undefined;
    if (document.fullscreenElement && location.hash !== "#code") await document.exitFullscreen();
    return;
  }
  large?.focus();
  try {
    awake ??= await /** @type {any} */ (navigator).wakeLock?.request("screen");
  } catch {
    // low battery: the screen dims as it always does
  }
}
addEventListener("hashchange", enlarged);
document.addEventListener("visibilitychange", enlarged);
document.addEventListener("fullscreenchange", () => {
  if (!document.fullscreenElement && location.hash === "#code") location.hash = "#voucher";
});
addEventListener("keydown", (event) => {
  if (event.key === "Escape" && location.hash === "#code") location.hash = "#voucher";
});
enlarged();

/** Give a button its deed; one that this browser cannot do stays hidden. */
function offer(/** @type {string} */ id, /** @type {boolean} */ can, /** @type {(button: HTMLButtonElement) => unknown} */ deed) {
  const button = /** @type {HTMLButtonElement | null} */ (document.getElementById(id));
  if (!button || !can) return;
  button.hidden = false;
  button.addEventListener("click", () => deed(button));
}

const copied = (/** @type {string} */ text) => async (/** @type {HTMLButtonElement} */ button) => {
  await navigator.clipboard.writeText(text);
  for (const word of button.querySelectorAll("span")) word.hidden = !word.hidden;
  button.disabled = true;
};
const gift = document.querySelector(".gift-link")?.textContent ?? "";
const share = (/** @type {string | undefined} */ url, /** @type {string | undefined} */ text) => () =>
  navigator.share({ title: document.title, text, url }).catch(() => undefined);

document.getElementById("large")?.addEventListener("click", () => large?.requestFullscreen?.().catch(() => undefined));
offer("copy", !!navigator.clipboard, copied(letters));
offer("print", true, () => window.print());
offer("share", !!navigator.share, (button) => share(button.dataset.url, button.dataset.words)());
offer("copy-gift", !!navigator.clipboard, copied(gift));
offer("share-gift", !!navigator.share, share(gift, undefined));
document.getElementById("picture")?.addEventListener("click", async (event) => {
  if (!code) return;
  event.preventDefault(); // the link gives the code alone, this with its words and without network
  const { save } = await import("./voucher-picture.js");
  const words = document.querySelectorAll(".ticket-benefit, .ticket-note, .live-words > span, .sheet > p:not([class])");
  await save(code, { letters, lines: [...words].map((one) => one.textContent ?? "") });
});

// --- how far one would drive: a slider in place of the number; the figures follow it ------------
const far = /** @type {HTMLInputElement | null} */ (document.getElementById("trip-km"));
const said = /** @type {HTMLOutputElement | null} */ (document.querySelector("output[for=trip-km]"));
const trip = far?.form;
const WAYS = "#delivery form[method=post]";
const PICKED = "[name=option]:checked";
let asking = 0;

/** Ask for the list under this answer and put it in the old one's place; focus stays where it is. */
async function figures(/** @type {HTMLFormElement} */ form) {
  const mine = ++asking;
  const asked = `?${new URLSearchParams(/** @type {any} */ (new FormData(form)))}`;
  const answer = await fetch(asked, { headers: { accept: "text/html" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const ways = page.querySelector(WAYS);
  if (!answer.ok || !ways || mine !== asking) return;
  const picked = /** @type {HTMLInputElement | null} */ (document.querySelector(PICKED))?.value;
  document.querySelector(WAYS)?.replaceWith(ways);
  const again = picked && document.getElementById(`option-${picked}`);
  if (again instanceof HTMLInputElement) again.checked = true;
  history.replaceState(null, "", `${asked}#delivery`);
}

if (far && said && trip) {
  const drives = /** @type {HTMLInputElement | null} */ (trip.querySelector("[value=no]"));
  const tell = () => { said.textContent = (said.dataset.said ?? "#").replace("#", Number(far.value).toLocaleString(document.documentElement.lang)); };
  far.type = "range";
  said.hidden = false;
  tell();
  far.addEventListener("input", () => {
    if (drives) drives.checked = true;
    tell();
  });
  // Without a network the button still asks, and says so.
  trip.addEventListener("change", () => figures(trip).catch(() => {}));
}

// The last of all: what keeps the ticket may not delay what shows it.
if (ticket.dataset.now && SHOWING_CODE.has(ticket.dataset.status ?? "")) {
  addEventListener("load", async () => (await import("./voucher-offline.js")).keep(location.pathname));
}
