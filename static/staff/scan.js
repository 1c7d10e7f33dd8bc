// @ts-check
// One scan: what was shown, and the nonce under which it is sent however often it takes.

import { lastGroup, voucherIn } from "./code.js";
import { digest } from "./keys.js";

/** @typedef {import("./storage.js").Storage} Storage */
/** @typedef {{amount_minor: number, currency: string}} Money */
/**
 * @typedef {object} Scan
 * @property {string} scanned what camera or keyboard gave
 * @property {string} key the voucher it names, however it was written
 * @property {string} tail what may be shown and kept of it
 * @property {string} nonce
 * @property {string} scannedAt
 * @property {Money | null} total
 * @property {string | null} shift who works with the device
 */

export const SAME_CODE_MS = 3000;
const LONGEST = 10_000;
const NONCES = "nonces";
const MOST_NONCES = 100;

/** Return what is to be judged; blanks around it and what no code has are left out. @param {string} raw */
export const textOf = (raw) => raw.trim().slice(0, LONGEST);

/** Return the name of what was scanned: one for URL, token and typed code of a voucher. @param {string} text */
export const keyOf = (text) => voucherIn(text) ?? text;

/** Return the last four of what was scanned; nothing more of a code is kept. @param {string} text */
export function tailOf(text) {
  const id = voucherIn(text);
  return id ? lastGroup(id) : [...text].slice(-4).join("");
}

/** Say whether text in another field came from a scanner. @param {string} text */
export const isScan = (text) => voucherIn(text) !== null || /[/:]|[^\s\d.,٫٬٠-٩۰-۹]{4}/.test(text);

/** Tells a scanner that fires twice from a visitor who comes twice. */
export class Debounce {
  #key = "";
  #until = 0;

  /** @param {() => number} now milliseconds */
  constructor(now) {
    this.now = now;
  }

  /** Say whether this code was settled a moment ago. @param {string} key */
  holds(key) {
    return key === this.#key && this.now() < this.#until;
  }

  /** Ignore this code for a moment, from now on. @param {string} key @param {number} [ms] */
  start(key, ms = SAME_CODE_MS) {
    this.#key = key;
    this.#until = this.now() + ms;
  }

  /** Take the same code again at once. */
  stop() {
    this.#until = 0;
  }
}

/**
 * The nonces of what is still unanswered, kept over a reload: the same code, the same nonce.
 * Codes are kept as their digests.
 */
export class Nonces {
  /** @param {Storage} storage @param {() => string} make */
  constructor(storage, make = () => crypto.randomUUID()) {
    this.storage = storage;
    this.make = make;
  }

  /** Return the open nonce of this key, or a new one. @param {string} key @returns {Promise<string>} */
  async open(key) {
    const [name, kept] = await Promise.all([digest(key), this.#kept()]);
    const nonce = kept.find(([of]) => of === name)?.[1] ?? this.make();
    await this.storage.put(NONCES, [...kept.filter(([of]) => of !== name), [name, nonce]]);
    return nonce;
  }

  /** Forget the nonce of what was answered. @param {string} key */
  async close(key) {
    const [name, kept] = await Promise.all([digest(key), this.#kept()]);
    await this.storage.put(NONCES, kept.filter(([of]) => of !== name));
  }

  /** @returns {Promise<[string, string][]>} */
  async #kept() {
    return ((await this.storage.get(NONCES)) ?? []).slice(-MOST_NONCES);
  }
}
