// @ts-check
// The decoder's worker, asked with a time-out: one that hangs or dies is replaced by a new one.

/** @typedef {import("./decoder/frame.js").Frame} Frame */
/** @typedef {import("./decoder/worker.js").Reading} Reading */
/** @typedef {import("./decoder/worker.js").Where} Where */

const START_MS = 20_000; // half a megabyte on a slow network
const READ_MS = 5000;
/** @type {Where[]} */
const EVERYWHERE = ["centre", "whole"];

export class Decoder {
  /** @type {Worker | null} */
  #worker = null;
  /** @type {Promise<void> | null} */
  #started = null;
  /** @type {((reading: Reading | null) => void) | null} */
  #waiting = null;
  #asked = 0;

  /** @param {() => Worker} make */
  constructor(make = worker) {
    this.make = make;
  }

  /** Be ready to read; rejects where this browser cannot. @returns {Promise<void>} */
  start() {
    this.#started ??= this.#start().catch((error) => {
      this.stop();
      throw error;
    });
    return this.#started;
  }

  /** Let the worker go. */
  stop() {
    this.#worker?.terminate();
    this.#worker = this.#started = null;
    this.#answer(null);
  }

  /**
   * Return what codes in a frame say; null where there was no answer, and the next one is asked anew.
   * The frame is handed over and may not be used again.
   * @param {Frame} frame @param {Where[]} where to look, in this order, until something is found
   * @returns {Promise<Reading | null>}
   */
  async read(frame, where = EVERYWHERE) {
    await this.start();
    const id = (this.#asked += 1);
    const answered = this.#answered();
    this.#worker?.postMessage({ id, frame, where }, [frame.data.buffer]);
    const reading = await answered;
    if (reading === null) this.stop();
    return reading;
  }

  async #start() {
    const made = (this.#worker = this.make());
    await new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error("the decoder does not start")), START_MS);
      made.onerror = () => reject(new Error("the decoder cannot be loaded"));
      made.onmessage = ({ data }) => {
        clearTimeout(late);
        if (data === "ready") resolve(undefined);
        else reject(new Error(data.failed));
      };
    });
    made.onerror = () => this.#answer(null);
    made.onmessage = ({ data }) => data.id === this.#asked && this.#answer(data);
  }

  /** @returns {Promise<Reading | null>} */
  #answered() {
    return new Promise((resolve) => {
      const late = setTimeout(() => this.#answer(null), READ_MS);
      this.#waiting = (reading) => {
        clearTimeout(late);
        resolve(reading);
      };
    });
  }

  /** @param {Reading | null} reading */
  #answer(reading) {
    this.#waiting?.(reading);
    this.#waiting = null;
  }
}

const worker = () => new Worker(new URL("./decoder/worker.js", import.meta.url), { type: "module" });
