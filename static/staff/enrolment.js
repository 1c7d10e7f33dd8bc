// @ts-check
// A phone becomes a stand's device: a one-time code, a key of its own, a token to work with.

import { ask } from "./api.js";
import { plain } from "./code.js";
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
 * @property {"removed" | "signed_out"} [turnedAway] it is kept only to hand in what waits
 */

const DEVICE = "device";

/** Return the code that a link carries behind its #, or "". @param {string} hash */
export const codeIn = (hash) => tidy(new URLSearchParams(hash.slice(1)).get("enrol") ?? "");

/** Return a typed code, or a scanned link's, as it was given out. @param {string} typed */
export const tidy = (typed) => plain(typed.replace(/^.*#enrol=/, ""));

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
 * Return a device as its manifest says it stands; a campaign that did not change is not repeated.
 * @param {Device} before @param {any} body @returns {Device}
 */
export function renewed(before, { device, device_token, campaign }) {
  const { device_id, name } = before;
  const { popup_id, profile, campaign_id } = device;
  const { city, time_zone, currency } = campaign?.popup ?? before;
  return { device_id, name, device_token, popup_id, profile, campaign_id, city, time_zone, currency };
}

/** @param {Storage} storage @param {Device | undefined} device undefined forgets it */
export const keep = (storage, device) => storage.put(DEVICE, device);
