// @ts-check
// The phone's own verdict on a scan: accepted, or refused with the reason that the server would
// give. What it cannot know, it says so.

import * as allowance from "./allowance.js";
import * as benefits from "./benefit.js";
import * as rules from "./rules.js";
import { freshnessOf } from "./freshness.js";
import { idOfCode } from "../code.js";
import { read } from "./token.js";
import { whatItWas } from "./shown.js";

/** @typedef {import("../scan.js").Money} Money */
/** @typedef {import("./ed25519.js").Verify} Verify */
/** @typedef {import("./manifest.js").Manifest} Manifest */
/** @typedef {import("./manifest.js").Offer} Offer */
/** @typedef {import("./rules.js").Refusal} Refusal */
/**
 * @typedef {object} Knowledge what the phone has at hand
 * @property {string} origin of our own pages
 * @property {Manifest | undefined} manifest
 * @property {Verify} verify
 * @property {(voucherId: string) => Promise<boolean>} listed whether the list of used vouchers has it
 * @property {(voucherId: string) => Promise<Record<string, unknown> | null>} acceptedHere the facts of this phone's own use that waits
 * @property {() => Promise<allowance.Held>} held what it let in and has not handed in
 * @property {boolean} [training] whether practice codes are judged, and they alone
 */
/** @typedef {{voucherId: string, offer: Offer, discount: Money | null}} Accepted */
/** @typedef {{accepted: Accepted, refused: null} | {accepted: null, refused: Refusal}} Judgement */

/**
 * @param {{scanned: string, total: Money | null, at: number}} scan @param {Knowledge} knowledge
 * @returns {Promise<Judgement>}
 */
export async function judge({ scanned, total, at }, knowledge) {
  const { manifest, verify, training = false } = knowledge;
  if (idOfCode(scanned) !== null) return no("needs_network", { why: "typed_code" });
  const token = read(scanned);
  if (token === null) {
    return no("unknown_code", whatItWas(scanned, knowledge.origin, manifest?.campaign.popups ?? []));
  }
  if (!manifest || freshnessOf(manifest, at) === "too_old") return no("stale_manifest");
  const doubted = await rules.refusalOfCode(token, manifest, verify, training);
  if (doubted) return { accepted: null, refused: doubted };
  const before = await knowledge.acceptedHere(token.voucherId);
  const listed = before === null && (await knowledge.listed(token.voucherId));
  const offer = rules.offerOf(token, manifest);
  const minor = offer && total?.currency === rules.currencyOf(offer, manifest) ? total.amount_minor : null;
  const refused = rules.refusal({ token, at, total: minor, listed, training }, manifest);
  if (before && (!refused || AFTER_STATE.has(refused.reason))) {
    return no("already_redeemed", before);
  }
  if (refused || !offer) return { accepted: null, refused: refused ?? { reason: "unknown_code" } };
  return within(token.voucherId, offer, minor, knowledge);
}

/** Reasons that come after the voucher's own state in the order of checks. */
const AFTER_STATE = new Set(["order_total_required", "minimum_not_met", "no_effect", "needs_network"]);

/** @param {string} voucherId @param {Offer} offer @param {number | null} total @param {Knowledge} knowledge @returns {Promise<Judgement>} */
async function within(voucherId, offer, total, { manifest, held }) {
  const known = /** @type {Manifest} */ (manifest);
  const minor = benefits.discount(offer.benefit, total);
  if (!allowance.allows(known, await held(), minor)) return no("offline_allowance_used");
  const discount = benefits.takesMoneyOff(offer.benefit)
    ? { amount_minor: minor, currency: rules.currencyOf(offer, known) }
    : null;
  return { accepted: { voucherId, offer, discount }, refused: null };
}

/** @param {string} reason @param {Record<string, unknown>} [facts] @returns {Judgement} */
const no = (reason, facts) => ({ accepted: null, refused: { reason, facts } });
