// @ts-check
// The scanner without network, put together: what it knows, what waits, who judges, who hands in.

import { observe } from "../api.js";
import { redeem } from "../redeeming.js";
import { Clock } from "./clock.js";
import { Deciding } from "./deciding.js";
import { verify } from "./ed25519.js";
import { freshnessOf } from "./freshness.js";
import { Knowing } from "./knowing.js";
import { Link } from "./link.js";
import { Queue } from "./queue.js";
import { alone, Sync } from "./sync.js";

/** @typedef {import("../api.js").Answer} Answer */
/** @typedef {import("../enrolment.js").Device} Device */
/** @typedef {import("../scan.js").Nonces} Nonces */
/** @typedef {import("../scan.js").Scan} Scan */
/** @typedef {import("../storage.js").Storage} Storage */
/** @typedef {import("./batch.js").Result} Result */
/** @typedef {import("./judge.js").Accepted} Accepted */
/** @typedef {import("./judge.js").Knowledge} Knowledge */
/** @typedef {import("./words.js").Words} Words */
/**
 * @typedef {object} Parts
 * @property {Storage} storage
 * @property {Nonces} nonces
 * @property {() => Device | undefined} device
 * @property {() => Promise<CryptoKey | undefined>} key
 * @property {Words} words
 * @property {{now: () => number, ticks: () => number}} time
 * @property {() => Promise<boolean>} probe tells whether the server answers
 * @property {(waiting: number, up: boolean) => void} show
 * @property {(results: Result[]) => Promise<void>} settled
 * @property {(answer: Answer) => void} turnedAway
 */

export class Outpost {
  /** @type {Promise<boolean> | null} */
  #probing = null;

  /** @param {Parts} parts */
  constructor(parts) {
    const { storage, time, device, key, turnedAway, words } = parts;
    this.parts = parts;
    this.link = new Link();
    this.clock = new Clock(storage, time);
    this.knowing = new Knowing(storage, this.clock);
    this.queue = storage.database && new Queue(storage.database);
    this.sync = this.queue && new Sync({
      queue: this.queue, device, key, turnedAway, alone, now: time.now,
      settled: (results) => this.#settled(results),
    });
    this.deciding = new Deciding({
      redeem: (scan) => this.#redeem(scan),
      up: () => this.link.up,
      now: () => this.clock.now(),
      knowledge: () => this.#knowledge(),
      keep: (scan, accepted) => this.#keep(scan, accepted),
      words,
    });
    this.tabs = tabs((results) => (results.length ? this.#told(results) : this.show()));
    observe((inTime) => {
      this.link.note(inTime);
      this.show();
    });
  }

  /** Begin, or begin again, for a device. @param {Device} device */
  async open({ device_id }) {
    this.queue?.open(device_id);
    await this.knowing.open(device_id);
    await this.show();
  }

  /** Learn what is new. @param {Device} device @returns {Promise<Answer | null>} */
  async renew({ device_token }) {
    return this.knowing.renew(device_token, (await this.queue?.count()) ?? 0);
  }

  /** How far what the phone knows may be trusted; without a manifest there is nothing to trust. */
  freshness() {
    const { manifest } = this.knowing;
    return manifest ? freshnessOf(manifest, this.clock.now()) : "fresh";
  }

  /** Judge a scan. @param {Scan} scan @param {(answer: Answer) => void} later */
  async decide(scan, later) {
    const decision = await this.deciding.decide(scan, later);
    this.flush();
    return decision;
  }

  /** Take back what this phone let in; false where the server may know of it. @param {string} nonce */
  async undo(nonce) {
    const done = (await this.queue?.withdraw(nonce)) ?? false;
    this.flush();
    return done;
  }

  /**
   * Hand in what waits. After a request that failed, a small one goes first: what was once sent can
   * no longer be taken back.
   */
  async flush() {
    if (this.link.sure || (await this.#probe())) await this.sync?.flush();
    await this.show();
  }

  /** Tell whether the server answers; one request serves all who want to know. @returns {Promise<boolean>} */
  #probe() {
    this.#probing ??= this.parts.probe().finally(() => (this.#probing = null));
    return this.#probing;
  }

  /** Tell whether nothing waits any more. @returns {Promise<boolean>} */
  async empty() {
    return !this.queue || (await this.queue.count()) === 0;
  }

  /** Hand in and tell whether all is. */
  async emptied() {
    if (!(await this.empty())) await this.flush();
    return this.empty();
  }

  async show() {
    this.parts.show((await this.queue?.count()) ?? 0, this.link.up);
  }

  /** @param {Scan} scan */
  async #redeem(scan) {
    const { nonces, device } = this.parts;
    const answer = await redeem(nonces, device()?.device_token ?? "", scan);
    // The verdict waits for no disk: the whole list is written, and the server's next one has it, too.
    if (answer?.ok) this.knowing.use(scan.key).catch(() => {});
    return answer;
  }

  /** @returns {Knowledge} */
  #knowledge() {
    const { queue, knowing } = this;
    const { manifest } = knowing;
    return {
      origin: location.origin,
      manifest,
      verify,
      listed: (voucherId) => knowing.listed(voucherId),
      acceptedHere: async (voucherId) => {
        const own = await queue?.find(voucherId);
        if (!own) return null;
        const { city, time_zone } = manifest?.campaign.popup ?? {};
        return { used_at: own.accepted_at, used_place: city, time_zone, used_device_id: knowing.deviceId };
      },
      held: async () => (await queue?.held()) ?? { uses: 0, valueMinor: 0 },
    };
  }

  /** Put an accepted scan on the disk; false where there is none, or it is full. @param {Scan} scan @param {Accepted} accepted */
  async #keep(scan, { voucherId, discount }) {
    if (!this.queue) return false;
    try {
      await this.queue.add(this.#use(scan), {
        voucher_id: voucherId,
        value_minor: discount?.amount_minor ?? 0,
        accepted_at: new Date(this.clock.now()).toISOString(),
      });
      await this.parts.nonces.close(scan.key);
      this.tabs?.postMessage([]);
      return true;
    } catch {
      return false;
    }
  }

  /** @param {Scan} scan @returns {import("./queue.js").Use} */
  #use({ scanned, nonce, scannedAt, total, shift }) {
    return {
      scanned,
      nonce,
      scanned_at: scannedAt,
      elapsed_ms: this.clock.elapsed(),
      contact_at: this.clock.contactAt,
      epoch: this.knowing.manifest?.epoch ?? 0,
      order_total: total,
      shift,
    };
  }

  /** @param {Result[]} results */
  async #settled(results) {
    await this.#told(results);
    this.tabs?.postMessage(results); // who had shown it, shows what became of it
  }

  /** @param {Result[]} results */
  async #told(results) {
    await this.parts.settled(results);
    await this.show();
  }
}

/** Hear from this phone's other tabs, where a browser lets them talk. @param {(results: Result[]) => unknown} hear */
function tabs(hear) {
  if (!globalThis.BroadcastChannel) return null;
  const channel = new BroadcastChannel("marquee-queue");
  channel.onmessage = ({ data }) => hear(data);
  return channel;
}
