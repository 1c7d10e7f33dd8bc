import assert from "node:assert/strict";
import { test } from "node:test";

import { LIFE_MS, Shift } from "../../static/staff/shift.js";
import { fleeting } from "../../static/staff/storage.js";

const BEGUN = { name: "Ayşe", supervisor: true };
const answerOf = (/** @type {any} */ body, status = 200) => ({ status, ok: status === 200, body });

/** A phone with its memory, its clock, and a server that gives these answers, then none. */
async function phone(/** @type {any[]} */ answers = [], storage = fleeting(), device = "d1") {
  const clock = { now: 1000 };
  /** @type {any[]} */
  const asked = [];
  const request = async (/** @type {string} */ path, /** @type {any} */ wish) => {
    asked.push([wish.method ?? "POST", wish.body?.name ?? null, wish.body?.pin ?? null]);
    return answers.shift() ?? null;
  };
  const shift = new Shift(storage, () => clock.now, () => "token", request);
  await shift.open(device);
  return { shift, clock, asked, storage };
}

test("a PIN is compared by the server, which says what rights it gives", async () => {
  const { shift, asked } = await phone([answerOf(BEGUN)]);
  await shift.begin("ayşe", "271828");
  assert.deepEqual(asked, [["POST", "ayşe", "271828"]]);
  assert.deepEqual([shift.label, shift.supervises], ["Ayşe", true]);
});

test("what the server refuses begins nothing, and ends nothing", async () => {
  const { shift } = await phone([answerOf({ name: "Can", supervisor: false }), answerOf({}, 403), answerOf({}, 429)]);
  await shift.begin("Can", "");
  assert.equal((await shift.begin("Ayşe", "1111"))?.status, 403);
  assert.equal((await shift.begin("Ayşe", "271828"))?.status, 429);
  assert.equal(shift.label, "Can");
});

test("without network a name will do, without rights; a PIN will not", async () => {
  const { shift } = await phone();
  assert.equal(await shift.begin("Ayşe", "271828"), null);
  assert.equal(shift.running, null);
  assert.equal(await shift.begin("Ayşe", ""), null);
  assert.deepEqual([shift.label, shift.supervises], ["Ayşe", false]);
});

test("a shift outlives a reload, but neither its hours nor its device", async () => {
  const { shift, storage } = await phone([answerOf(BEGUN)]);
  await shift.begin("Ayşe", "271828");
  const again = await phone([], storage);
  again.clock.now += LIFE_MS - 1;
  assert.equal(again.shift.supervises, true);
  again.clock.now += 1;
  assert.deepEqual([again.shift.running, again.shift.label, again.shift.supervises], [null, null, false]);
  assert.equal((await phone([], storage, "d2")).shift.label, null);
});

test("a PIN whose answer was lost leaves no rights behind", async () => {
  const { shift, asked } = await phone([null, answerOf({})]);
  await shift.begin("Ayşe", "271828");
  assert.equal(shift.running, null);
  await shift.settle();
  assert.deepEqual(asked.map(([method]) => method), ["POST", "DELETE"]);
});

test("an end that the server was not told of is told as soon as it answers, once", async () => {
  const { shift, asked } = await phone([answerOf(BEGUN), null, answerOf({}), answerOf({})]);
  await shift.begin("Ayşe", "271828");
  await shift.end();
  assert.equal(shift.running, null);
  await shift.settle();
  await shift.settle();
  assert.deepEqual(asked.slice(1).map(([method]) => method), ["DELETE", "DELETE"]);
});

test("a steward who relieves a supervisor without network takes the rights from the device", async () => {
  const { shift, asked } = await phone([answerOf(BEGUN), null, answerOf({})]);
  await shift.begin("Ayşe", "271828");
  await shift.begin("Can", "");
  assert.equal(shift.supervises, false);
  await shift.settle();
  assert.deepEqual(asked.at(-1)?.[0], "DELETE");
  assert.equal(shift.label, "Can");
});

test("the last four who worked here are known, each once, the newest first", async () => {
  const { shift } = await phone();
  for (const name of ["A", "B", "C", "D", "B", "E"]) await shift.begin(name, "");
  assert.deepEqual(shift.names, ["E", "B", "D", "C"]);
});
