// @ts-check
// Who works with this device: a name for each scan, and for a supervisor the rights that the server
// grants. PINs are compared by the server alone; without network a name is a label. It outlives a
// reload, and ends by itself.

import { ask } from "./api.js";

/** @typedef {import("./api.js").Answer} Answer */
/** @typedef {import("./storage.js").Storage} Storage */
/** @typedef {{name: string, supervisor: boolean, endsAt: number}} Running */
/**
 * @typedef {object} State
 * @property {string} of the device
 * @property {Running | null} running
 * @property {boolean} told false while the server may know of an earlier shift that has ended
 * @property {string[]} names who worked here last, the newest first
 */

export const LIFE_MS = 10 * 60 * 60 * 1000; // as chalicelib/domain/shift.py has it
const SHIFT = "shift";
const PATH = "/api/v1/devices/self/shift";
const MOST_NAMES = 4;

export class Shift {
  /** @type {State} */
  #state = { of: "", running: null, told: true, names: [] };

  /**
   * @param {Storage} storage @param {() => number} now
   * @param {() => string} token of the device @param {typeof ask} [request]
   */
  constructor(storage, now, token, request = ask) {
    this.storage = storage;
    this.now = now;
    this.token = token;
    this.request = request;
  }

  /** Know again who worked with this device; another one's shift is none of its. @param {string} deviceId */
  async open(deviceId) {
    const kept = /** @type {State | undefined} */ (await this.storage.get(SHIFT));
    const fresh = { of: deviceId, running: null, told: true, names: [] };
    this.#state = kept?.of === deviceId ? kept : fresh;
  }

  /** The shift that runs now. @returns {Running | null} */
  get running() {
    const { running } = this.#state;
    return running && this.now() < running.endsAt ? running : null;
  }

  /** The name that goes with a scan. */
  get label() {
    return this.running?.name ?? null;
  }

  /** Whether a supervisor works with the device; the server asks again. */
  get supervises() {
    return this.running?.supervisor ?? false;
  }

  /** Who worked here last. */
  get names() {
    return this.#state.names;
  }

  /**
   * Begin. Without an answer a name alone will do; with a PIN there is then no shift, and one that
   * the server began all the same is ended.
   * @param {string} name @param {string} pin "" for none @returns {Promise<Answer | null>}
   */
  async begin(name, pin) {
    const answer = await this.request(PATH, { body: { name, pin: pin || null }, token: this.token() });
    if (answer?.ok) await this.#run(answer.body.name, answer.body.supervisor, true);
    else if (pin && (answer?.status ?? 500) >= 500) await this.#keep({ running: null, told: false });
    else if (answer === null) await this.#run(name, false, false);
    return answer;
  }

  /** End it; the server hears of it now or later. */
  async end() {
    await this.#keep({ running: null, told: false });
    await this.settle();
  }

  /** Tell the server of an end that it was not told of. */
  async settle() {
    const before = this.#state;
    if (before.told || !this.token()) return;
    const answer = await this.request(PATH, { method: "DELETE", token: this.token() });
    if (answer?.ok && this.#state === before) await this.#keep({ told: true });
  }

  /** @param {string} name @param {boolean} supervisor @param {boolean} told */
  async #run(name, supervisor, told) {
    const others = this.names.filter((other) => other !== name);
    const running = { name, supervisor, endsAt: this.now() + LIFE_MS };
    await this.#keep({ running, told, names: [name, ...others].slice(0, MOST_NAMES) });
  }

  /** @param {Partial<State>} changes */
  async #keep(changes) {
    this.#state = { ...this.#state, ...changes };
    await this.storage.put(SHIFT, this.#state).catch(() => {}); // full: it lasts as long as the page
  }
}
