// The order of checks, case by case: tests/golden/refusals.json, which Python runs too.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { verify } from "../../static/staff/offline/ed25519.js";
import { judge } from "../../static/staff/offline/judge.js";
import { code, manifest, publicOf, VOUCHER } from "./phone.js";

const golden = JSON.parse(readFileSync(new URL("../golden/refusals.json", import.meta.url), "utf8"));
/** What only the ledger knows, and what only a shop is asked. */
const UNKNOWN = ["stored", "state", "token_generation", "order_groups", "day_left", "budget_left", "sells_for"];
/** What the phone knows of its own campaign alone: a code of another one is refused as such. */
const OF_ITS_CAMPAIGN = new Set(["bad_signature", "unknown_key", "key_retired", "key_withdrawn", "training_code", "revoked"]);
/** What is not looked at where people practise: keys that count, and whether the stand is open. */
const NOT_PRACTISED = ["key_id", "key_not_after", "withdrawn_keys", "paused", "closed_until", "usable_from", "usable_until", "hours"];

for (const { name, changes } of golden.cases) {
  test(`the phone judges: ${name}`, async () => {
    const facts = { ...golden.sound, ...changes };
    const { accepted, refused } = await judged(facts);
    assert.equal(refused?.reason ?? "accepted", expected(changes), JSON.stringify(refused));
    assert.equal(accepted === null, refused !== null);
  });
}

test("a voucher on the list of used ones is a question, in the place of its state", async () => {
  const listed = async (/** @type {any} */ facts) => (await judged({ ...golden.sound, ...facts }, true)).refused;
  assert.deepEqual(await listed({}), { reason: "needs_network", facts: { why: "may_be_used" } });
  assert.equal((await listed({ hours: [["20:00", "22:00"]] }))?.reason, "not_now");
});

for (const { name, changes } of golden.cases) {
  if (NOT_PRACTISED.some((fact) => fact in changes)) continue;
  test(`a practice code is judged in training as a live one: ${name}`, async () => {
    const practised = await judged({ ...golden.sound, ...changes, key_id: 0 }, false, true);
    assert.equal(practised.refused?.reason ?? "accepted", expected(changes));
  });
}

test("in training a live code moves nothing, and a practice code needs neither network nor opening hours", async () => {
  const trained = async (/** @type {any} */ facts) =>
    (await judged({ ...golden.sound, ...facts }, false, true)).refused?.reason ?? "accepted";
  assert.equal(await trained({}), "live_code");
  assert.equal(await trained({ signature: "bad" }), "bad_signature");
  const closed = { key_id: 0, paused: true, closed_until: "2026-05-21T07:00:00Z", usable_from: "2026-05-25", hours: [] };
  assert.equal(await trained(closed), "accepted");
  assert.equal(await trained({ key_id: 0, token_expires_at: "2026-05-20T12:00:00Z" }), "expired");
});

/** Return the outcome of the case that is left without what the phone cannot know. @param {any} changes */
function expected(changes) {
  const budget = changes.budget_left !== undefined && changes.order_total_minor === null;
  if (budget) return "order_total_required"; // the manifest says that this offer needs a total
  const known = Object.fromEntries(Object.entries(changes).filter(([key]) => !UNKNOWN.includes(key)));
  const { benefit: _, ...without } = known; // a budget's own benefit, which nothing speaks against
  const left = found(known) ?? found(without);
  return known.voucher_campaign && OF_ITS_CAMPAIGN.has(left.reason) ? "wrong_campaign" : left.reason ?? "accepted";
}

const found = (/** @type {any} */ changes) =>
  golden.cases.find((/** @type {any} */ other) => same(other.changes, changes));

const same = (/** @type {any} */ one, /** @type {any} */ other) =>
  JSON.stringify(Object.entries(one).sort()) === JSON.stringify(Object.entries(other).sort());

/** Judge what the facts describe, as the phone meets it. @param {any} facts */
function judged(facts, isListed = false, training = false) {
  const text = code({
    keyId: facts.key_id, campaign: facts.voucher_campaign, popup: 2, generation: facts.token_generation,
    issued: facts.token_issued_at, expires: facts.token_expires_at,
    ...(facts.key_id === 0 && { seed: practiceSeed(facts.voucher_campaign) }),
    ...(facts.signature === "bad" && { seed: Buffer.alloc(32) }),
  });
  const total = facts.order_total_minor === null ? null : { amount_minor: facts.order_total_minor, currency: "TRY" };
  return judge({ scanned: text, total, at: Date.parse(facts.at) }, {
    manifest: known(facts),
    verify,
    training,
    listed: async () => isListed,
    acceptedHere: async () => null,
    held: async () => ({ uses: 0, valueMinor: 0 }),
  });
}

/** @param {any} facts */
function known(facts) {
  const place = (/** @type {any} */ { id, city, country }) => ({ popup_id: id, city, country });
  const hours = facts.hours.map(([opens, closes]) => ({ opens, closes, days: [1, 2, 3, 4, 5, 6, 7] }));
  const made = manifest({
    popup: { ...place(facts.used_at_stand), hours },
    key: { not_after: facts.key_not_after, withdrawn: facts.withdrawn_keys.includes(1) },
    offer: {
      usable_at: facts.usable_at, channels: facts.channels, benefit: benefit(facts.benefit),
      usable_from: instant(facts.usable_from), usable_until: end(facts.usable_until),
      needs_order_total: facts.benefit.kind === "percentage" || Boolean(facts.benefit.minimum_minor) || facts.budget_left !== null,
    },
    paused: facts.paused, closed_until: facts.closed_until,
    revoked: { vouchers: facts.revoked ? [VOUCHER] : [], batches: [], ranges: [] },
  });
  made.keys.push({ ...made.keys[0], key_id: 0, x: publicOf(practiceSeed(7)), not_after: null, withdrawn: false, training: true });
  made.campaign.popups = [{ ...place(facts.issued_at_stand), number: 2 }];
  return made;
}

/** The seed of practice codes where the claim secret is empty, as tests/unit/test_refusals.py has it. @param {number} campaign */
const practiceSeed = (campaign) => createHmac("sha256", "").update(`training|${campaign}`).digest();

/** @param {any} flat */
function benefit({ kind, percentage, amount_minor, minimum_minor, currency }) {
  const money = (/** @type {number | undefined} */ minor) => minor === undefined ? undefined : { amount_minor: minor, currency };
  return { kind, percentage, amount: money(amount_minor), minimum: money(minimum_minor) };
}

/** The instant of a wall time in Istanbul, which has no summer time. @param {string} wall */
function instant(wall) {
  const [day, time = "00:00"] = wall.split("T");
  return time === "24:00" ? nextDay(day) : new Date(`${day}T${time}+03:00`).toISOString();
}

const end = (/** @type {string} */ wall) => wall.includes("T") ? instant(wall) : nextDay(wall);

const nextDay = (/** @type {string} */ day) =>
  new Date(Date.parse(`${day}T00:00+03:00`) + 24 * 3_600_000).toISOString();
