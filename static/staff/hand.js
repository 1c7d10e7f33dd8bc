// @ts-check
// In which hand the phone is held: what is pressed lies on that side.

import { part, remember } from "./page.js";

/** Change hands. */
export function change() {
  const left = document.body.classList.toggle("left-hand");
  part("hand").setAttribute("aria-pressed", String(left));
  remember("staff_hand", left ? "left" : "");
}
