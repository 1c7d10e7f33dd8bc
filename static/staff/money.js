// @ts-check
// Amounts as people type and read them; inside they are whole minor units.

const DIGITS = /[٠-٩۰-۹]/g;

/**
 * Return what was typed in minor units, or null where it is no amount of this many decimals.
 * One separator at the end of one or two digits is the decimal one; all others must group by
 * three.
 * @param {string} typed @param {number} decimals
 */
export function parseAmount(typed, decimals) {
  const text = typed
    .replace(DIGITS, (digit) => String(digit.charCodeAt(0) % 16))
    .replace(/٫/g, ".")
    .replace(/٬/g, ",")
    .replace(/[\s'’]/g, "");
  const parts = /^(?<whole>\d+|\d{1,3}(?<group>[.,])\d{3}(?:\k<group>\d{3})*)(?:(?<point>[.,])(?<fraction>\d+))?$/
    .exec(text)?.groups;
  if (!parts || (parts.group && parts.group === parts.point)) return null;
  const fraction = parts.fraction ?? "";
  if (decimals < 3 && fraction.length === 3 && /^[1-9]\d{0,2}$/.test(parts.whole)) {
    return minor(parts.whole + fraction, "", decimals); // 1.250 is a thousand and more
  }
  return fraction.length <= decimals ? minor(parts.whole.replace(/\D/g, ""), fraction, decimals) : null;
}

/** @param {string} whole @param {string} fraction @param {number} decimals */
function minor(whole, fraction, decimals) {
  const amount = Number(whole + fraction.padEnd(decimals, "0"));
  return amount <= 1e12 ? amount : null;
}

/**
 * Write money as the language does, in the digits of the keyboard.
 * @param {number} amountMinor @param {string} currency @param {number} decimals @param {string} language
 */
export function money(amountMinor, currency, decimals, language) {
  const style = /** @type {const} */ ({ style: "currency", currency, numberingSystem: "latn" });
  const digits = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  const grouped = /** @type {any} */ ({ useGrouping: "always" }); // as the server: 1.234, not 1234
  const format = new Intl.NumberFormat(language, { ...style, ...digits, ...grouped });
  return format.format(amountMinor / 10 ** decimals);
}
