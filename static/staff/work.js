// @ts-check
// How many cases wait for this stand's supervisor, shown with the way to them.

import { ask } from "./api.js";
import { part } from "./page.js";

/** @typedef {import("./enrolment.js").Device} Device */

/** Show the way to a supervisor alone; the server asks again. @param {boolean} supervises */
export function offer(supervises) {
  part("cases-offer").hidden = !supervises;
}

/** Count again. @param {Device} device */
export async function count({ device_token }) {
  const answer = await ask("/api/v1/conflicts", { token: device_token });
  if (!answer?.ok) return;
  const open = answer.body.items.filter((/** @type {any} */ { status }) => status === "open");
  part("cases-count").textContent = open.length ? String(open.length) : "";
}
