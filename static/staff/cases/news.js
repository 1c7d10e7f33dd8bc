// @ts-check
// What happened to a case since it was shown, in sentences.

/** @typedef {import("../words.js").Say} Say */
/**
 * @typedef {object} Party somebody who let the holder in; the one without a number did so online
 * @property {string} party
 * @property {string} device_id
 * @property {string} name
 * @property {string} city
 * @property {string} popup_id
 * @property {string} time_zone
 * @property {number | null} seq
 * @property {string | null} shift
 * @property {string} corrected_at
 * @property {boolean} clock_was_off
 * @property {"accepted" | "conflict"} outcome
 * @property {string | null} reason
 */
/**
 * @typedef {object} Case as the API tells it
 * @property {string} case_id
 * @property {string} voucher_id
 * @property {string} title
 * @property {number} version
 * @property {"open" | "resolved"} status
 * @property {Party[]} entries
 * @property {string | null} winner
 * @property {{amount_minor: number, currency: string}[]} value_at_risk
 * @property {{decision: string, note: string, device_id: string, at: string} | null} resolution
 */

/** Return what is new, the weightiest last. @param {Case} before @param {Case} after @param {Say} say @returns {string[]} */
export function news(before, after, say) {
  const known = new Set(before.entries.map(({ party }) => party));
  const came = after.entries.filter(({ party }) => !known.has(party));
  const said = came.map((party) => say("news_party", { name: nameOf(party), city: party.city }));
  if (before.winner !== after.winner) said.push(say("news_winner", { name: winnerOf(after, say) }));
  const decided = after.resolution && JSON.stringify(after.resolution) !== JSON.stringify(before.resolution);
  if (decided) said.push(say("news_decided", { what: say(after.resolution?.decision ?? ""), note: after.resolution?.note ?? "" }));
  return said;
}

/** Return by which name people know a device. @param {Party} party */
export const nameOf = ({ name, device_id }) => name || device_id;

/** @param {Case} found @param {Say} say */
export function winnerOf({ entries, winner }, say) {
  const first = entries.find(({ party }) => party === winner);
  return first ? nameOf(first) : say("nobody");
}
