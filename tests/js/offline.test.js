// What the phone decides by itself: by which clock, over which network, from which knowledge.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { checkSymbol } from "../../static/staff/code.js";
import { allows } from "../../static/staff/offline/allowance.js";
import { Clock } from "../../static/staff/offline/clock.js";
import { Deciding } from "../../static/staff/offline/deciding.js";
import { verify } from "../../static/staff/offline/ed25519.js";
import { freshnessOf } from "../../static/staff/offline/freshness.js";
import { openAt } from "../../static/staff/offline/hours.js";
import { judge } from "../../static/staff/offline/judge.js";
import { Knowing } from "../../static/staff/offline/knowing.js";
import { Link } from "../../static/staff/offline/link.js";
import { revokes } from "../../static/staff/offline/revoked.js";
import { prefixOf } from "../../static/staff/offline/used.js";
import { answerTo } from "../../static/staff/offline/words.js";
import { fleeting } from "../../static/staff/storage.js";
import { isWorse } from "../../static/staff/verdict.js";
import { AT, code, manifest, VOUCHER } from "./phone.js";

const HOUR = 3_600_000;
const words = { say: (/** @type {string} */ key) => key, refusals: {} };
const nobody = { verify, listed: async () => false, acceptedHere: async () => null, held: async () => ({ uses: 0, valueMinor: 0 }) };
const scanOf = (/** @type {string} */ scanned, total = null) =>
  /** @type {any} */ ({ scanned, total, key: VOUCHER, nonce: "n1", tail: "", scannedAt: "" });

// --- The network ------------------------------------------------------------------------------

test("the last two requests decide where they agree, else most of the last five", () => {
  const link = new Link();
  const after = (/** @type {boolean[]} */ ...more) => {
    more.forEach((good) => link.note(good));
    return link.up;
  };
  assert.equal(link.up, true);
  assert.equal(after(false), false);
  assert.equal(after(true), true);
  assert.equal(after(false, false), false);
  assert.equal(after(true), false, "two of five");
  assert.equal(after(true), true, "twice in a row");
  assert.equal(after(false), false, "two of five");
  assert.equal(link.sure, false);
  assert.equal(after(true), true, "three of five");
});

/** @param {any} changes */
function deciding(changes = {}) {
  const kept = [];
  const parts = {
    redeem: async () => null, up: () => true, now: () => AT, words,
    knowledge: () => ({ ...nobody, manifest: manifest() }),
    keep: async (scan, accepted) => Boolean(kept.push([scan.nonce, accepted.voucherId])),
    wait: async () => {},
    ...changes,
  };
  return { deciding: new Deciding(/** @type {any} */ (parts)), kept };
}

const never = () => new Promise(() => {});
const used = { status: 201, ok: true, body: { redemption_id: "X.1" } };

test("a server that answers in time has the word, and nothing is kept here", async () => {
  const { deciding: judge, kept } = deciding({ redeem: async () => used, wait: never });
  assert.equal(await judge.decide(scanOf(code()), assert.fail), used);
  assert.deepEqual(kept, []);
});

test("one that does not is stood in for, under the same nonce, and heard later", async () => {
  /** @type {(answer: any) => void} */
  let answer = () => {};
  const { deciding: judge, kept } = deciding({ redeem: () => new Promise((done) => (answer = done)) });
  const heard = new Promise((done) => {
    judge.decide(scanOf(code()), done).then((own) => {
      assert.equal(own?.ok && own.offline, true);
      assert.deepEqual(kept, [["n1", VOUCHER]]);
      answer(used);
    });
  });
  assert.equal(await heard, used);
});

test("without network the phone judges at once, and asks where only the server can tell", async () => {
  let asked = 0;
  const down = { up: () => false, redeem: async () => void (asked += 1) ?? null };
  const { deciding: judge, kept } = deciding(down);
  await judge.decide(scanOf(code()), assert.fail);
  assert.deepEqual([asked, kept.length], [0, 1]);
  const typed = await judge.decide(scanOf(VOUCHER + checkSymbol(VOUCHER)), assert.fail);
  assert.equal(asked, 1);
  assert.equal(typed?.open, true);
});

test("what cannot be kept is not accepted", async () => {
  const { deciding: judge } = deciding({ up: () => false, keep: async () => false });
  const said = await judge.decide(scanOf(code()), assert.fail);
  assert.deepEqual([said?.ok, said?.body.reason], [false, "cannot_keep"]);
});

test("a phone that never heard of its stand waits for the server", async () => {
  const { deciding: judge } = deciding({ knowledge: () => ({ ...nobody, manifest: undefined }) });
  assert.equal(await judge.decide(scanOf(code()), assert.fail), null);
});

test("news sounds only where it is worse", () => {
  assert.deepEqual([isWorse("offline", "used"), isWorse("offline", "already"), isWorse("refused", "already")], [false, true, false]);
});

