// @ts-check
// How much a device may accept before it must hand in what it accepted.

/** @typedef {import("./manifest.js").Manifest} Manifest */
/** @typedef {{uses: number, valueMinor: number}} Held what waits and was not taken back */

/** Tell whether one use more, of this value, is within it. @param {Manifest} manifest @param {Held} held @param {number} valueMinor */
export function allows({ allowance }, held, valueMinor) {
  const { uses, value_minor } = allowance;
  return held.uses < uses && (value_minor === null || held.valueMinor + valueMinor <= value_minor);
}
