// @ts-check
// Reads QR codes in frames, beside the page so that it never stutters. Its answer's policy alone
// allows WebAssembly (web/security.py), which is served from here: nothing comes from elsewhere.

import { prepareZXingModule, readBarcodes } from "./reader/index.js";
import { centre } from "./frame.js";

/** @typedef {import("./frame.js").Frame} Frame */
/** @typedef {"centre" | "whole"} Where */
/** @typedef {{id: number, frame: Frame, where: Where[]}} Order */
/** @typedef {{id: number, texts: string[], ms: number}} Reading */

const WASM = new URL("./zxing.wasm", import.meta.url).href;
const OPTIONS = {
  formats: ["QRCode"],
  tryHarder: true,
  tryInvert: true,
  tryRotate: true,
  tryDownscale: true,
  maxNumberOfSymbols: 4, // the poster behind a voucher is in the picture, too
};

const ready = prepareZXingModule({
  overrides: { locateFile: () => WASM },
  fireImmediately: true,
});

ready.then(
  () => postMessage("ready"),
  (error) => postMessage({ failed: String(error) }),
);

addEventListener("message", async (/** @type {MessageEvent<Order>} */ { data }) => {
  await ready;
  const started = performance.now();
  const texts = await read(data.frame, data.where);
  postMessage({ id: data.id, texts, ms: performance.now() - started });
});

/** Look here, then there, until there is something. @param {Frame} frame @param {Where[]} where */
async function read(frame, where) {
  for (const part of where) {
    const texts = await textsIn(part === "centre" ? centre(frame) : frame);
    if (texts.length) return texts;
  }
  return [];
}

/** @param {Frame} frame @returns {Promise<string[]>} */
async function textsIn(frame) {
  const found = await readBarcodes(frame, OPTIONS);
  return found.filter(({ isValid }) => isValid).map(({ text }) => text);
}
