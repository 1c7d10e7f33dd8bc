import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";

import { Training } from "../../static/staff/training.js";
import { verdictOf } from "../../static/staff/verdict.js";
import { AT, code, manifest, publicOf } from "./phone.js";

const SEED = createHash("sha256").update("practice").digest();
globalThis.location = /** @type {any} */ ({ origin: "https://marquee.example" });
const say = (/** @type {string} */ key) => key;
const facts = /** @type {any} */ ({
  say, language: "en", deviceId: "d1", timeZone: "Europe/Istanbul", minorDigits: { TRY: 2 },
  titleOf: (/** @type {string} */ id) => id, now: () => AT,
});

/** Return what the screen shows of each code, one after the other. @param {any} known @param {[string, any][]} shown */
async function practised(known, ...shown) {
  const training = practising(known);
  const seen = [];
  for (const [scanned, total] of shown) {
    seen.push(verdictOf(await training.decide(/** @type {any} */ ({ scanned, total })), facts));
  }
  return seen;
}

function practising(/** @type {any} */ known) {
  const words = {
    say, refusals: { wrong_city: { title: "Elsewhere", detail: "" } }, manner: { language: "en", comma: ", ", minorDigits: {} },
  };
  const training = new Training(/** @type {any} */ ({ manifest: () => known, now: () => AT, deviceId: () => "d1", words }));
  training.toggle();
  return training;
}

function stand(/** @type {any} */ changes = {}) {
  const known = manifest({ offer: { offline: false, ...changes }, allowance: { uses: 0, value_minor: 0, currency: "TRY" } });
  known.keys.push({ ...known.keys[0], key_id: 0, x: publicOf(SEED), training: true });
  return known;
}

const practice = (/** @type {any} */ changes = {}) => code({ keyId: 0, seed: SEED, ...changes });

test("a practice code is used, then already used, whatever the offer asks of the network", async () => {
  const [used, again] = await practised(stand(), [practice(), null], [practice(), null]);
  assert.deepEqual([used.kind, used.sentence], ["used", "lantern"]);
  assert.deepEqual([again.kind, again.sentence, again.figure], ["already", "Istanbul · by_this_device", "15:00"]);
});

test("the amount is asked for, and says what to take off", async () => {
  const known = stand({ benefit: { kind: "percentage", percentage: 10 }, needs_order_total: true });
  const total = { amount_minor: 10_000, currency: "TRY" };
  const [asked, used] = await practised(known, [practice(), null], [practice(), total]);
  assert.deepEqual([asked.kind, used.kind], ["input", "used"]);
  assert.match(used.figure, /−.*10\.00/);
});

test("a live code is refused kindly and is not used", async () => {
  const [refused] = await practised(stand(), [code(), null]);
  assert.deepEqual([refused.kind, refused.sentence, refused.lines], ["refused", "live_code", ["live_code_cure"]]);
});

test("what was practised is forgotten with the end of training", async () => {
  const training = practising(stand());
  const scan = /** @type {any} */ ({ scanned: practice(), total: null });
  await training.decide(scan);
  training.toggle();
  assert.equal(training.on, false);
  training.toggle();
  assert.equal((await training.decide(scan)).ok, true);
});
