// @ts-check
// What this device did: the last scans and today's counts. Codes are cut to their last four.

import { dayOf } from "./verdict.js";

/** @typedef {import("./storage.js").Storage} Storage */
/** @typedef {"used" | "offline" | "already" | "refused"} Settled */
/**
 * @typedef {object} Entry
 * @property {string} id the scan's nonce
 * @property {number} at milliseconds
 * @property {Settled} kind
 * @property {string} tail
 * @property {string} text what it was, or why not
 * @property {string} [redemptionId]
 * @property {boolean} [givenBack]
 * @property {string | null} [shift] who scanned it
 */
/** @typedef {{used: number, offline: number, already: number, refused: number, given_back: number}} Counts */
/** @typedef {{device: string, day: string, counts: Counts, entries: Entry[]}} State */

export const GIVE_BACK_MS = 15 * 60 * 1000;
const LOG = "log";
const MOST = 30;
const NONE = { used: 0, offline: 0, already: 0, refused: 0, given_back: 0 };

export class Log {
  /** @type {State} */
  #state = { device: "", day: "", counts: { ...NONE }, entries: [] };

  /** @param {Storage} storage @param {() => number} now */
  constructor(storage, now) {
    this.storage = storage;
    this.now = now;
    this.timeZone = "UTC";
  }

  /** Read what is kept; another device's log is none of ours. @param {string} device @param {string} timeZone */
  async open(device, timeZone) {
    this.timeZone = timeZone;
    const kept = /** @type {State | undefined} */ (await this.storage.get(LOG));
    const fresh = { device, day: "", counts: { ...NONE }, entries: [] };
    this.#state = kept?.device === device ? kept : fresh;
  }

  /** The last scans, newest first. */
  get entries() {
    return this.#state.entries;
  }

  /** Today's counts, by the stand's own calendar. @returns {Counts} */
  get counts() {
    return this.#state.day === this.#today() ? this.#state.counts : { ...NONE };
  }

  /** Put a settled scan on top. @param {Entry} entry */
  async add(entry) {
    await this.#keep([entry, ...this.entries].slice(0, MOST), { [entry.kind]: 1 });
  }

  /** Note that a use was given back. @param {string} redemptionId */
  async giveBack(redemptionId) {
    const noted = this.entries.map((entry) =>
      entry.redemptionId === redemptionId ? { ...entry, givenBack: true } : entry);
    await this.#keep(noted, { given_back: 1 });
  }

  /** Note that a scan was taken back before the server knew of it. @param {string} id */
  async withdraw(id) {
    const noted = this.entries.map((entry) => (entry.id === id ? { ...entry, givenBack: true } : entry));
    await this.#keep(noted, { given_back: 1, offline: -1 });
  }

  /** Note what the server said of a scan that this device had accepted. @param {string} id @param {Partial<Entry>} news */
  async turn(id, news) {
    await this.open(this.#state.device, this.timeZone); // another tab may have written meanwhile
    const known = this.entries.find((entry) => entry.id === id);
    if (known?.kind !== "offline" || known.givenBack) return;
    const noted = this.entries.map((entry) => (entry.id === id ? { ...entry, ...news } : entry));
    await this.#keep(noted, { offline: -1, [news.kind ?? "used"]: 1 });
  }

  /** Say whether this device may still give it back. @param {Entry} entry */
  mayGiveBack({ kind, redemptionId, givenBack, at }) {
    const known = kind === "offline" || (kind === "used" && Boolean(redemptionId));
    return known && !givenBack && this.now() - at < GIVE_BACK_MS;
  }

  /** @param {Entry[]} entries @param {Partial<Counts>} more */
  async #keep(entries, more) {
    const counts = { ...NONE, ...this.counts };
    for (const [name, count] of Object.entries(more)) {
      counts[/** @type {keyof Counts} */ (name)] = Math.max(0, counts[/** @type {keyof Counts} */ (name)] + count);
    }
    this.#state = { device: this.#state.device, day: this.#today(), counts, entries };
    await this.storage.put(LOG, this.#state);
  }

  #today() {
    return dayOf(new Date(this.now()), this.timeZone);
  }
}
