// @ts-check
// How many cases wait for this stand's supervisor, shown with the way to them.

import { ask } from "./api.js";
import { part } from "./page.js";

/** @typedef {import("./enrolment.js").Device} Device */

/** Count again for a supervisor; the server asks again who it is. @param {Device} device */
export async function count({ profile, device_token }) {
  part("cases-offer").hidden = profile !== "supervisor";
  if (profile !== "supervisor") return;
  const answer = await ask("/api/v1/conflicts", { token: device_token });
  if (!answer?.ok) return;
  const open = answer.body.items.filter((/** @type {any} */ { status }) => status === "open");
  part("cases-count").textContent = open.length ? String(open.length) : "";
}
