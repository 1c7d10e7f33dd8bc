// @ts-check
// What a QR code carries; the wire law is that of chalicelib/domain/token.py.

import { ofBase32 } from "./bytes.js";
import { idOfToken, tokenText } from "../code.js";

/**
 * @typedef {object} Token believe it only after its signature was checked
 * @property {number} keyId
 * @property {number} campaignNumber
 * @property {number} offerNumber
 * @property {number} popupNumber
 * @property {number} issuedAt milliseconds, as everywhere here
 * @property {number} expiresAt
 * @property {string} voucherId
 * @property {boolean} minted
 * @property {number} generation
 * @property {Uint8Array} body what the signature covers
 * @property {Uint8Array} signature
 */

const VERSION = 1;
const BODY_BYTES = 24;
const EPOCH = Date.UTC(2019, 0, 1);
const MINUTE = 60_000;

/** Return the token in the text of a code, or null. @param {string} text @returns {Token | null} */
export function read(text) {
  const symbols = tokenText(text);
  if (symbols === null) return null;
  const bytes = ofBase32(symbols);
  const body = bytes.slice(0, BODY_BYTES);
  if (body[0] >> 5 !== VERSION || body[14] & 0b11111000) return null;
  const view = new DataView(body.buffer);
  return {
    keyId: body[1],
    campaignNumber: view.getUint16(2),
    offerNumber: view.getUint16(4),
    popupNumber: view.getUint16(6),
    issuedAt: instant(view, 8),
    expiresAt: instant(view, 11),
    voucherId: idOfToken(symbols) ?? "",
    minted: Boolean((body[0] >> 4) & 1),
    generation: body[0] & 15,
    body,
    signature: bytes.slice(BODY_BYTES),
  };
}

/** @param {DataView} view @param {number} at */
const instant = (view, at) => EPOCH + ((view.getUint16(at) << 8) | view.getUint8(at + 2)) * MINUTE;
