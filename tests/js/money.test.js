import assert from "node:assert/strict";
import { test } from "node:test";

import { money, parseAmount } from "../../static/staff/money.js";

/** @type {[string, number, number | null][]} */
const CASES = [
  ["250", 2, 25000],
  ["250,5", 2, 25050],
  ["250.50", 2, 25050],
  ["1.250", 2, 125000],
  ["1,250", 2, 125000],
  ["1.250,50", 2, 125050],
  ["1,250.50", 2, 125050],
  ["1.250.000", 2, 125000000],
  ["1 250,50", 2, 125050],
  ["1\u00a0250,50", 2, 125050],
  ["1'250.50", 2, 125050],
  ["١٢٥٠٫٥٠", 2, 125050],
  ["۱۲۵۰", 2, 125000],
  ["0", 2, 0],
  ["0.5", 2, 50],
  ["12500", 0, 12500],
  ["12.500", 0, 12500],
  ["12.5", 0, null],
  ["0.125", 2, null],
  ["1234.567", 2, null],
  ["1.25.50", 2, null],
  ["1,250,50", 2, null],
  ["12..5", 2, null],
  ["-5", 2, null],
  ["abc", 2, null],
  ["", 2, null],
  ["99999999999999999", 2, null],
];

for (const [typed, decimals, minor] of CASES) {
  test(`"${typed}" with ${decimals} decimals is ${minor}`, () => {
    assert.equal(parseAmount(typed, decimals), minor);
  });
}

test("money is written with its currency's own decimals", () => {
  assert.match(money(12345, "CLP", 0, "en"), /12,345$/);
  assert.match(money(12345, "TRY", 2, "tr"), /123,45/);
  assert.match(money(12345, "EUR", 2, "ar"), /123[.,]45/);
});
