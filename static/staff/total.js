// @ts-check
// The order's total, asked for on the verdict's own screen.

import { money, parseAmount } from "./money.js";
import { language, minorDigits, part, say } from "./page.js";
import { isScan } from "./scan.js";

/** @typedef {import("./scan.js").Money} Money */

/**
 * Ask for an amount. A code that a hand scanner types here is the next scan.
 * @param {string} currency @param {(total: Money) => void} answer @param {(text: string) => void} scan
 */
export function askTotal(currency, answer, scan) {
  const decimals = minorDigits[currency] ?? 2;
  const amount = /** @type {HTMLInputElement} */ (part("amount"));
  const shown = (/** @type {number} */ minor) => money(minor, currency, decimals, language);
  amount.inputMode = decimals ? "decimal" : "numeric";
  amount.addEventListener("input", () => {
    const minor = parseAmount(amount.value, decimals);
    read(amount, minor === null ? "" : `= ${shown(minor)}`, false);
  });
  part("total").addEventListener("submit", (/** @type {Event} */ event) => {
    event.preventDefault();
    const typed = amount.value;
    const minor = parseAmount(typed, decimals);
    if (minor !== null) return answer({ amount_minor: minor, currency });
    if (!isScan(typed)) return read(amount, say("total_wrong", { example: shown(12345) }), true);
    amount.value = "";
    scan(typed);
  });
  amount.focus();
}

/** Say how the amount was understood. @param {HTMLInputElement} amount @param {string} text @param {boolean} wrong */
function read(amount, text, wrong) {
  part("amount-read").textContent = text;
  amount.setAttribute("aria-invalid", String(wrong));
}
