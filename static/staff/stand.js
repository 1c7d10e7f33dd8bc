// @ts-check
// What all devices of this stand have used together, as the public board counts it.

import { ask } from "./api.js";
import { part } from "./page.js";

/** @typedef {import("./enrolment.js").Device} Device */

/** Count again; without an answer the last count stays. @param {Device} device */
export async function count({ campaign_id, popup_id }) {
  if (!campaign_id) return;
  const answer = await ask(`/api/v1/insights/live?campaign_id=${encodeURIComponent(campaign_id)}`);
  const city = answer?.ok && answer.body.cities.find((/** @type {any} */ each) => each.popup_id === popup_id);
  if (!city) return;
  part("stand-used").textContent = String(city.redeemed - city.reversed);
  part("stand-count").hidden = false;
}
