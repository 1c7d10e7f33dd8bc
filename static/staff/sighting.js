// @ts-check
// What lies before the camera is read many times a second, and is one scan.

export const GONE_AFTER_MS = 3000;
export const GONE_AFTER_LOOKS = 8; // a phone that paused for a while has not looked away
const MOST = 50;

/** Tells a code that has come into sight from one that is still there. */
export class Sightings {
  /** @type {Map<string, {at: number, look: number}>} when each was last seen */
  #seen = new Map();

  /** @param {() => number} now milliseconds @param {() => number} looks pictures looked at so far */
  constructor(now, looks) {
    this.now = now;
    this.looks = looks;
  }

  /** Note a code that is seen; say whether it was out of sight before. @param {string} key */
  isNew(key) {
    const last = this.#seen.get(key);
    const [at, look] = [this.now(), this.looks()];
    this.#seen.delete(key); // the one seen last stands last
    this.#seen.set(key, { at, look });
    if (this.#seen.size > MOST) this.#seen.delete(this.#seen.keys().next().value ?? "");
    return !last || (at - last.at >= GONE_AFTER_MS && look - last.look >= GONE_AFTER_LOOKS);
  }
}

/**
 * Choose what was meant among the codes of one picture: the one that is a voucher, else any.
 * @param {string[]} texts @param {(text: string) => boolean} isVoucher
 */
export const meant = (texts, isVoucher) => texts.find(isVoucher) ?? texts[0];

/**
 * Say whether a code opens a page of ours for visitors or staff: the stand's own poster hangs
 * behind many a voucher and is no mistake of anybody's.
 * @param {string} text @param {string} origin
 */
export function isOwnPage(text, origin) {
  const lower = text.toLowerCase();
  return ["/p/", "/c/", "/staff"].some((path) => lower.startsWith(origin.toLowerCase() + path));
}
