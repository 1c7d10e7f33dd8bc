// @ts-check
// A batch as it is signed; the wire law is that of chalicelib/domain/batch_wire.py.

import { toBase64url } from "./bytes.js";

/**
 * @typedef {object} Entry a use that was accepted without network, as it is handed in
 * @property {number} seq
 * @property {string} scanned
 * @property {string} nonce
 * @property {string} scanned_at by the device's clock
 * @property {number} elapsed_ms since the server was last heard
 * @property {string | null} contact_at the server's time then
 * @property {number} epoch
 * @property {import("../scan.js").Money | null} order_total
 * @property {string | null} shift
 * @property {boolean} withdrawn
 */
/** @typedef {{device_now: string, previous: string, entries: Entry[]}} Body */

/** Return the bytes that a device signs. @param {string} deviceId @param {Body} body */
export const signedText = (deviceId, body) =>
  JSON.stringify(sorted({ device_id: deviceId, ...body }));

/** Sign a batch with the device's own key. @param {CryptoKey} key @param {string} text */
export async function sign(key, text) {
  const law = key.algorithm.name === "ECDSA" ? { name: "ECDSA", hash: "SHA-256" } : key.algorithm.name;
  const signature = await crypto.subtle.sign(law, key, new TextEncoder().encode(text));
  return toBase64url(new Uint8Array(signature));
}

/** @param {any} value @returns {any} the same with the keys of every object in order */
function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.keys(value).sort().map((key) => [key, sorted(value[key])]));
}
