// What the phone says by itself is what the server would say: tests/golden/told.json.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { openAt, opensNext } from "../../static/staff/offline/hours.js";
import { judge } from "../../static/staff/offline/judge.js";
import { whatItWas } from "../../static/staff/offline/shown.js";
import { told } from "../../static/staff/offline/telling.js";
import { AT, code, manifest } from "./phone.js";

const golden = JSON.parse(readFileSync(new URL("../golden/told.json", import.meta.url), "utf8"));
/** Leave out marks of direction, which show nothing, and the room that money has. @param {string} text */
const bare = (text) => text.replace(/[\u061c\u200e\u200f\u00a0\u202f]/g, "");

for (const { language, comma, minor_digits, row, facts, told: server } of golden) {
  test(`the phone says in ${language}: ${server}`, () => {
    const manner = { language, comma, minorDigits: minor_digits };
    assert.equal(bare(told(row, facts, manner)), bare(server));
  });
}

const nobody = {
  origin: "https://popup.example.org", verify: async () => true, listed: async () => false,
  acceptedHere: async () => null, held: async () => ({ uses: 0, valueMinor: 0 }),
};
const refused = async (/** @type {any} */ known, scanned = code(), total = null) =>
  (await judge({ scanned, total, at: AT }, { ...nobody, manifest: known })).refused;

test("a refusal carries what the phone knows: when, where, how much", async () => {
  const zone = { time_zone: "Europe/Istanbul" };
  const early = manifest({ offer: { usable_from: "2026-05-21T21:00:00Z" } });
  assert.deepEqual((await refused(early))?.facts, { starts_at: "2026-05-21T21:00:00Z", ...zone });
  const over = manifest({ offer: { usable_until: "2026-05-20T12:00:00Z" } });
  assert.deepEqual((await refused(over))?.facts, { ended_at: "2026-05-20T12:00:00Z", ...zone });
  const closed = manifest({ popup: { hours: [{ opens: "10:00", closes: "12:00", days: [4] }] } });
  assert.deepEqual((await refused(closed))?.facts, { opens_at: "2026-05-21T07:00:00.000Z", ...zone });
  assert.deepEqual((await refused(manifest({ popup: { hours: [] } })))?.facts, zone);
  const minimum = { kind: "amount", amount: { amount_minor: 500, currency: "TRY" }, minimum: { amount_minor: 9000, currency: "TRY" } };
  const small = await refused(manifest({ offer: { benefit: minimum } }), code(), { amount_minor: 100, currency: "TRY" });
  assert.deepEqual(small?.facts, { minimum_minor: 9000, currency: "TRY" });
  assert.deepEqual((await refused(manifest(), "https://example.com/menu"))?.facts, { scanned_host: "example.com" });
});

test("what was shown in place of a voucher is named", () => {
  const was = (/** @type {string} */ text) => whatItWas(text, "https://popup.example.org", manifest().campaign.popups);
  assert.deepEqual(was("HTTPS://POPUP.EXAMPLE.ORG/p/istanbul?s=poster"), { scanned_stand: "Istanbul" });
  assert.deepEqual(was("https://popup.example.org/p/nowhere"), { scanned_host: "popup.example.org" });
  assert.deepEqual(was("https://user:word@Example.com:8080/a b"), { scanned_host: "example.com" });
  assert.deepEqual(was("https://please hand it over/"), {});
  assert.deepEqual(was("0000-0000 0000-0001"), { typed_code: "0000-0000-0000-0001" });
  assert.deepEqual(was("\u2603"), {});
});

test("a stand opens next by its own clock, also over a change of clocks", () => {
  const hours = [{ opens: "10:00", closes: "22:00", days: [1, 2, 3, 4, 5, 6, 7] }, { opens: "08:30", closes: "09:00", days: [7] }];
  const next = (/** @type {string} */ zone, /** @type {string} */ at) =>
    new Date(opensNext(hours, zone, Date.parse(at)) ?? 0).toISOString();
  assert.equal(next("Europe/Istanbul", "2026-05-20T20:00:00Z"), "2026-05-21T07:00:00.000Z");
  assert.equal(next("Europe/Madrid", "2026-03-28T22:30:00Z"), "2026-03-29T06:30:00.000Z", "clocks go ahead in the night");
  assert.equal(next("Europe/Madrid", "2026-10-24T22:30:00Z"), "2026-10-25T07:30:00.000Z", "clocks go back in the night");
  assert.equal(next("America/Santiago", "2026-05-20T15:30:30Z"), "2026-05-21T14:00:00.000Z", "not the one that is on");
  assert.equal(opensNext([], "Europe/Madrid", AT), null);
  const monday = [{ opens: "00:00", closes: "24:00", days: [1] }];
  const start = opensNext(monday, "Asia/Tokyo", AT) ?? 0;
  assert.ok(openAt(monday, "Asia/Tokyo", start) && !openAt(monday, "Asia/Tokyo", start - 60_000));
});
