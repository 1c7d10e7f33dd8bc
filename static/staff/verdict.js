// @ts-check
// An answer as a verdict. Light ground: hand it over; dark ground: do not.

import { money } from "./money.js";

/** @typedef {import("./api.js").Answer} Answer */
/** @typedef {import("./words.js").Say} Say */
/** @typedef {"used" | "offline" | "already" | "refused" | "input" | "unanswered"} Kind */
/**
 * @typedef {object} Verdict
 * @property {Kind} kind
 * @property {string} sentence the one thing to know
 * @property {string[]} lines what helps
 * @property {string} figure an amount, a time: read at arm's length; "" where there is none
 * @property {string} [reason] of a refusal
 * @property {string} [redemptionId] of a use
 */
/**
 * @typedef {object} Facts what the device knows beside the answer
 * @property {Say} say
 * @property {string} language
 * @property {string} deviceId
 * @property {string} timeZone of the stand
 * @property {Record<string, number>} minorDigits
 * @property {(offerId: string) => string} titleOf
 * @property {() => number} now
 */

/** What is not to be handed over: said at once, over anything else. */
export const DARK = new Set(["already", "refused", "unanswered"]);

/** Tell whether news is worse than what was said. @param {Kind} before @param {Kind} after */
export const isWorse = (before, after) => DARK.has(after) && !DARK.has(before);

/** @param {Answer & {offline?: true} | null} answer to a redemption @param {Facts} facts @returns {Verdict} */
export function verdictOf(answer, facts) {
  if (answer === null) return unanswered(facts);
  if (answer.ok && answer.offline) return offline(answer.body, facts);
  if (answer.ok) return used(answer.body, facts);
  if (answer.body.reason === "order_total_required") return input(answer.body, facts);
  if (answer.body.reason === "already_redeemed") return already(answer.body, facts);
  return refused(answer.body);
}

/** Return the mark by which people tell devices apart. @param {string} deviceId */
export const markOf = (deviceId) => deviceId.slice(-4).toUpperCase();

/** @param {any} body @param {Facts} facts @returns {Verdict} */
function used(body, facts) {
  const { say, language, minorDigits, titleOf } = facts;
  const { discount } = body;
  const amount = discount
    && money(-discount.amount_minor, discount.currency, minorDigits[discount.currency] ?? 2, language);
  return {
    kind: "used",
    sentence: titleOf(body.offer_id),
    figure: amount ? amount.replace("-", "−") : "",
    lines: [amount ? say("take_off") : say("hand_over")],
    redemptionId: body.redemption_id,
  };
}

/** Accepted by this phone, not yet by the server: never called used. @param {any} body @param {Facts} facts @returns {Verdict} */
function offline(body, facts) {
  const { say } = facts;
  const { figure, sentence, lines } = used(body, facts);
  const last = figure ? lines : [say("hand_over_offline")];
  return { kind: "offline", figure, sentence, lines: last };
}

/** @param {any} body @param {Facts} facts @returns {Verdict} */
function already(body, facts) {
  const { say, deviceId } = facts;
  if (!body.used_at) {
    return { kind: "already", sentence: body.detail, figure: "", lines: [say("keep")], reason: body.reason };
  }
  const by = body.used_device_id === deviceId
    ? say("by_this_device")
    : say("by_device", { device: markOf(body.used_device_id) });
  return {
    kind: "already",
    figure: timeOf(body.used_at, body.time_zone ?? facts.timeZone, facts),
    sentence: `${body.used_place} · ${by}`,
    lines: [say("keep")],
    reason: body.reason,
  };
}

/** @param {any} body a problem, in the reader's language @returns {Verdict} */
function refused(body) {
  return {
    kind: "refused",
    sentence: body.title ?? "",
    lines: [body.detail ?? ""],
    figure: "",
    reason: body.reason,
  };
}

/** @param {any} body @param {Facts} facts @returns {Verdict} */
function input(body, { say }) {
  const sentence = say("total_in", { currency: body.currency ?? "" });
  return { kind: "input", sentence, lines: [], figure: "", reason: body.reason };
}

/** @param {Facts} facts @returns {Verdict} */
function unanswered({ say }) {
  return { kind: "unanswered", sentence: say("same_again"), lines: [say("not_twice")], figure: "" };
}

/**
 * Return the time of day at a stand, with the day where it is not today there.
 * @param {string} instant @param {string} timeZone @param {{language: string, now: () => number}} facts
 */
export function timeOf(instant, timeZone, { language, now }) {
  const at = new Date(instant);
  const clock = new Intl.DateTimeFormat("en-GB", { timeZone, hour: "2-digit", minute: "2-digit" });
  if (dayOf(at, timeZone) === dayOf(new Date(now()), timeZone)) return clock.format(at);
  const numberingSystem = "latn";
  const day = new Intl.DateTimeFormat(language, { timeZone, day: "numeric", month: "short", numberingSystem });
  return `${day.format(at)}, ${clock.format(at)}`;
}

/** Return the calendar date at a stand, YYYY-MM-DD. @param {Date} at @param {string} timeZone */
export const dayOf = (at, timeZone) =>
  new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" }).format(at);
