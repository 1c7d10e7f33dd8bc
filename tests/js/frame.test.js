import assert from "node:assert/strict";
import { test } from "node:test";

import { centre, fitted } from "../../static/staff/decoder/frame.js";

/** A picture whose pixels carry their column. @param {number} width @param {number} height */
const columns = (width, height) => ({
  data: Uint8ClampedArray.from({ length: width * height * 4 }, (_, i) => (i >> 2) % width),
  width,
  height,
});

test("the middle of a wide picture is as high as the picture", () => {
  const { data, width, height } = centre(columns(8, 4));
  assert.deepEqual([width, height, data.length], [4, 4, 64]);
  assert.deepEqual([data[0], data[4], data[8], data[12]], [2, 3, 4, 5]);
});

test("the middle of a high picture is as wide as the picture", () => {
  const { data, width, height } = centre(columns(3, 9));
  assert.deepEqual([width, height], [3, 3]);
  assert.deepEqual([data[0], data[4], data[8]], [0, 1, 2]);
});

test("a large picture is made smaller, a small one is left alone", () => {
  assert.deepEqual(fitted(4000, 3000, 2000), { width: 2000, height: 1500 });
  assert.deepEqual(fitted(640, 480, 1280), { width: 640, height: 480 });
  assert.deepEqual(fitted(9000, 2, 1000), { width: 1000, height: 1 });
});