test("the answer to an entry speaks as the answer to its scan would have", () => {
  const result = (/** @type {string} */ outcome, reason = null) =>
    /** @type {any} */ ({ seq: 1, nonce: "n1", outcome, reason, redemption_id: "X.1" });
  const before = { offer_id: "tea", discount: null };
  assert.deepEqual(answerTo(result("accepted"), before, {}).body, { ...before, redemption_id: "X.1" });
  assert.equal(answerTo(result("duplicate"), before, {}).ok, true);
  const conflict = answerTo(result("conflict", "expired"), before, { expired: { title: "Over", detail: "." } });
  assert.deepEqual(conflict.body, { reason: "expired", title: "Over", detail: "." });
});

// --- The clock --------------------------------------------------------------------------------

function clock(storage = fleeting()) {
  const device = { now: AT + 3 * HOUR, ticks: 100 };
  const made = new Clock(storage, { now: () => device.now, ticks: () => device.ticks });
  return { made, device, storage };
}

test("a clock three hours fast tells the server's time, even when it is set meanwhile", async () => {
  const { made, device } = clock();
  await made.heard(new Date(AT).toISOString());
  device.ticks += 5000;
  device.now -= HOUR;
  assert.equal(made.now(), AT + 5000);
  assert.equal(made.elapsed(), 5000);
  assert.equal(made.contactAt, new Date(AT).toISOString());
});

test("after a restart the device's own clock says how long ago that was", async () => {
  const { made, storage } = clock();
  await made.heard(new Date(AT).toISOString());
  const { made: again, device } = clock(storage);
  await again.open();
  device.now += 7000;
  assert.equal(again.now(), AT + 7000);
  device.now -= 2 * HOUR;
  assert.equal(again.elapsed(), 0, "time does not run backwards");
});

test("a phone that never heard the server has its own clock", () => {
  const { made, device } = clock();
  assert.deepEqual([made.now(), made.elapsed(), made.contactAt], [device.now, 0, null]);
});

// --- What is known ----------------------------------------------------------------------------

test("a manifest is fresh, then stale, then too old", () => {
  const known = manifest();
  const at = (/** @type {string} */ text) => freshnessOf(known, Date.parse(text));
  assert.deepEqual(
    [at("2026-05-20T17:59:59Z"), at("2026-05-20T18:00:00Z"), at("2026-05-21T05:59:59Z"), at("2026-05-21T06:00:00Z")],
    ["fresh", "stale", "stale", "too_old"],
  );
});

const answerOf = (/** @type {any} */ body) => ({ status: 200, ok: true, body });
const golden = JSON.parse(readFileSync(new URL("../golden/manifest.json", import.meta.url), "utf8"));

test("the manifest comes page by page; what did not change is not sent again", async () => {
  const [one, two] = [await prefixOf("A"), await prefixOf("B")];
  const page = (/** @type {string} */ hex, /** @type {any} */ used) => ({ prefixes: Buffer.from(hex, "hex").toString("base64"), ...used });
  const asked = [];
  const pages = [
    { ...golden, used: page(one, { cursor: "c1", more: true, reset: true }) },
    { ...golden, campaign: null, used: page(two, { cursor: "c2", more: false, reset: false }) },
    { ...golden, campaign: null, used: page("", { cursor: "c3", more: false, reset: true }) },
  ];
  const storage = fleeting();
  const knowing = new Knowing(storage, clock(storage).made, async (path) => {
    asked.push(path.split("?")[1] ?? "");
    return answerOf(pages.shift());
  });
  await knowing.open("d1");
  await knowing.renew("t", 3);
  assert.deepEqual(asked, ["waiting=3", "revision=7.9&used=c1&waiting=3"]);
  assert.deepEqual(knowing.manifest?.campaign, golden.campaign);
  assert.deepEqual([await knowing.listed("A"), await knowing.listed("B")], [true, true]);
  await knowing.use("C");
  const again = new Knowing(storage, clock(storage).made, async () => answerOf(pages.shift()));
  await again.open("d1");
  assert.deepEqual([again.manifest?.epoch, await again.listed("B"), await again.listed("C")], [9, true, true]);
  await again.renew("t", 0);
  assert.equal(await again.listed("B"), false, "the list began anew");
  await again.open("d2");
  assert.equal(again.manifest, undefined, "another device's knowledge");
});

test("the golden manifest judges the golden code's shape", async () => {
  const scan = { scanned: code({ campaign: 1, offer: 3, popup: 8, voucher: "123456789ABCDEF", issued: "2019-11-11T08:00:00Z" }), total: null, at: Date.parse("2019-11-11T09:30:00Z") };
  const { refused } = await judge(scan, { ...nobody, manifest: golden });
  assert.deepEqual(refused, { reason: "order_total_required", facts: { currency: "TRY" } });
});

