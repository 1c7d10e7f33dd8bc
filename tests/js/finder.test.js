import assert from "node:assert/strict";
import { test } from "node:test";

import { Finder, STUCK_MS } from "../../static/staff/finder.js";

const frame = () => ({ data: new Uint8ClampedArray(4), width: 1, height: 1 });

/** @param {(string[] | null)[]} readings one for each picture, then nothing @param {unknown} [failure] */
function rig(readings, failure) {
  /** @type {string[][]} */
  const where = [];
  const decoder = {
    start: async () => {
      if (failure) throw failure;
    },
    read: async (/** @type {unknown} */ _, /** @type {string[]} */ part) => {
      where.push(part);
      const texts = readings.shift();
      return texts ? { texts, ms: 1 } : texts === null ? null : { texts: [], ms: 1 };
    },
  };
  return { decoder: /** @type {any} */ (decoder), where };
}

/** Run a finder until it says something, or for a few pictures. */
async function heard(/** @type {any} */ decoder, view = moving(), now = () => performance.now()) {
  /** @type {string[]} */
  const said = [];
  let looked = 0;
  await new Promise((done) => {
    const say = (/** @type {string} */ text) => {
      said.push(text);
      done(undefined);
    };
    const finder = new Finder(decoder, {
      found: (texts) => say(`found ${texts}`),
      stuck: () => say("stuck"),
      failed: (error) => say(`failed ${error}`),
    }, now);
    finder.start(view);
    setTimeout(() => {
      finder.rest();
      looked = finder.looked;
      done(undefined);
    }, 400);
  });
  return { said, looked };
}

/** A camera whose every picture is another one. */
function moving() {
  let number = 0;
  return { frame, number: () => (number += 1) };
}

test("it looks at the middle of one picture and at the whole of the next", async () => {
  const { decoder, where } = rig([[], [], ["A"]]);
  assert.deepEqual((await heard(decoder)).said, ["found A"]);
  assert.deepEqual(where.slice(0, 3), [["centre"], ["whole"], ["centre"]]);
});

test("a decoder that hung over one picture reads the next", async () => {
  assert.deepEqual((await heard(rig([null, ["A"]]).decoder)).said, ["found A"]);
});

test("the same picture is not looked at twice", async () => {
  const { decoder, where } = rig([]);
  await heard(decoder, { frame, number: () => 7 });
  assert.equal(where.length, 1);
});

test("pictures that stop coming are told", async () => {
  let at = 0;
  const { said } = await heard(rig([]).decoder, { frame: () => null, number: () => 7 }, () => (at += STUCK_MS));
  assert.equal(said[0], "stuck");
});

test("a device that can read nothing is told", async () => {
  assert.deepEqual((await heard(rig([], "no WebAssembly").decoder)).said, ["failed no WebAssembly"]);
});
