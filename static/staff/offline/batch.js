// @ts-check
// A batch of entries: made, signed, sent, and what its answer means.

import { ask } from "../api.js";
import { sign, signedText } from "./canonical.js";

/** @typedef {import("../api.js").Answer} Answer */
/** @typedef {import("./canonical.js").Body} Body */
/** @typedef {import("./queue.js").Queued} Queued */
/** @typedef {{seq: number, nonce: string, outcome: string, reason: string | null, redemption_id: string | null}} Result */
/** @typedef {{device_id: string, device_token: string}} Sender */

export const MOST = 100;

/**
 * Hand entries in. The answer is null where none came, as everywhere.
 * @param {Sender} device @param {CryptoKey} key @param {Body} body @returns {Promise<Answer | null>}
 */
export async function handIn(device, key, body) {
  const signature = await sign(key, signedText(device.device_id, body));
  const path = "/api/v1/redemptions/batch";
  return ask(path, { body: { ...body, signature }, token: device.device_token, heavy: true });
}

/** Return the batch of entries, as they are signed. @param {Queued[]} entries @param {string} previous @param {string} deviceNow @returns {Body} */
export const bodyOf = (entries, previous, deviceNow) => ({
  device_now: deviceNow,
  previous,
  entries: entries.map(({ entry }) => entry),
});
