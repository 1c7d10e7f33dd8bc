// @ts-check
// When the screen asks for its next code, and how long it may show the one that it has. Times are
// milliseconds of this device's clock, but only differences: the server says how long a code lives.

const ACCEPTED_MS = 30_000; // the server takes a code for one step after it was shown
const FOR_THE_PHONE_MS = 10_000; // of which a visitor's phone needs some to open the page
const AFTER_CHANGE_MS = 100;
const SHORTEST_MS = 1000;
const AGAIN_MS = 2000;
const LONGEST_MS = 15_000;

/** @typedef {"none" | "fresh" | "late" | "gone"} State */

export class Rotation {
  #until = 0;
  #misses = 0;

  /** An answer came. @param {number} at @param {number} nextInMs */
  took(at, nextInMs) {
    this.#until = at + nextInMs;
    this.#misses = 0;
  }

  /** No answer came. */
  missed() {
    this.#misses += 1;
  }

  /** How long to wait before asking again. @param {number} at */
  pause(at) {
    if (this.#misses) return Math.min(AGAIN_MS * 2 ** (this.#misses - 1), LONGEST_MS);
    return Math.max(this.#until + AFTER_CHANGE_MS - at, SHORTEST_MS);
  }

  /** What the code is worth: fresh, late (it changed, yet still works), gone, or none yet. @param {number} at @returns {State} */
  state(at) {
    if (!this.#until) return this.#misses ? "gone" : "none";
    if (at < this.#until + SHORTEST_MS) return "fresh";
    return at < this.#until + ACCEPTED_MS - FOR_THE_PHONE_MS ? "late" : "gone";
  }
}
