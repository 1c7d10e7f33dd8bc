// @ts-check
// Clocks tick and countdowns count; when a stand's hour strikes, the page reads itself again.
import { everySecond, now, wallClock } from "./clock.js";

const countdown = /** @type {HTMLElement | null} */ (document.querySelector(".countdown"));
const clocks = [...document.querySelectorAll("time[data-zone]")].map((face) =>
  wallClock(face, /** @type {HTMLElement} */ (face).dataset.zone ?? "UTC", false));
const turn = Date.parse(
  countdown?.dataset.until ?? /** @type {HTMLElement | null} */ (document.querySelector("[data-turn]"))?.dataset.turn ?? "",
);

/** Write days, hours, minutes and seconds into the boxes that the server drew. */
function count(/** @type {number} */ at) {
  const boxes = countdown?.querySelectorAll("dd") ?? [];
  const left = Math.max(0, Math.ceil((turn - at) / 1000));
  const parts = [left % 60, Math.floor(left / 60) % 60, Math.floor(left / 3600)];
  if (boxes.length === 4) parts.splice(2, 1, parts[2] % 24, Math.floor(parts[2] / 24));
  parts.reverse().forEach((part, index) => {
    const text = String(part).padStart(2, "0");
    if (boxes[index] && boxes[index].textContent !== text) boxes[index].textContent = text;
  });
}

// A crowd waits for the same moment: its pages come back spread over two seconds.
const wait = turn - now();
const turns = wait > 0;
if (turns && wait < 2 ** 31) setTimeout(again, wait + 300 + Math.random() * 2000);
let gone = false;

/** Read the page again, once; without a network it stays to be read. */
function again() {
  if (gone || !navigator.onLine) return;
  gone = true;
  location.reload();
}

everySecond((at) => {
  if (countdown) count(at);
  for (const tick of clocks) tick(at);
  if (turns && at > turn + 3000) again(); // while a phone sleeps, so do its timers
});
