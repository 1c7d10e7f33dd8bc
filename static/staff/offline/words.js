// @ts-check
// The phone's own verdicts in the shape of the server's answers, with the server's texts, which the
// page brought along.

import { told } from "./telling.js";

/** @typedef {import("../words.js").Say} Say */
/** @typedef {import("./rules.js").Refusal} Refusal */
/** @typedef {import("./telling.js").Manner} Manner */
/** @typedef {import("./telling.js").Row} Row */
/** @typedef {{say: Say, refusals: Record<string, Row>, manner: Manner}} Words */

/** What the phone says of its own where "needs the network" alone would not help. @type {Record<string, string>} */
const WHY = { may_be_used: "may_be_used", not_offline: "not_offline" };

/** @param {Refusal} refusal @param {Words} words */
export function refused({ reason, facts = {} }, { say, refusals, manner }) {
  const row = refusals[reason] ?? { title: say(reason), detail: say(`${reason}_cure`) };
  const why = WHY[String(facts.why ?? "")];
  const said = why
    ? { title: say(why), detail: say("ask_network") }
    : { title: row.title, detail: told(row, facts, manner) };
  return problem({ reason, ...facts, ...said });
}

/** @param {Words} words */
export const cannotKeep = (words) => refused({ reason: "cannot_keep" }, words);

/**
 * Return the answer to an entry that had waited, as if the scan itself had been answered.
 * @param {import("./batch.js").Result} result @param {any} before what the phone had said
 * @param {Words["refusals"]} refusals
 */
export function answerTo({ outcome, reason, redemption_id }, before, refusals) {
  if (outcome === "accepted" || outcome === "duplicate") {
    return { status: 200, ok: true, body: { ...before, redemption_id } };
  }
  const { title, detail } = refusals[reason ?? ""] ?? { title: "", detail: "" };
  return { status: 409, ok: false, body: { reason, title, detail } };
}

/** @param {any} body */
const problem = (body) => ({ status: 409, ok: false, offline: /** @type {true} */ (true), body });
