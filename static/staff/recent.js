// @ts-check
// The list of the last scans and today's counts, drawn from the log.

import { part } from "./page.js";
import { fill } from "./stage.js";
import { timeOf } from "./verdict.js";

/** @typedef {import("./log.js").Log} Log */
/** @typedef {import("./log.js").Entry} Entry */

/** @param {Log} log @param {string} language @param {(entry: Entry) => void} giveBack */
export function draw(log, language, giveBack) {
  for (const [name, count] of Object.entries(log.counts)) {
    const place = document.querySelector(`[data-count="${name}"]`);
    if (place) place.textContent = String(count);
  }
  part("recent-none").hidden = log.entries.length > 0;
  part("recent").replaceChildren(...log.entries.map((entry) => row(entry, log, language, giveBack)));
}

/** @param {Entry} entry @param {Log} log @param {string} language @param {(entry: Entry) => void} giveBack */
function row(entry, log, language, giveBack) {
  const made = part(`recent-${entry.kind}`).content.cloneNode(true);
  fill(made, "text", entry.text);
  fill(made, "tail", `…${entry.tail}`);
  fill(made, "shift", entry.shift ?? "");
  fill(made, "at", timeOf(new Date(entry.at).toISOString(), log.timeZone, { language, now: log.now }));
  made.querySelector('[data-part="back"]').hidden = !entry.givenBack;
  const button = made.querySelector("button");
  button.hidden = !log.mayGiveBack(entry);
  button.addEventListener("click", () => giveBack(entry));
  made.firstElementChild.dataset.scan = entry.id;
  if (entry.redemptionId) made.firstElementChild.dataset.redemption = entry.redemptionId;
  return made;
}