test("this phone's own use of a voucher is a use, whatever else would be asked", async () => {
  const mine = { used_at: "2026-05-20T11:00:00Z" };
  const known = { ...nobody, manifest: manifest(), acceptedHere: async () => mine };
  const { refused } = await judge(/** @type {any} */ ({ scanned: code(), total: null, at: AT }), known);
  assert.deepEqual(refused, { reason: "already_redeemed", facts: mine });
  const closed = { ...known, manifest: manifest({ popup: { hours: [] } }) };
  assert.equal((await judge({ scanned: code(), total: null, at: AT }, closed)).refused?.reason, "not_now");
});

test("a stand that its manager closed is closed until its next opening", async () => {
  const opens = "2026-05-21T07:00:00Z";
  const closed = { ...nobody, manifest: manifest({ closed_until: opens }) };
  const { refused } = await judge({ scanned: code(), total: null, at: AT }, closed);
  assert.equal(refused?.reason, "not_now");
  assert.equal(refused?.facts?.opens_at, "2026-05-21T07:00:00.000Z");
  const again = await judge({ scanned: code(), total: null, at: Date.parse(opens) }, { ...nobody, manifest: manifest({ closed_until: opens, not_after: "2026-05-22T00:00:00Z" }) });
  assert.equal(again.refused, null);
});

test("what the stand does not know yet, or may not do without network, is asked for", async () => {
  const why = async (/** @type {any} */ token, /** @type {any} */ known) =>
    (await judge({ scanned: code(token), total: null, at: AT }, { ...nobody, manifest: known })).refused;
  assert.equal((await why({ offer: 9 }, manifest()))?.facts?.why, "unknown_offer");
  assert.equal((await why({ popup: 9 }, manifest()))?.facts?.why, "unknown_offer");
  assert.equal((await why({}, manifest({ offer: { offline: false } })))?.facts?.why, "not_offline");
  assert.equal((await why({}, manifest({ key: { training: true } })))?.reason, "training_code");
  assert.equal((await why({}, manifest({ grace_until: "2026-05-20T12:00:30Z", not_after: "2026-05-20T12:00:30Z" })))?.reason, "stale_manifest");
});

test("an offer's own law of money holds on the phone too", async () => {
  const tenth = { kind: "percentage", percentage: 10, cap: { amount_minor: 400, currency: "TRY" } };
  const known = manifest({ offer: { benefit: tenth, needs_order_total: true } });
  const of = async (/** @type {any} */ total) => judge({ scanned: code(), total, at: AT }, { ...nobody, manifest: known });
  assert.deepEqual((await of({ amount_minor: 3005, currency: "TRY" })).accepted?.discount, { amount_minor: 300, currency: "TRY" });
  assert.equal((await of({ amount_minor: 9000, currency: "TRY" })).accepted?.discount?.amount_minor, 400);
  assert.equal((await of({ amount_minor: 9000, currency: "EUR" })).refused?.reason, "order_total_required");
});

test("a phone accepts so many uses and so much value, then it has to hand in", async () => {
  const known = manifest({ allowance: { uses: 2, value_minor: 1000, currency: "TRY" } });
  assert.equal(allows(known, { uses: 1, valueMinor: 400 }, 600), true);
  assert.equal(allows(known, { uses: 1, valueMinor: 400 }, 601), false);
  assert.equal(allows(known, { uses: 2, valueMinor: 0 }, 0), false);
  const full = { ...nobody, manifest: known, held: async () => ({ uses: 2, valueMinor: 0 }) };
  assert.equal((await judge({ scanned: code(), total: null, at: AT }, full)).refused?.reason, "offline_allowance_used");
});

test("minted vouchers are withdrawn as a batch or a range, claimed ones by themselves", () => {
  const minted = JSON.parse(readFileSync(new URL("../golden/mint.json", import.meta.url), "utf8")).ids[0];
  const { batch, serial, voucher_id } = minted;
  const none = { vouchers: [], batches: [], ranges: [] };
  assert.equal(revokes(none, voucher_id), false);
  assert.equal(revokes({ ...none, vouchers: [voucher_id] }, voucher_id), true);
  assert.equal(revokes({ ...none, batches: [batch] }, voucher_id), true);
  assert.equal(revokes({ ...none, ranges: [`${batch}:${serial}-${serial}`] }, voucher_id), true);
  assert.equal(revokes({ ...none, ranges: [`${batch}:${serial + 1}-${serial + 9}`] }, voucher_id), false);
  assert.equal(revokes({ ...none, batches: [0] }, VOUCHER), false, "a claimed one has no batch");
});

test("both passes of a repeated hour are open, and a session may pass midnight", () => {
  const night = [{ opens: "22:00", closes: "02:30", days: [6] }]; // Saturdays
  const at = (/** @type {string} */ text) => openAt(night, "Europe/Madrid", Date.parse(text));
  assert.deepEqual([at("2026-10-25T00:15:00Z"), at("2026-10-25T01:15:00Z")], [true, true]); // 02:15 twice
  assert.deepEqual([at("2026-10-25T01:30:00Z"), at("2026-10-24T19:59:00Z")], [false, false]);
});
