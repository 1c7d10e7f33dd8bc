// @ts-check
// How far what the phone knows may be trusted: fresh, stale with a warning, too old to judge by.

/** @typedef {"fresh" | "stale" | "too_old"} Freshness */

/** @param {{not_after: string, grace_until: string}} manifest @param {number} at @returns {Freshness} */
export function freshnessOf(manifest, at) {
  if (at < Date.parse(manifest.not_after)) return "fresh";
  return at < Date.parse(manifest.grace_until) ? "stale" : "too_old";
}
