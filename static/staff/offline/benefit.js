// @ts-check
// What a use takes off an order; the law is that of chalicelib/domain/offer.py and money.py.

/** @typedef {import("../scan.js").Money} Money */
/**
 * @typedef {object} Benefit as the API writes it
 * @property {"percentage" | "amount" | "gift" | "delivery"} kind
 * @property {number} [percentage]
 * @property {Money} [amount]
 * @property {Money} [cap]
 * @property {Money} [minimum]
 */

/** Tell whether a use is worth nothing where its discount is zero. @param {Benefit} benefit */
export const takesMoneyOff = ({ kind }) => kind === "percentage" || kind === "amount";

/** Return the benefit's own currency, if any. @param {Benefit} benefit */
export const currencyOf = ({ amount, cap, minimum }) => (amount ?? cap ?? minimum)?.currency;

/** Return the discount in minor units, never above the order. @param {Benefit} benefit @param {number | null} total */
export function discount({ kind, percentage, amount, cap }, total) {
  if (kind === "percentage") {
    return Math.min(shareOf(total ?? 0, percentage ?? 0), cap?.amount_minor ?? Infinity);
  }
  return kind === "amount" ? Math.min(amount?.amount_minor ?? 0, total ?? Infinity) : 0;
}

/** Return so many per cent, rounded half to even. @param {number} amountMinor @param {number} percentage */
function shareOf(amountMinor, percentage) {
  const product = BigInt(amountMinor) * BigInt(percentage);
  const whole = product / 100n;
  const rest = product % 100n;
  const up = rest > 50n || (rest === 50n && whole % 2n === 1n);
  return Number(up ? whole + 1n : whole);
}
