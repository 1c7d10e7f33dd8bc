import assert from "node:assert/strict";
import { test } from "node:test";

import { GIVE_BACK_MS, Log } from "../../static/staff/log.js";
import { fleeting } from "../../static/staff/storage.js";

const NOON = Date.parse("2019-11-11T09:00:00Z"); // in Istanbul

async function opened(storage = fleeting(), device = "d1") {
  const clock = { now: NOON };
  const log = new Log(storage, () => clock.now);
  await log.open(device, "Europe/Istanbul");
  return { log, clock, storage };
}

const entry = (/** @type {number} */ at, kind = "used", redemptionId = "X.1") =>
  /** @type {any} */ ({ id: `n${at}`, at, kind, tail: "PQRS", text: "Tea", redemptionId });

test("scans are counted by kind and listed newest first", async () => {
  const { log } = await opened();
  await log.add(entry(NOON));
  await log.add(entry(NOON + 1, "refused"));
  assert.deepEqual(log.entries.map(({ kind }) => kind), ["refused", "used"]);
  assert.deepEqual(log.counts, { used: 1, offline: 0, already: 0, refused: 1, given_back: 0 });
});

test("counts begin anew at the stand's own midnight, the list stays", async () => {
  const { log, clock } = await opened();
  await log.add(entry(NOON));
  clock.now = Date.parse("2019-11-11T20:59:59Z");
  assert.equal(log.counts.used, 1);
  clock.now += 1000;
  assert.equal(log.counts.used, 0);
  assert.equal(log.entries.length, 1);
});

test("a use may be given back once, for fifteen minutes", async () => {
  const { log, clock } = await opened();
  await log.add(entry(NOON));
  assert.ok(log.mayGiveBack(log.entries[0]));
  clock.now += GIVE_BACK_MS;
  assert.ok(!log.mayGiveBack(log.entries[0]));
  clock.now -= 1;
  await log.giveBack("X.1");
  assert.ok(!log.mayGiveBack(log.entries[0]));
  assert.equal(log.counts.given_back, 1);
});

test("what was not used cannot be given back", async () => {
  const { log } = await opened();
  await log.add(entry(NOON, "already", undefined));
  assert.ok(!log.mayGiveBack(log.entries[0]));
});

test("the log outlives a reload, but not its device", async () => {
  const { log, storage } = await opened();
  await log.add(entry(NOON));
  assert.equal((await opened(storage)).log.entries.length, 1);
  assert.equal((await opened(storage, "d2")).log.entries.length, 0);
});

test("only the last thirty are kept", async () => {
  const { log } = await opened();
  for (let at = 0; at < 40; at += 1) await log.add(entry(NOON + at));
  assert.equal(log.entries.length, 30);
  assert.equal(log.counts.used, 40);
});
