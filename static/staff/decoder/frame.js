// @ts-check
// A picture as the decoder takes it.

/** @typedef {{data: Uint8ClampedArray, width: number, height: number}} Frame four bytes a pixel */

/**
 * Cut out the square in the middle, where the finder's marks are: as high as the shorter side.
 * @param {Frame} frame @returns {Frame}
 */
export function centre({ data, width, height }) {
  const side = Math.min(width, height);
  const left = (width - side) >> 1;
  const top = (height - side) >> 1;
  const cut = new Uint8ClampedArray(side * side * 4);
  for (let row = 0; row < side; row += 1) {
    const from = ((top + row) * width + left) * 4;
    cut.set(data.subarray(from, from + side * 4), row * side * 4);
  }
  return { data: cut, width: side, height: side };
}

/**
 * Return the size at which a picture is looked at: no longer than `longest`, its shape kept.
 * @param {number} width @param {number} height @param {number} longest
 */
export function fitted(width, height, longest) {
  const share = Math.min(1, longest / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * share)), height: Math.max(1, Math.round(height * share)) };
}
