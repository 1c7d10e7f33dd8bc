// @ts-check
// A phone becomes a stand's device: a one-time code, a key of its own, a token to work with.

import { ask } from "./api.js";
import { keyFor, publicKey } from "./keys.js";

/** @typedef {import("./api.js").Answer} Answer */
/** @typedef {import("./storage.js").Storage} Storage */
/**
 * @typedef {object} Device
 * @property {string} device_id
 * @property {string} device_token
 * @property {string} popup_id
 * @property {string} profile
 * @property {string} name
 * @property {string} [campaign_id]
 * @property {string} [city]
 * @property {string} [time_zone]
 * @property {string} [currency]
 */

const DEVICE = "device";

/** Return the code that a link carries behind its #, or "". @param {string} hash */
export const codeIn = (hash) => tidy(new URLSearchParams(hash.slice(1)).get("enrol") ?? "");

/** Return a typed code as it was given out. @param {string} typed */
export const tidy = (typed) => typed.toUpperCase().replace(/[\s-]/g, "");

/** @param {string} code */
export const isCode = (code) => /^[A-Z2-7]{26}$/.test(code);

/** @param {Storage} storage @returns {Promise<Device | undefined>} */
export const enrolled = (storage) => storage.get(DEVICE);

/**
 * Enrol and keep what came back; null where nothing did: the same again is then right.
 * @param {Storage} storage @param {string} code @param {string} name @returns {Promise<Answer | null>}
 */
export async function enrol(storage, code, name) {
  const key = await publicKey(await keyFor(storage, code));
  const body = { enrolment_code: code, name, public_key: key };
  const answer = await ask("/api/v1/devices", { body, tries: 2 });
  if (answer?.ok) await storage.put(DEVICE, { ...answer.body, name });
  return answer;
}

/**
 * Ask how the stand stands, and keep the fresh token.
 * @param {Storage} storage @param {Device} device @returns {Promise<Answer | null>}
 */
export async function renew(storage, device) {
  const answer = await ask("/api/v1/devices/self/manifest", { token: device.device_token, tries: 2 });
  if (answer?.ok) {
    const { device_token, popup_id, profile, campaign_id, city, time_zone, currency } = answer.body;
    const stand = { device_token, popup_id, profile, campaign_id, city, time_zone, currency };
    await storage.put(DEVICE, { ...device, ...stand });
  }
  return answer;
}

/** Forget the device, as one whose token is not taken any more. @param {Storage} storage */
export const leave = (storage) => storage.put(DEVICE, undefined);
