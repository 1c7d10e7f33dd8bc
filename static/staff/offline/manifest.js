// @ts-check
// What the phone knows of its stand, as the server last said it: the shapes, and how news is taken.

/** @typedef {import("./benefit.js").Benefit} Benefit */
/** @typedef {import("./hours.js").Session} Session */
/** @typedef {import("./revoked.js").Revoked} Revoked */
/** @typedef {{popup_id: string, number: number, city: string, country: string}} Place */
/** @typedef {Place & {time_zone: string, currency: string, hours: Session[]}} Stand */
/**
 * @typedef {object} Offer
 * @property {string} offer_id
 * @property {number} number
 * @property {string} title
 * @property {string[]} channels
 * @property {"stand" | "city" | "country" | "campaign"} usable_at
 * @property {string} usable_from an instant, as it stands at this stand
 * @property {string} usable_until
 * @property {boolean} offline
 * @property {boolean} needs_order_total
 * @property {Benefit} benefit
 */
/** @typedef {{campaign_id: string, number: number, popup: Stand, popups: Place[], offers: Offer[]}} Campaign */
/**
 * @typedef {object} Key
 * @property {number} key_id
 * @property {string} x
 * @property {string} not_before
 * @property {string | null} not_after the last issue time that it may vouch for
 * @property {boolean} withdrawn
 * @property {boolean} training
 */
/**
 * @typedef {object} Manifest
 * @property {string} server_time
 * @property {string} not_after
 * @property {string} grace_until
 * @property {number} revision
 * @property {number} epoch
 * @property {boolean} paused
 * @property {string | null} [closed_until] when a stand that its manager closed is open again
 * @property {string[]} [messages] what is to be read at the stand
 * @property {string[]} paused_offers
 * @property {Campaign} campaign
 * @property {Key[]} keys
 * @property {Revoked} revoked
 * @property {{uses: number, value_minor: number | null, currency: string}} allowance
 */

/**
 * Return the query that asks for what is new, and says how much waits here.
 * @param {Manifest | undefined} kept @param {string} cursor @param {number} waiting
 */
export function query(kept, cursor, waiting) {
  const known = new URLSearchParams();
  if (kept) known.set("revision", `${kept.revision}.${kept.epoch}`);
  if (cursor) known.set("used", cursor);
  known.set("waiting", String(waiting));
  return `?${known}`;
}

/**
 * Return the manifest as an answer leaves it; null where the answer counts on a campaign that is
 * not kept, so that all must be asked for again.
 * @param {Manifest | undefined} kept @param {any} body @returns {Manifest | null}
 */
export function renewed(kept, body) {
  const campaign = body.campaign ?? kept?.campaign;
  if (!campaign) return null;
  const { server_time, not_after, grace_until, revision, epoch, paused, keys, revoked } = body;
  const { paused_offers, closed_until, messages, allowance } = body;
  return {
    server_time, not_after, grace_until, revision, epoch, paused, paused_offers,
    closed_until, messages, campaign, keys, revoked, allowance,
  };
}
