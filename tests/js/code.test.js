// The same golden codes as tests/unit/test_voucher.py and test_token.py read with the product's own Python.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { idOfCode, idOfToken, lastGroup, voucherIn } from "../../static/staff/code.js";

const golden = JSON.parse(readFileSync(new URL("../golden/codes.json", import.meta.url), "utf8"));

test("a code, its token and its id name the same voucher", () => {
  for (const { voucher_id, code, token } of golden.codes) {
    assert.equal(idOfCode(code), voucher_id);
    assert.equal(idOfToken(token), voucher_id);
    assert.equal(lastGroup(voucher_id), code.slice(-4));
  }
});

test("typed codes are read as the server reads them", () => {
  for (const { text, voucher_id } of golden.typed) assert.equal(idOfCode(text), voucher_id, text);
});

test("what a camera gives is read as the server reads it", () => {
  for (const { text, voucher_id } of golden.shown) assert.equal(idOfToken(text), voucher_id, text);
});

test("garbage of any length names no voucher", () => {
  assert.equal(voucherIn("x".repeat(3000)), null);
  assert.equal(voucherIn("\u0000"), null);
});
