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
