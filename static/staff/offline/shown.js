// @ts-check
// What was shown in place of a voucher, so that staff can be told; the law is that of
// chalicelib/web/redemptions.py.

import { mistyped } from "../code.js";

/** @typedef {import("./manifest.js").Place} Place */

const HOST = /^[\p{L}\p{N}_.-]{1,253}$/u;

/**
 * Say what it was: a mistyped code, a stand's poster, an address.
 * @param {string} scanned @param {string} origin of our own pages @param {Place[]} stands
 * @returns {Record<string, string>}
 */
export function whatItWas(scanned, origin, stands) {
  const typed = mistyped(scanned);
  if (typed !== null) return { typed_code: typed };
  const address = scanned.trim().toLowerCase();
  const ours = `${origin.toLowerCase()}/p/`;
  const name = address.startsWith(ours) ? address.slice(ours.length).split("?")[0] : "";
  const stand = stands.find(({ popup_id }) => popup_id === name);
  if (stand) return { scanned_stand: stand.city };
  const host = hostOf(scanned.trim());
  return host ? { scanned_host: host } : {};
}

/** Return the host of a foreign address: a name or nothing, for staff read it. @param {string} text */
function hostOf(text) {
  if (!/^https?:\/\//i.test(text)) return null;
  const host = text.slice(text.indexOf("//") + 2).split(/[/?#]/)[0].replace(/^.*@/, "").replace(/:\d*$/, "").toLowerCase();
  return HOST.test(host) ? host : null;
}
