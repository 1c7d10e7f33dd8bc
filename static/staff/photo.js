// @ts-check
// A photo in place of the camera: phones let pages take one where they let them see nothing else.

import { part, say } from "./page.js";
import { ofPhoto } from "./picture.js";
import * as stage from "./stage.js";
import { voucherIn } from "./code.js";
import { meant } from "./sighting.js";

/** @typedef {import("./decoder.js").Decoder} Decoder */

/** Hand what a photo shows to `take`. @param {Decoder} decoder @param {(text: string) => void} take */
export function listen(decoder, take) {
  const input = /** @type {HTMLInputElement} */ (part("photo"));
  input.addEventListener("change", async () => {
    const [file] = input.files ?? [];
    input.value = ""; // the same photo again is news again
    if (!file) return;
    stage.toast(say("photo_reading"));
    const texts = await read(decoder, file).catch(() => null);
    stage.toast(texts?.length ? "" : say(texts ? "photo_without_code" : "photo_unread"));
    if (texts?.length) take(meant(texts, (text) => voucherIn(text) !== null));
  });
}

/** @param {Decoder} decoder @param {Blob} file @returns {Promise<string[] | null>} */
async function read(decoder, file) {
  const reading = await decoder.read(await ofPhoto(file));
  return reading && reading.texts;
}
