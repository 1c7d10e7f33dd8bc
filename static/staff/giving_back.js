// @ts-check
// A use is given back: one tap on a reason. Each use keeps its nonce until it is answered.

import { ask } from "./api.js";
import { Nonces } from "./scan.js";

/** @typedef {import("./api.js").Answer} Answer */

/**
 * @param {Nonces} nonces @param {string} token @param {string} redemptionId @param {string} reason
 * @returns {Promise<Answer | null>}
 */
export async function giveBack(nonces, token, redemptionId, reason) {
  const key = `back:${redemptionId}`;
  const body = { nonce: await nonces.open(key), reason };
  const path = `/api/v1/redemptions/${encodeURIComponent(redemptionId)}/reversal`;
  const answer = await ask(path, { body, token, tries: 2 });
  if (answer) await nonces.close(key);
  return answer;
}
