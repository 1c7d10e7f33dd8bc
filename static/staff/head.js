// @ts-check
// The page's head: whose awning hangs there, whether the server answers, noon or dusk.

import { part, remember, say } from "./page.js";
import { markOf } from "./verdict.js";

/** @typedef {import("./enrolment.js").Device} Device */

let online = true;

/** Hang the stand's awning: the server draws it for whom the cookie names. @param {Device} device */
export async function hang({ popup_id, device_id }) {
  remember("staff_stand", popup_id);
  if (part("head").dataset.stand !== popup_id) await redraw();
  part("device").textContent = say("device", { device: markOf(device_id) });
  connected(online);
}

/** Take it down with the device. */
export function unhang() {
  remember("staff_stand", "");
  part("device").textContent = "";
  part("network").hidden = true;
}

/** Say how many scans wait for the server, if any. @param {number} count */
export function waiting(count) {
  part("waiting").hidden = count === 0;
  part("waiting-count").textContent = String(count);
}

/** Say whether the server answers. @param {boolean} yes */
export function connected(yes) {
  online = yes;
  part("network").hidden = false;
  part("network").dataset.online = String(yes);
  part("network-word").textContent = say(yes ? "online" : "no_network");
}

/** Turn light into dark and back. */
export function switchLight() {
  const dusk = document.body.classList.toggle("dusk");
  document.body.classList.toggle("noon", !dusk);
  part("dusk").setAttribute("aria-pressed", String(dusk));
  remember("staff_light", dusk ? "dusk" : "");
}

async function redraw() {
  try {
    const answer = await fetch(location.pathname, { headers: { accept: "text/html" } });
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const head = fresh.getElementById("head");
    if (head) part("head").replaceWith(document.adoptNode(head));
    document.title = fresh.title;
  } catch {
    // The awning is for looks; the scanner works without it.
  }
}
