// @ts-check
// Facts of a refusal as people write them, in the sentences that the page brought along: what the
// server would say, word by word (chalicelib/web/wording.py; tests/golden/told.json).

import { money } from "../money.js";

/**
 * @typedef {object} Manner how the reader's language writes
 * @property {string} language
 * @property {string} comma what stands between the parts of a list
 * @property {Record<string, number>} minorDigits
 */
/** @typedef {{title: string, detail: string, says?: string[]}} Row what a reason says */
/** @typedef {Record<string, unknown>} Facts */

const INSTANTS = ["starts_at", "ended_at", "opens_at", "used_at"];

/** Return the first sentence of a reason whose facts are all there, else what it always says. @param {Row} row @param {Facts} facts @param {Manner} manner */
export function told({ detail, says = [] }, facts, manner) {
  const words = shown(facts, manner);
  const whole = says.find((sentence) => blanks(sentence).every((name) => name in words));
  return whole?.replace(/\{(\w+)\}/g, (_, name) => String(words[name])) ?? detail;
}

/** @param {Facts} facts @param {Manner} manner @returns {Facts} */
function shown(facts, manner) {
  const words = { ...facts };
  const zone = String(facts.time_zone ?? "UTC");
  for (const name of INSTANTS) {
    if (name in facts) words[name] = moment(String(facts[name]), zone, manner);
  }
  if ("minimum_minor" in facts) {
    const currency = String(facts.currency);
    const decimals = manner.minorDigits[currency] ?? 2;
    words.minimum = money(Number(facts.minimum_minor), currency, decimals, manner.language);
  }
  return words;
}

/**
 * Write an instant in a zone, 24-hour clock, with the zone's city.
 * @param {string} instant @param {string} timeZone @param {Manner} manner
 */
export function moment(instant, timeZone, { language, comma }) {
  const at = new Date(instant);
  const digits = { timeZone, numberingSystem: "latn" };
  const parts = new Intl.DateTimeFormat(language, { ...digits, day: "numeric", month: "short" }).formatToParts(at);
  const [day, month] = ["day", "month"].map((of) => parts.find(({ type }) => type === of)?.value);
  const time = new Intl.DateTimeFormat("en-GB", { ...digits, hour: "2-digit", minute: "2-digit" }).format(at);
  return `${day} ${month}${comma}${time} (${cityOf(timeZone)})`;
}

/** Return the city that an IANA zone is named after. @param {string} timeZone */
const cityOf = (timeZone) => timeZone.slice(timeZone.lastIndexOf("/") + 1).replaceAll("_", " ");

/** @param {string} sentence */
const blanks = (sentence) => [...sentence.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
