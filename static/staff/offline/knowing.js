// @ts-check
// What the phone knows without asking: the manifest and the list of used vouchers, kept and renewed.

import { ask } from "../api.js";
import { query, renewed } from "./manifest.js";
import { prefixesIn, prefixOf } from "./used.js";

/** @typedef {import("../api.js").Answer} Answer */
/** @typedef {import("../storage.js").Storage} Storage */
/** @typedef {import("./clock.js").Clock} Clock */
/** @typedef {import("./manifest.js").Manifest} Manifest */

const MANIFEST = "manifest";
const USED = "used";

export class Knowing {
  /** @type {Manifest | undefined} */
  manifest;
  deviceId = "";
  #cursor = "";
  /** @type {Set<string>} */
  #used = new Set();

  /** @param {Storage} storage @param {Clock} clock @param {typeof ask} [request] */
  constructor(storage, clock, request = ask) {
    this.storage = storage;
    this.clock = clock;
    this.request = request;
  }

  /** Know again what was kept for this device; what another one knew is none of its. @param {string} deviceId */
  async open(deviceId) {
    await this.clock.open();
    const [known, used] = await Promise.all([this.storage.get(MANIFEST), this.storage.get(USED)]);
    this.deviceId = deviceId;
    this.manifest = known?.of === deviceId ? known.manifest : undefined;
    this.#cursor = used?.of === deviceId ? used.cursor : "";
    this.#used = new Set(used?.of === deviceId ? used.prefixes : []);
  }

  /**
   * Ask for what is new, page by page; return the last answer.
   * @param {string} token @param {number} waiting entries @returns {Promise<Answer | null>}
   */
  async renew(token, waiting) {
    for (;;) {
      const asked = query(this.manifest, this.#cursor, waiting);
      const answer = await this.request(`/api/v1/devices/self/manifest${asked}`, { token, tries: 2 });
      if (!answer?.ok) return answer;
      await this.#take(answer.body);
      if (!answer.body.used.more) return answer;
    }
  }

  /** Tell whether the list has a voucher. @param {string} voucherId */
  async listed(voucherId) {
    return this.#used.has(await prefixOf(voucherId));
  }

  /** Note a use that this phone made or handed in. @param {string} voucherId */
  async use(voucherId) {
    this.#used.add(await prefixOf(voucherId));
    await this.#keepUsed();
  }

  /** @param {any} body */
  async #take(body) {
    await this.clock.heard(body.server_time);
    const manifest = renewed(this.manifest, body);
    this.manifest = manifest ?? undefined;
    await this.storage.put(MANIFEST, { of: this.deviceId, manifest: this.manifest });
    const { cursor, reset, prefixes } = body.used;
    if (reset) this.#used.clear();
    const before = this.#used.size;
    for (const prefix of prefixesIn(prefixes)) this.#used.add(prefix);
    const changed = reset || this.#used.size !== before || cursor !== this.#cursor;
    this.#cursor = cursor;
    if (changed) await this.#keepUsed();
  }

  async #keepUsed() {
    await this.storage.put(USED, { of: this.deviceId, cursor: this.#cursor, prefixes: [...this.#used] });
  }
}
