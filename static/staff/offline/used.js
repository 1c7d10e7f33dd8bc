// @ts-check
// The used vouchers of this stand, as prefixes of their digests: the list gives nobody a voucher. A
// hit means "ask", never a final no.

import { ofBase64, sha256, toHex } from "./bytes.js";

const PREFIX_BYTES = 8;

/** @typedef {{has: (prefix: string) => boolean}} Prefixes */

/** Return the prefixes of one page of the list. @param {string} base64 @returns {string[]} in hexadecimal */
export function prefixesIn(base64) {
  const bytes = ofBase64(base64);
  const count = Math.floor(bytes.length / PREFIX_BYTES);
  return Array.from({ length: count }, (_, at) =>
    toHex(bytes.subarray(at * PREFIX_BYTES, (at + 1) * PREFIX_BYTES)));
}

/** Return the prefix by which a voucher is listed. @param {string} voucherId */
export const prefixOf = async (voucherId) => toHex((await sha256(voucherId)).subarray(0, PREFIX_BYTES));
