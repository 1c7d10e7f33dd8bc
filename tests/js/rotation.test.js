import assert from "node:assert/strict";
import { test } from "node:test";

import { Rotation } from "../../static/screen/rotation.js";

const AT = Date.UTC(2026, 4, 20, 12);

/** A screen that heard of a code with so many milliseconds left. */
function told(left, at = AT) {
  const rotation = new Rotation();
  rotation.took(at, left);
  return rotation;
}

test("before the first answer there is nothing to show, and nothing to say", () => {
  assert.equal(new Rotation().state(AT), "none");
});

test("the next code is asked for just after the change, however this clock is set", () => {
  assert.equal(told(12_000).pause(AT), 12_100);
  assert.equal(told(12_000).pause(AT + 2_000), 10_100);
  assert.equal(told(12_000, 5).pause(5), 12_100);
});

test("a code that changes at once, or changed long ago, is no reason to hurry", () => {
  assert.equal(told(1).pause(AT), 1000);
  assert.equal(told(1).pause(AT + 3_600_000), 1000);
});

test("without an answer it asks more and more rarely, and as ever once there is one", () => {
  const rotation = told(30_000);
  const pauses = [1, 2, 3, 4, 5, 60].map(() => (rotation.missed(), rotation.pause(AT)));
  assert.deepEqual(pauses, [2000, 4000, 8000, 15_000, 15_000, 15_000]);
  rotation.took(AT, 30_000);
  assert.equal(rotation.pause(AT), 30_100);
});

test("a code is fresh until it changes, still works for a while, and is then taken down", () => {
  const rotation = told(30_000);
  const states = [0, 30_000, 31_000, 49_999, 50_000].map((later) => rotation.state(AT + later));
  assert.deepEqual(states, ["fresh", "fresh", "late", "late", "gone"]);
});

test("a screen that never heard of a code says that it has no network", () => {
  const rotation = new Rotation();
  rotation.missed();
  assert.equal(rotation.state(AT), "gone");
});

test("a minute of sleep takes the code down before anybody scans it", () => {
  assert.equal(told(30_000).state(AT + 60_000), "gone");
});
