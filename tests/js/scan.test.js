import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { Debounce, isScan, keyOf, Nonces, SAME_CODE_MS, tailOf, textOf } from "../../static/staff/scan.js";
import { fleeting } from "../../static/staff/storage.js";

const golden = JSON.parse(readFileSync(new URL("../golden/codes.json", import.meta.url), "utf8"));
const { voucher_id, code, token } = golden.codes[2];

function numbered() {
  let count = 0;
  return () => `nonce-${(count += 1)}`;
}

test("URL, token and typed code of a voucher are one thing", () => {
  const url = `HTTPS://MARQUEE.EXAMPLE/V/${token}`;
  for (const text of [url, token, code, code.toLowerCase()]) {
    assert.equal(keyOf(textOf(text)), voucher_id);
    assert.equal(tailOf(text), code.slice(-4));
  }
});

test("of anything else only the last four characters are kept", () => {
  assert.equal(tailOf("https://example.com/abcdef"), "cdef");
  assert.equal(tailOf("x"), "x");
});

test("what is sent is never longer than the server takes", () => {
  assert.equal(textOf(` ${"x".repeat(20_000)} `).length, 10_000);
  assert.equal(textOf(" \n"), "");
});

test("the same code is ignored for three seconds, another one never", () => {
  let now = 1000;
  const debounce = new Debounce(() => now);
  assert.equal(debounce.holds("A"), false);
  debounce.start("A");
  now += SAME_CODE_MS - 1;
  assert.equal(debounce.holds("A"), true);
  assert.equal(debounce.holds("B"), false);
  now += 1;
  assert.equal(debounce.holds("A"), false);
});

test("a code that is to be scanned again is taken at once", () => {
  const debounce = new Debounce(() => 0);
  debounce.start("A");
  debounce.stop();
  assert.equal(debounce.holds("A"), false);
});

test("a nonce stays with its code until there is an answer, over a reload too", async () => {
  const storage = fleeting();
  const make = numbered();
  const nonces = new Nonces(storage, make);
  assert.equal(await nonces.open("A"), "nonce-1");
  assert.equal(await nonces.open("B"), "nonce-2");
  assert.equal(await new Nonces(storage, make).open("A"), "nonce-1");
  await nonces.close("A");
  assert.equal(await nonces.open("A"), "nonce-3");
  assert.equal(await nonces.open("B"), "nonce-2");
});

test("no code is kept beside its nonce", async () => {
  const storage = fleeting();
  await new Nonces(storage, numbered()).open(voucher_id);
  assert.ok(!JSON.stringify(await storage.get("nonces")).includes(voucher_id));
});

test("a hand scanner's text in the amount's field is told from an amount", () => {
  for (const text of [code, token, `https://marquee.example/V/${token}`, "garbage"]) assert.ok(isScan(text), text);
  for (const text of ["250", "1.250,50", "1 250", "٢٥٠", "", "12..5"]) assert.ok(!isScan(text), text);
});
