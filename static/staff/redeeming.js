// @ts-check
// One scan is put to the server, under one nonce until there is an answer.

import { ask } from "./api.js";

/** @typedef {import("./api.js").Answer} Answer */
/** @typedef {import("./scan.js").Nonces} Nonces */
/** @typedef {import("./scan.js").Scan} Scan */

/** Reasons after which the same scan comes again, with what was missing. */
const OPEN = new Set(["order_total_required", "rate_limited"]);

/** @param {Nonces} nonces @param {string} token @param {Scan} scan @returns {Promise<Answer | null>} */
export async function redeem(nonces, token, scan) {
  const body = {
    scanned: scan.scanned,
    nonce: scan.nonce,
    scanned_at: scan.scannedAt,
    order_total: scan.total,
    shift: scan.shift,
  };
  const answer = await ask("/api/v1/redemptions", { body, token, tries: 2 });
  if (answer && !OPEN.has(answer.body.reason)) await nonces.close(scan.key);
  return answer;
}
