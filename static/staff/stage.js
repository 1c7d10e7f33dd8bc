// @ts-check
// The screen: one thing at a time. The whole of it is the verdict while there is one.

import { part } from "./page.js";
import { DARK } from "./verdict.js";

/** @typedef {import("./verdict.js").Verdict} Verdict */
/** @typedef {"start" | "enrol" | "ready" | "busy" | "verdict"} Mode */

const TOAST_MS = 8000;

/** Show one part of the page. @param {Mode} mode */
export function show(mode) {
  const body = document.body;
  body.dataset.mode = mode;
  if (mode !== "verdict") delete body.dataset.verdict;
  part("enrolment").hidden = mode !== "enrol";
  part("scanning").hidden = mode === "enrol" || mode === "start";
  part("desk").hidden = mode !== "ready";
  part("busy").hidden = mode !== "busy";
  part("verdict").hidden = mode !== "verdict";
  if (mode !== "verdict") part("verdict").replaceChildren();
  part("said").textContent = part("alarm").textContent = ""; // the same words again are news again
  scrollTo(0, 0);
}

/** Say over the whole screen that nothing counts, or take that away. @param {boolean} on */
export function practise(on) {
  document.body.toggleAttribute("data-training", on);
  part("training-band").hidden = !on;
  part("training").setAttribute("aria-pressed", String(on));
}

/** Fill the screen with a verdict. @param {Verdict} verdict */
export function showVerdict(verdict) {
  const template = /** @type {HTMLTemplateElement} */ (part(`verdict-${verdict.kind}`));
  const card = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
  fill(card, "figure", verdict.figure);
  fill(card, "sentence", verdict.sentence);
  card.querySelector('[data-part="lines"]')?.append(...verdict.lines.map(line));
  if (verdict.reason) card.querySelector(".verdict")?.setAttribute("data-reason", verdict.reason);
  show("verdict");
  document.body.dataset.verdict = verdict.kind;
  part("verdict").replaceChildren(card);
  fitWord();
  announce(verdict);
}

/** Say it to who cannot see it. @param {Verdict} verdict */
function announce(verdict) {
  const word = part("verdict").querySelector(".verdict-word").textContent;
  const text = [word, verdict.figure, verdict.sentence, ...verdict.lines].filter(Boolean).join(". ");
  const dark = DARK.has(verdict.kind);
  part("said").textContent = dark ? "" : text;
  part("alarm").textContent = dark ? text : "";
}

/**
 * Narrow the verdict's word until its longest part fits: it keeps its height, and never breaks
 * inside a word.
 */
export function fitWord() {
  const word = part("verdict").querySelector(".verdict-word > span");
  if (!word) return;
  word.style.transform = "";
  word.style.marginInline = "";
  const room = word.parentElement.clientWidth;
  const wide = word.scrollWidth;
  if (wide <= room) return;
  word.style.marginInline = `${(room - wide) / 2}px`;
  word.style.transform = `scaleX(${room / wide})`;
}

let toastEnds = 0;

/** Show a passing word, or take it away. @param {string} text */
export function toast(text) {
  const shown = part("toast");
  clearTimeout(toastEnds);
  shown.textContent = text;
  shown.hidden = !text;
  if (text) toastEnds = setTimeout(() => toast(""), TOAST_MS);
}

/** Show a sentence with its sign, or hide both. @param {string} id @param {string} text */
export function notice(id, text) {
  const shown = part(id);
  shown.querySelector("span").textContent = text;
  shown.hidden = !text;
}

/** @param {ParentNode} card @param {string} name @param {string} text */
export function fill(card, name, text) {
  const place = /** @type {HTMLElement | null} */ (card.querySelector(`[data-part="${name}"]`));
  if (!place) return;
  place.textContent = text;
  place.hidden = !text;
}

/** @param {string} text */
function line(text) {
  const made = document.createElement("p");
  made.className = "verdict-line";
  made.textContent = text;
  return made;
}
