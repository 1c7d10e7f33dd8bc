// @ts-check
// A voucher's identity as people and QR codes carry it; the law is that of domain/voucher.py
// and domain/token.py.

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"; // Crockford's base32
const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"; // RFC 4648
const ID_SYMBOLS = 15;
const BODY_SYMBOLS = 39; // 195 bits hold the token's body of 24 bytes
const LONGEST = 512;
const UNSEEN = /\p{Cf}/gu;
// Blanks, dashes, what nobody sees; U+0307: what a lower-cased İ leaves behind, U+2212: a minus.
const SEPARATORS = /[\s\p{Cf}\p{Pd}\u0307\u2212]/gu;
const SYMBOLS = /^(?:[^]*?\/V\/)?([A-Z2-7]{141})(?![A-Z0-9])/;

// Letters of a Turkish and a Cyrillic keyboard, and those of a plain one that look the same.
const TYPED = "İАВЕКМНОРСТУХІЈЅ";
const MEANT = "IABEKMHOPCTYXIJS";

/**
 * Return the voucher id in a typed code, a bare token or one of our URLs; null for all else.
 * Says nothing about the signature.
 * @param {string} text
 */
export const voucherIn = (text) => idOfCode(text) ?? idOfToken(text);

/** Return the code's last group, the check symbol at its end. @param {string} id */
export const lastGroup = (id) => id.slice(-3) + checkSymbol(id);

/** @param {string} text in any case and spacing @returns {string | null} */
export function idOfCode(text) {
  const symbols = symbolsOf(text);
  return symbols && checks(symbols) ? symbols.slice(0, ID_SYMBOLS) : null;
}

/** Return what was typed, in groups, where it has a code's form but a wrong symbol. @param {string} text */
export function mistyped(text) {
  const symbols = symbolsOf(text);
  return symbols && !checks(symbols) ? (symbols.match(/.{4}/g) ?? []).join("-") : null;
}

/**
 * Return a text in upper-case letters and digits of a plain keyboard, without blanks and dashes.
 * @param {string} text
 */
export const plain = (text) =>
  text.slice(0, LONGEST).normalize("NFKC").replace(SEPARATORS, "").replace(/(?!\d)\p{Nd}/gu, digit)
    .toUpperCase().replace(/[^\0-\x7f]/g, (letter) => MEANT[TYPED.indexOf(letter)] ?? letter);

/** Return a digit of another script as ours: a script's ten follow each other. @param {string} other */
function digit(other) {
  const at = other.codePointAt(0) ?? 0;
  let value = 0;
  while (/\p{Nd}/u.test(String.fromCodePoint(at - value - 1))) value += 1;
  return String(value % 10);
}

/** Return the 16 symbols of a typed code, or null where it has not a code's form. @param {string} text */
function symbolsOf(text) {
  const symbols = plain(text).replace(/O/g, "0").replace(/[IL]/g, "1");
  const known = symbols.length === ID_SYMBOLS + 1 && [...symbols].every((s) => ALPHABET.includes(s));
  return known ? symbols : null;
}

/** @param {string} symbols */
const checks = (symbols) => symbols[ID_SYMBOLS] === checkSymbol(symbols.slice(0, ID_SYMBOLS));

/** Return the base 32 of a bare token or of one of our URLs, whatever is behind it. @param {string} text */
export const tokenText = (text) =>
  SYMBOLS.exec(text.slice(0, LONGEST).replace(UNSEEN, "").trim().toUpperCase())?.[1] ?? null;

/** @param {string} text @returns {string | null} */
export function idOfToken(text) {
  const bare = tokenText(text);
  if (bare === null) return null;
  let bits = 0n;
  for (const symbol of bare.slice(0, BODY_SYMBOLS)) {
    bits = (bits << 5n) | BigInt(BASE32.indexOf(symbol));
  }
  const number = (bits >> 3n) & ((1n << 75n) - 1n); // the body's last 75 bits
  return Array.from({ length: ID_SYMBOLS }, (_, i) =>
    ALPHABET[Number((number >> BigInt(70 - 5 * i)) & 31n)]).join("");
}

/**
 * Return the symbol that makes the weighted sum over GF(32) zero; symbol i weighs 2 ** (i + 1).
 * @param {string} id
 */
export function checkSymbol(id) {
  let weight = 1;
  let total = 0;
  for (const symbol of id) {
    weight = times(weight, 2);
    total ^= times(weight, ALPHABET.indexOf(symbol));
  }
  return ALPHABET[total];
}

/** Multiply in GF(32) with x^5 + x^2 + 1. @param {number} left @param {number} right */
function times(left, right) {
  let product = 0;
  for (let factor = left, rest = right; rest; rest >>= 1) {
    if (rest & 1) product ^= factor;
    factor = (factor << 1) ^ (factor & 16 ? 0b100101 : 0);
  }
  return product;
}
