import assert from "node:assert/strict";
import { test } from "node:test";

import * as checks from "../../static/staff/checks.js";

const NOW = Date.parse("2019-11-11T11:30:00.500Z");
const frame = () => ({ data: new Uint8ClampedArray(4), width: 1, height: 1 });
/** @param {any} reading */
const decoderOf = (reading) => /** @type {any} */ ({ read: async () => reading });

test("a decoder is good where it reads what is shown, in good time", async () => {
  const good = await checks.decoder(decoderOf({ texts: ["A"], ms: 12.2 }), frame, "A");
  assert.deepEqual(good, { grade: "good", text: "decoder_good", facts: { ms: "13" } });
  const slow = await checks.decoder(decoderOf({ texts: ["A"], ms: 900 }), frame, "A");
  assert.equal(slow.grade, "careful");
  for (const wrong of [null, { texts: [], ms: 1 }, { texts: ["B"], ms: 1 }]) {
    assert.equal((await checks.decoder(decoderOf(wrong), frame, "A")).grade, "bad");
  }
});

test("a decoder that cannot start does not work", async () => {
  const broken = /** @type {any} */ ({ read: async () => Promise.reject(new Error("no WebAssembly")) });
  assert.equal((await checks.decoder(broken, frame, "A")).grade, "bad");
});

test("the clock is compared with the server's, to the second that it tells", async () => {
  const asked = (/** @type {string | null} */ date) => checks.clock(async () => date, () => NOW);
  assert.deepEqual((await asked("Mon, 11 Nov 2019 11:30:00 GMT")).facts, { seconds: "0" });
  assert.equal((await asked("Mon, 11 Nov 2019 11:31:30 GMT")).grade, "good");
  const wrong = await asked("Mon, 11 Nov 2019 14:30:00 GMT");
  assert.deepEqual([wrong.grade, wrong.facts], ["careful", { minutes: "180" }]);
});

test("a server that does not answer says nothing about the clock", async () => {
  const silent = await checks.clock(() => Promise.reject(new Error("no network")), () => NOW);
  assert.deepEqual([silent.grade, silent.text], ["careful", "clock_unknown"]);
  assert.equal((await checks.clock(async () => null, () => NOW)).text, "clock_unknown");
});

test("sound is what the browser lets be heard", async () => {
  assert.equal((await checks.sound(() => true)).grade, "good");
  assert.equal((await checks.sound(() => false)).grade, "bad");
});

test("a browser without a database keeps nothing", async () => {
  assert.equal((await checks.storage(undefined)).grade, "bad");
});

test("this engine can make a key", async () => {
  const made = await checks.key();
  assert.equal(made.grade, "good");
  assert.match(made.facts?.kind ?? "", /^(Ed25519|P-256)$/);
});
