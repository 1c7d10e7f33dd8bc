// @ts-check
// What was accepted without network, in the order of scanning, until the server has answered. An
// entry is on the disk before anybody is told that it was accepted.

/** @typedef {import("../storage.js").Database} Database */
/** @typedef {import("./allowance.js").Held} Held */
/** @typedef {import("./canonical.js").Entry} Entry */
/** @typedef {Omit<Entry, "seq" | "withdrawn">} Use */
/**
 * @typedef {object} Queued
 * @property {number} seq
 * @property {string} nonce
 * @property {string} voucher_id
 * @property {number} value_minor
 * @property {string} accepted_at by the server's clock, as far as the phone knew it
 * @property {boolean} sent the server may know it: nothing of it may change any more
 * @property {Entry} entry as it is handed in
 */
/** @typedef {{voucher_id: string, value_minor: number, accepted_at: string}} Worth */
/** @typedef {{last_seq: number, hash: string, uses: number, value_minor: number}} Chain */

/** @type {Chain} */
const NEW = { last_seq: 0, hash: "", uses: 0, value_minor: 0 };
const DURABLE = /** @type {const} */ ({ durability: "strict" });
const STORES = ["queue", "kept"];
const LONGEST_NONCE = 64;

export class Queue {
  #chain = "chain:";

  /** @param {Database} database */
  constructor(database) {
    this.database = database;
  }

  /** Count for this device from now on: each has a chain of its own. @param {string} deviceId */
  open(deviceId) {
    this.#chain = `chain:${deviceId}`;
  }

  /**
   * Keep an entry; the same nonce is kept once. Rejects where the device cannot keep it.
   * @param {Use} use @param {Worth} worth @returns {Promise<Queued>}
   */
  add(use, worth) {
    return this.#change(async (queue, chain) => {
      const known = await queue.index("nonce").get(use.nonce);
      if (known) return [known, chain];
      const seq = chain.last_seq + 1;
      const entry = { seq, ...use, withdrawn: false };
      const made = { seq, nonce: use.nonce, ...worth, sent: false, entry };
      await queue.add(made);
      return [made, counted({ ...chain, last_seq: seq }, made, 1)];
    });
  }

  /** Take an entry back while nobody else knows it; false where it is too late. @param {string} nonce */
  withdraw(nonce) {
    return this.#change(async (queue, chain) => {
      const found = await queue.index("nonce").get(nonce);
      if (!found || found.sent || found.entry.withdrawn) return [false, chain];
      await queue.put({ ...found, entry: { ...found.entry, withdrawn: true } });
      return [true, counted(chain, found, -1)];
    });
  }

  /** Return the first entries that have no answer, and mark them as sent. @param {number} most @returns {Promise<Queued[]>} */
  sending(most) {
    return this.#change(async (queue, chain) => {
      const first = await queue.getAll(null, most);
      for (const queued of first) if (!queued.sent) await queue.put({ ...queued, sent: true });
      return [first, chain];
    });
  }

  /**
   * Forget what has its answer, and go on from where the server is: a number that it knows is never
   * given again.
   * @param {number[]} seqs @param {{seq: number, hash: string}} head
   */
  settle(seqs, { seq: known, hash }) {
    return this.#change(async (queue, chain) => {
      let next = { ...chain, hash, last_seq: Math.max(chain.last_seq, known) };
      for (const seq of seqs) {
        const queued = await queue.get(seq);
        if (queued && !queued.entry.withdrawn) next = counted(next, queued, -1);
        await queue.delete(seq);
      }
      return [undefined, next];
    });
  }

  /** Go on from where the server says it is. @param {string} hash */
  follow(hash) {
    return this.#change(async (_, chain) => [undefined, { ...chain, hash }]);
  }

  /**
   * Fill a hole that the server sees before our first entry, so that what follows can be heard.
   * @param {number[]} seqs @param {Queued} next
   */
  fill(seqs, next) {
    return this.#change(async (queue, chain) => {
      for (const seq of seqs) {
        const nonce = `lost-${seq}-${next.nonce}`.slice(0, LONGEST_NONCE);
        const entry = { ...next.entry, seq, nonce, order_total: null, withdrawn: true };
        await queue.put({ ...next, seq, nonce, voucher_id: "", value_minor: 0, sent: true, entry });
      }
      return [undefined, chain];
    });
  }

  /** Return the entry that this phone let in for a voucher and still has. @param {string} voucherId @returns {Promise<Queued | null>} */
  async find(voucherId) {
    const found = await this.database.getAllFromIndex("queue", "voucher_id", voucherId);
    return found.find(({ entry }) => !entry.withdrawn) ?? null;
  }

  /** Count what waits for an answer. @returns {Promise<number>} */
  count() {
    return this.database.count("queue");
  }

  /** @returns {Promise<Chain>} */
  async chain() {
    return (await this.database.get("kept", this.#chain)) ?? NEW;
  }

  /** @returns {Promise<Held>} */
  async held() {
    const { uses, value_minor } = await this.chain();
    return { uses, valueMinor: value_minor };
  }

  /**
   * Change queue and chain together, or neither. Resolves when it is on the disk.
   * @template T
   * @param {(queue: any, chain: Chain) => Promise<[T, Chain]>} act @returns {Promise<T>}
   */
  async #change(act) {
    const transaction = this.database.transaction(STORES, "readwrite", DURABLE);
    const kept = transaction.objectStore("kept");
    const done = transaction.done.catch((error) => error);
    try {
      const chain = (await kept.get(this.#chain)) ?? NEW;
      const [result, next] = await act(transaction.objectStore("queue"), chain);
      if (next !== chain) await kept.put?.(next, this.#chain);
      const failed = await done;
      if (failed) throw failed;
      return result;
    } catch (error) {
      abort(transaction);
      throw error;
    }
  }
}

/** Undo a change that failed half-way. @param {{abort: () => void}} transaction */
function abort(transaction) {
  try {
    transaction.abort();
  } catch {
    // It had ended already, which is as good.
  }
}

/** @param {Chain} chain @param {Worth} worth @param {1 | -1} one @returns {Chain} */
const counted = (chain, { value_minor }, one) => ({
  ...chain,
  uses: chain.uses + one,
  value_minor: chain.value_minor + one * value_minor,
});
