// @ts-check
// A case as a card: who let the holder in and when, what is at risk, what can be decided.

import { lastGroup } from "../code.js";
import { money } from "../money.js";
import { language, minorDigits, now, part, refusals, say } from "../page.js";
import { fill } from "../stage.js";
import { markOf, timeOf } from "../verdict.js";
import { nameOf, winnerOf } from "./news.js";

/** @typedef {import("./news.js").Case} Case */
/** @typedef {import("./news.js").Party} Party */
/** @typedef {(decision: string, note: string) => void} Decide */

/** @param {Case} found @param {string} popupId of the supervisor's stand @param {Decide} decide @returns {HTMLElement} */
export function card(found, popupId, decide) {
  const made = part("case").content.cloneNode(true).firstElementChild;
  made.dataset.case = found.case_id;
  fill(made, "title", found.title || say("offer"));
  fill(made, "code", say("code_ends", { tail: lastGroup(found.voucher_id) }));
  fill(made, "risk", risk(found));
  fill(made, "winner", winnerOf(found, say));
  made.querySelector('[data-part="parties"]').append(...found.entries.map((party) => row(party, found)));
  fill(made, "resolution", resolution(found));
  arm(made, found, popupId, decide);
  return made;
}

/** Say what is new of a case, or why it was not decided. @param {HTMLElement} made @param {string[]} sentences */
export function tell(made, sentences) {
  const place = /** @type {HTMLElement} */ (made.querySelector('[data-part="news"]'));
  place.hidden = sentences.length === 0;
  place.querySelector("span")?.replaceChildren(sentences.join(" "));
}

/** @param {any} made @param {Case} found @param {string} popupId @param {Decide} decide */
function arm(made, found, popupId, decide) {
  const form = made.querySelector("form");
  const [label, note] = [form.querySelector("label"), form.querySelector("input")];
  label.htmlFor = note.id = `note-${found.case_id}`;
  form.hidden = found.status === "resolved";
  form.querySelector('[value="give_back"]').hidden = !standsHere(found, popupId);
  form.addEventListener("submit", (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const button = /** @type {HTMLButtonElement | null} */ (event.submitter);
    if (button) decide(button.value, note.value.trim() || say(button.value));
  });
}

/** A use is given back by the supervisor of its own stand. @param {Case} found @param {string} popupId */
const standsHere = ({ entries }, popupId) =>
  entries.some(({ outcome, popup_id }) => outcome === "accepted" && popup_id === popupId);

/** @param {Party} party @param {Case} found */
function row(party, { winner }) {
  const made = part("party").content.cloneNode(true);
  fill(made, "who", nameOf(party));
  fill(made, "mark", say("device", { device: markOf(party.device_id) }));
  fill(made, "when", `${party.city} · ${timeOf(party.corrected_at, party.time_zone, { language, now })}`);
  fill(made, "what", what(party));
  fill(made, "shift", party.shift ? say("shift", { name: party.shift }) : "");
  fill(made, "clock", party.clock_was_off ? say("clock_was_off") : "");
  made.querySelector('[data-part="wins"]').hidden = party.party !== winner;
  made.firstElementChild.dataset.outcome = party.outcome;
  return made;
}

/** @param {Party} party */
function what({ seq, outcome, reason }) {
  if (seq === null) return say("used_online");
  if (outcome === "accepted") return say("accepted_counts");
  return say("accepted_not_valid", { why: refusals[reason ?? ""]?.title ?? reason ?? "" });
}

/** @param {Case} found */
function risk({ value_at_risk }) {
  const sums = value_at_risk.map(({ amount_minor, currency }) =>
    money(amount_minor, currency, minorDigits[currency] ?? 2, language));
  return sums.join(" + ") || say("a_thing");
}

/** @param {Case} found */
function resolution({ resolution: made, entries }) {
  if (!made) return "";
  const at = timeOf(made.at, entries[0]?.time_zone ?? "UTC", { language, now });
  return say("decided", { what: say(made.decision), at, device: markOf(made.device_id), note: made.note });
}
