// @ts-check
// The ticket: the city's clock ticks, and the page turns by itself when the stand scans the code.
import { everySecond, wallClock } from "./clock.js";

const EVERY_MS = 2000;
const AFTER_TROUBLE_MS = 8000;
const SHOWING_CODE = new Set(["early", "ready", "paused", "held", "used"]);

const ticket = /** @type {HTMLElement} */ (document.getElementById("voucher"));
const zone = /** @type {HTMLElement | null} */ (ticket.querySelector("[data-zone]"))?.dataset.zone ?? "UTC";
const face = ticket.querySelector(".live-clock");
const write = wallClock(zone, true);
everySecond((at) => { if (face) face.textContent = write(at); });

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
  if (state.status === "used" && before !== "used") navigator.vibrate?.(60);
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
    if (answer.ok) turn(await answer.json());
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

// --- a larger code, and the code as text ----------------------------------------------------
const tools = /** @type {HTMLElement | null} */ (ticket.querySelector(".tools"));
const code = ticket.querySelector(".qr");
const large = /** @type {HTMLButtonElement | null} */ (document.getElementById("large"));
const copy = /** @type {HTMLButtonElement | null} */ (document.getElementById("copy"));

if (tools) tools.hidden = false;
if (large) large.hidden = !document.fullscreenEnabled;
if (copy) copy.hidden = !navigator.clipboard;

large?.addEventListener("click", () => code?.requestFullscreen());
code?.addEventListener("click", () => {
  if (document.fullscreenElement) document.exitFullscreen();
});
copy?.addEventListener("click", async () => {
  await navigator.clipboard.writeText(code?.querySelector(".code")?.textContent ?? "");
  for (const word of copy.querySelectorAll("span")) word.hidden = !word.hidden;
  copy.disabled = true;
});
