// @ts-check
// May this voucher be used here and now, as far as the phone knows? The order of checks is that of
// chalicelib/domain/redemption.py; tests/golden/refusals.json holds a case for each.

import * as benefits from "./benefit.js";
import { ofBase64 } from "./bytes.js";
import { openAt, opensNext } from "./hours.js";
import { revokes } from "./revoked.js";

/** @typedef {import("./ed25519.js").Verify} Verify */
/** @typedef {import("./manifest.js").Key} Key */
/** @typedef {import("./manifest.js").Manifest} Manifest */
/** @typedef {import("./manifest.js").Offer} Offer */
/** @typedef {import("./manifest.js").Place} Place */
/** @typedef {import("./token.js").Token} Token */
/**
 * @typedef {object} Scan
 * @property {Token} token
 * @property {number} at the instant that judges it
 * @property {number | null} total in minor units of the offer's currency
 * @property {boolean} listed whether the list of used vouchers has it
 * @property {boolean} training a practice code: judged as while the stand is open and has its network
 */
/** @typedef {{reason: string, facts?: Record<string, unknown>}} Refusal */

/** What only a newer word of the server can decide: the network is asked before it is said. */
export const ASKED = new Set([
  "unknown_key", "needs_network", "offline_allowance_used", "stale_manifest",
]);

/**
 * Return why the code is not believed, or null. A code of another campaign is refused as such: the
 * phone has the keys of its own alone. Practice codes are for training, all others are not.
 * @param {Token} token @param {Manifest} manifest @param {Verify} verify @param {boolean} training
 * @returns {Promise<Refusal | null>}
 */
export async function refusalOfCode(token, manifest, verify, training) {
  if (token.campaignNumber !== manifest.campaign.number) return { reason: "wrong_campaign" };
  const key = manifest.keys.find(({ key_id }) => key_id === token.keyId);
  if (!key) return { reason: "unknown_key" };
  if (!(await verify(ofBase64(key.x), token.signature, token.body))) return { reason: "bad_signature" };
  if (!vouchesFor(key, token.issuedAt)) return { reason: "key_retired" };
  if (key.withdrawn) return { reason: "key_withdrawn" };
  if (key.training === training) return null;
  return training ? { reason: "live_code" } : { reason: "training_code" };
}

/** Return the first rule that a believed code breaks, or null. @param {Scan} scan @param {Manifest} manifest */
export function refusal(scan, manifest) {
  for (const refused of refusals(scan, manifest)) return refused;
  return null;
}

/** @param {Scan} scan @param {Manifest} manifest @returns {Generator<Refusal>} */
function* refusals(scan, manifest) {
  if (revokes(manifest.revoked, scan.token.voucherId)) yield { reason: "revoked" };
  const offer = offerOf(scan.token, manifest);
  const issued = manifest.campaign.popups.find(({ number }) => number === scan.token.popupNumber);
  if (!offer || !issued) return yield { reason: "needs_network", facts: { why: "unknown_offer" } };
  yield* place(offer, issued, manifest);
  yield* time(scan, offer, manifest);
  if (scan.listed) yield { reason: "needs_network", facts: { why: "may_be_used" } };
  if (!offer.offline && !scan.training) yield { reason: "needs_network", facts: { why: "not_offline" } };
  yield* order(scan, offer, manifest);
}

/** Return the offer that a token names, if the phone knows it. @param {Token} token @param {Manifest} manifest */
export const offerOf = (token, { campaign }) =>
  campaign.offers.find(({ number }) => number === token.offerNumber);

/** Return the currency in which an order is asked for. @param {Offer} offer @param {Manifest} manifest */
export const currencyOf = ({ benefit }, { campaign }) =>
  benefits.currencyOf(benefit) ?? campaign.popup.currency;

/** @param {Key} key @param {number} issuedAt */
function vouchesFor({ not_before, not_after }, issuedAt) {
  const since = Math.floor(Date.parse(not_before) / 60_000) * 60_000;
  return since <= issuedAt && (not_after === null || issuedAt <= Date.parse(not_after));
}

/** @param {Offer} offer @param {Place} issued @param {Manifest} manifest @returns {Generator<Refusal>} */
function* place(offer, issued, { campaign }) {
  if (!reaches(offer, issued, campaign.popup)) {
    yield { reason: "wrong_city", facts: { issued_at_city: issued.city } };
  }
  if (!offer.channels.includes("stand")) yield { reason: "wrong_channel" };
}

/** @param {Offer} offer @param {Place} issued @param {Place} used */
function reaches({ usable_at }, issued, used) {
  if (usable_at === "stand") return issued.popup_id === used.popup_id;
  const sameCountry = issued.country === used.country;
  if (usable_at === "city") return sameCountry && issued.city === used.city;
  return usable_at === "campaign" || sameCountry;
}

/** @param {Scan} scan @param {Offer} offer @param {Manifest} manifest @returns {Generator<Refusal>} */
function* time({ token, at, training }, offer, { campaign, paused, closed_until, paused_offers }) {
  if (training) {
    if (at >= token.expiresAt) yield { reason: "expired" };
    return;
  }
  if (paused || paused_offers.includes(offer.offer_id)) yield { reason: "paused" };
  const { hours, time_zone } = campaign.popup;
  const { usable_from, usable_until } = offer;
  if (at < Date.parse(usable_from)) yield { reason: "not_started", facts: { starts_at: usable_from, time_zone } };
  if (at >= Date.parse(usable_until) || at >= token.expiresAt) {
    yield { reason: "expired", facts: { ended_at: usable_until, time_zone } };
  }
  const closed = closed_until && at < Date.parse(closed_until) ? Date.parse(closed_until) : null;
  if (!closed && openAt(hours, time_zone, at)) return;
  const opens = closed ?? opensNext(hours, time_zone, at);
  yield { reason: "not_now", facts: { ...(opens && { opens_at: new Date(opens).toISOString() }), time_zone } };
}

/** @param {Scan} scan @param {Offer} offer @param {Manifest} manifest @returns {Generator<Refusal>} */
function* order({ total }, offer, manifest) {
  const { benefit, needs_order_total } = offer;
  if (total === null) {
    if (!needs_order_total) return;
    return yield { reason: "order_total_required", facts: { currency: currencyOf(offer, manifest) } };
  }
  if (benefit.minimum && total < benefit.minimum.amount_minor) {
    const { amount_minor, currency } = benefit.minimum;
    yield { reason: "minimum_not_met", facts: { minimum_minor: amount_minor, currency } };
  }
  if (benefits.takesMoneyOff(benefit) && benefits.discount(benefit, total) === 0) {
    yield { reason: "no_effect" };
  }
}
