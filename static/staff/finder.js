// @ts-check
// Looks at the camera's pictures, one after the other, until it is told to rest: at the middle of
// one, where people aim, at the whole of the next. Both of each would halve the pictures a second.

/** @typedef {import("./decoder/frame.js").Frame} Frame */
/** @typedef {import("./decoder.js").Decoder} Decoder */
/**
 * @typedef {object} View
 * @property {() => Frame | null} frame the picture of now, null where there is none
 * @property {() => number} number which picture it is; the same one is not looked at twice
 */
/**
 * @typedef {object} Ears
 * @property {(texts: string[]) => void} found what was read in one picture
 * @property {() => void} stuck no picture came for a while
 * @property {(error: unknown) => void} failed nothing can be read on this device
 */

const EVERY_MS = 66; // fifteen a second, where the phone can
export const STUCK_MS = 4000;

export class Finder {
  #turn = 0;
  #looked = 0;

  /** @param {Decoder} decoder @param {Ears} ears @param {() => number} now */
  constructor(decoder, ears, now = () => performance.now()) {
    this.decoder = decoder;
    this.ears = ears;
    this.now = now;
  }

  /** How many pictures were looked at since the page was opened. */
  get looked() {
    return this.#looked;
  }

  /** @param {View} view */
  start(view) {
    this.#turn += 1;
    this.#look(view, this.#turn).catch((error) => this.ears.failed(error));
  }

  rest() {
    this.#turn += 1;
  }

  /** @param {View} view @param {number} turn */
  async #look(view, turn) {
    await this.decoder.start();
    let seen = -1;
    let seenAt = this.now();
    while (turn === this.#turn) {
      const began = this.now();
      const fresh = view.number() !== seen ? view.frame() : null;
      if (fresh) {
        [seen, seenAt] = [view.number(), began];
        const reading = await this.decoder.read(fresh, [this.#looked % 2 ? "whole" : "centre"]);
        this.#looked += 1;
        if (reading?.texts.length && turn === this.#turn) this.ears.found(reading.texts);
      } else if (began - seenAt > STUCK_MS) {
        seenAt = began;
        this.ears.stuck();
      }
      await pause(Math.max(fresh ? 0 : EVERY_MS / 4, EVERY_MS - (this.now() - began)));
    }
  }
}

/** @param {number} ms */
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
