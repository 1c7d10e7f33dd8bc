// @ts-check
// Hands the queue in, batch by batch, until every entry has its answer. One tab sends at a time. It
// may be killed at any moment: what was sent without an answer is sent again, unchanged.

import { bodyOf, handIn, MOST } from "./batch.js";

/** @typedef {import("../api.js").Answer} Answer */
/** @typedef {import("./batch.js").Result} Result */
/** @typedef {import("./batch.js").Sender} Sender */
/** @typedef {import("./queue.js").Queue} Queue */
/** @typedef {import("./queue.js").Queued} Queued */
/**
 * @typedef {object} Parts
 * @property {Queue} queue
 * @property {() => Sender | undefined} device
 * @property {() => Promise<CryptoKey | undefined>} key
 * @property {() => number} now the device's own clock
 * @property {(work: () => Promise<void>) => Promise<void>} alone does nothing where another tab sends
 * @property {(results: Result[]) => Promise<void>} settled
 * @property {(answer: Answer) => void} turnedAway
 * @property {typeof handIn} [send]
 */

const OPEN = "pending_gap";
const MOST_REPAIRS = 3; // of a chain, in one go

export class Sync {
  /** @type {Promise<void> | null} */
  #going = null;
  #again = false;

  /** @param {Parts} parts */
  constructor(parts) {
    this.parts = parts;
    this.send = parts.send ?? handIn;
  }

  /** Hand in what waits. Asked again meanwhile, it looks once more when it is done. @returns {Promise<void>} */
  flush() {
    this.#again = this.#going !== null;
    this.#going ??= this.parts.alone(() => this.#all()).catch(() => {}).finally(() => {
      this.#going = null;
      if (this.#again) this.flush();
    });
    return this.#going;
  }

  async #all() {
    const { queue, device, key } = this.parts;
    let repairs = 0;
    while (repairs < MOST_REPAIRS) {
      const entries = await queue.sending(MOST);
      const [sender, secret] = [device(), await key()];
      if (!entries.length || !sender || !secret) return;
      const { hash } = await queue.chain();
      const deviceNow = new Date(this.parts.now()).toISOString();
      const answer = await this.send(sender, secret, bodyOf(entries, hash, deviceNow));
      if (answer === null) return;
      const went = await this.#take(answer, entries);
      if (went === "stopped") return;
      repairs = went === "repaired" ? repairs + 1 : 0;
    }
  }

  /** @param {Answer} answer @param {Queued[]} entries @returns {Promise<"on" | "repaired" | "stopped">} */
  async #take({ status, ok, body }, entries) {
    const { queue, settled, turnedAway } = this.parts;
    if (body.reason === "chain_broken") {
      await queue.follow(body.last_hash ?? "");
      return "repaired";
    }
    if (!ok) {
      turnedAway({ status, ok, body }); // which may wait for this very flush
      return "stopped";
    }
    const done = body.results.filter((/** @type {Result} */ { outcome }) => outcome !== OPEN);
    await queue.settle(done.map((/** @type {Result} */ { seq }) => seq), body.head);
    await settled(done);
    if (done.length) return "on";
    const hole = holeBefore(entries[0], body.head.seq);
    await queue.fill(hole, entries[0]);
    return hole.length ? "repaired" : "stopped";
  }
}

/** Return the numbers that the server misses before an entry. @param {Queued} entry @param {number} known */
const holeBefore = ({ seq }, known) =>
  Array.from({ length: Math.max(0, seq - known - 1) }, (_, at) => known + 1 + at);

/**
 * Run work in one tab alone; where a browser has no locks, the server sorts it out.
 * @param {() => Promise<void>} work
 */
export async function alone(work) {
  if (!navigator.locks) return work();
  await navigator.locks.request("marquee-sync", { ifAvailable: true }, (lock) => lock && work());
}
