// @ts-check
// The supervisor's work list: vouchers that several doors accepted, decided with one tap each.

import * as stage from "./stage.js";
import { ask } from "./api.js";
import { card, tell } from "./cases/card.js";
import { news } from "./cases/news.js";
import { enrolled } from "./enrolment.js";
import { part, say } from "./page.js";
import { openStorage } from "./storage.js";

/** @typedef {import("./cases/news.js").Case} Case */

const device = await enrolled(await openStorage());
/** @type {Map<string, Case>} as they are shown */
const shown = new Map();
let busy = false;

/** Read the list and show it; without an answer the last one stays. */
async function look() {
  if (!device) return stage.notice("trouble", say("not_enrolled"));
  const answer = await ask("/api/v1/conflicts", { token: device.device_token, tries: 2 });
  stage.notice("trouble", answer?.ok ? "" : whyNot(answer));
  if (!answer?.ok) return;
  shown.clear();
  for (const found of answer.body.items) shown.set(found.case_id, found);
  draw();
}

/** @param {import("./api.js").Answer | null} answer */
function whyNot(answer) {
  if (answer === null) return say("no_answer");
  if (answer.body.reason === "device_not_allowed") return say("supervisors_only");
  return answer.status === 401 ? say("not_enrolled") : `${answer.body.title}. ${answer.body.detail}`;
}

function draw() {
  const [open, decided] = ["open", "resolved"].map((status) =>
    [...shown.values()].filter((found) => found.status === status).map(made));
  part("none").hidden = open.length > 0;
  part("decided-title").hidden = decided.length === 0;
  part("open").replaceChildren(...open);
  part("decided").replaceChildren(...decided.reverse());
}

/** @param {Case} found */
const made = (found) =>
  card(found, device?.popup_id ?? "", (decision, note) => decide(found, decision, note));

/** Record a decision about a case as it is shown. @param {Case} found @param {string} decision @param {string} note */
async function decide(found, decision, note) {
  if (busy || !device) return;
  busy = true;
  const path = `/api/v1/conflicts/${encodeURIComponent(found.case_id)}/resolution`;
  const wish = { body: { decision, note }, version: found.version, token: device.device_token, tries: 2 };
  const answer = await ask(path, wish).finally(() => (busy = false));
  if (answer?.ok) return recorded(answer.body);
  if (answer?.body.reason === "edited_meanwhile") return changed(found);
  tell(cardOf(found), [whyNot(answer)]);
}

/** @param {Case} decided */
function recorded(decided) {
  shown.set(decided.case_id, decided);
  draw();
  stage.toast(say("recorded"));
  focus(decided);
}

/** Show what somebody else did meanwhile; nothing was decided. @param {Case} before */
async function changed(before) {
  await look();
  const after = shown.get(before.case_id);
  if (!after) return;
  tell(cardOf(after), [say("changed"), ...news(before, after, say)]);
  focus(after);
}

/** @param {Case} found */
const focus = (found) => /** @type {HTMLElement} */ (cardOf(found).querySelector("[data-part=title]")).focus();

/** @param {Case} found @returns {HTMLElement} */
const cardOf = ({ case_id }) =>
  /** @type {HTMLElement} */ (document.querySelector(`[data-case="${case_id}"]`));

part("look").addEventListener("click", look);
addEventListener("online", look);
await look();
document.body.dataset.mode = "cases";
