import assert from "node:assert/strict";
import { test } from "node:test";

import { dayOf, markOf, timeOf, verdictOf } from "../../static/staff/verdict.js";
import { SCORES, SHAKES } from "../../static/staff/sound.js";
import { speaker } from "../../static/staff/words.js";

const NOW = Date.parse("2019-11-11T11:30:00Z");
const facts = {
  say: speaker({ by_device: "by device {device}", by_this_device: "by this device" }),
  language: "en",
  deviceId: "dmine0000000000me",
  timeZone: "Europe/Istanbul",
  minorDigits: { TRY: 2, CLP: 0 },
  titleOf: (/** @type {string} */ id) => `title of ${id}`,
  now: () => NOW,
};
const problem = (/** @type {string} */ reason, more = {}) => ({
  status: 409,
  ok: false,
  body: { reason, title: "Title", detail: "Detail.", ...more },
});
const use = (/** @type {unknown} */ discount) => ({
  status: 201,
  ok: true,
  body: { redemption_id: "X.1", offer_id: "tea", discount },
});

test("a use says what to hand over", () => {
  const verdict = verdictOf(use(null), facts);
  assert.equal(verdict.kind, "used");
  assert.equal(verdict.sentence, "title of tea");
  assert.equal(verdict.figure, "");
  assert.deepEqual(verdict.lines, ["hand_over"]);
  assert.equal(verdict.redemptionId, "X.1");
});

test("a use with a discount says how much, in its currency's decimals", () => {
  assert.match(verdictOf(use({ amount_minor: 18010, currency: "TRY" }), facts).figure, /−.*180\.10/);
  assert.match(verdictOf(use({ amount_minor: 18010, currency: "CLP" }), facts).figure, /−.*18,010$/);
});

test("a replay is a use like the first", () => {
  assert.equal(verdictOf({ ...use(null), status: 200 }, facts).kind, "used");
});

test("an earlier use says when on the stand's clock, where, and by which device", () => {
  const used = { used_at: "2019-11-11T11:02:00Z", used_place: "Istanbul", time_zone: "Europe/Istanbul" };
  const other = verdictOf(problem("already_redeemed", { ...used, used_device_id: "dother00000000a7qx" }), facts);
  assert.equal(other.kind, "already");
  assert.equal(other.figure, "14:02");
  assert.equal(other.sentence, "Istanbul · by device A7QX");
  const own = verdictOf(problem("already_redeemed", { ...used, used_device_id: facts.deviceId }), facts);
  assert.equal(own.sentence, "Istanbul · by this device");
});

test("a use without its evidence still says that there was one", () => {
  const verdict = verdictOf(problem("already_redeemed"), facts);
  assert.deepEqual([verdict.kind, verdict.sentence], ["already", "Detail."]);
});

test("a refusal gives its reason and what to do, in the server's words", () => {
  const verdict = verdictOf(problem("wrong_city"), facts);
  assert.deepEqual(
    [verdict.kind, verdict.sentence, verdict.lines, verdict.reason],
    ["refused", "Title", ["Detail."], "wrong_city"],
  );
});

test("a voucher that depends on the order asks for its total", () => {
  assert.equal(verdictOf(problem("order_total_required", { currency: "TRY" }), facts).kind, "input");
});

test("no answer is never a yes", () => {
  assert.equal(verdictOf(null, facts).kind, "unanswered");
});

test("a time of another day names the day, of the stand's calendar", () => {
  assert.equal(timeOf("2019-11-10T21:30:00Z", "Europe/Istanbul", facts), "00:30");
  assert.match(timeOf("2019-11-10T20:30:00Z", "Europe/Istanbul", facts), /10.*23:30$/);
  assert.equal(dayOf(new Date("2019-11-11T07:59:00Z"), "America/Los_Angeles"), "2019-11-10");
});

test("devices are told apart by a short mark", () => {
  assert.equal(markOf("dabcdefghijka7qx"), "A7QX");
});

test("the ear and the hand know each verdict by what was agreed for it", () => {
  const scores = Object.entries(SCORES).map(([kind, notes]) => [kind, notes.map(({ hertz, ms }) => [hertz, ms])]);
  assert.deepEqual(Object.fromEntries(scores), {
    used: [[660, 120], [990, 180]], // two rising notes
    offline: [[660, 120], [660, 120]], // one note twice
    already: [[660, 160], [550, 260]], // a falling minor third
    refused: [[180, 350]], // a low buzz
    input: [[660, 90]],
    unanswered: [[180, 120], [180, 120]],
  });
  assert.deepEqual(SHAKES, {
    used: [60],
    offline: [60, 60, 60],
    already: [120, 80, 120],
    refused: [400],
    input: [30],
    unanswered: [200, 80, 200],
  });
});

test("every verdict has a sound and a shake of its own", () => {
  const kinds = ["used", "offline", "already", "refused", "input", "unanswered"];
  assert.deepEqual(Object.keys(SCORES).sort(), [...kinds].sort());
  assert.equal(new Set(kinds.map((kind) => JSON.stringify(SCORES[kind]))).size, kinds.length);
  assert.equal(new Set(kinds.map((kind) => JSON.stringify(SHAKES[kind]))).size, kinds.length);
});
