// @ts-check
// Is there a network worth waiting for? Measured by the last requests, never by what the browser
// says of itself.

const REMEMBERED = 5;
const AGREEING = 2;

export class Link {
  /** @type {boolean[]} the last requests, oldest first: true where the answer came in time */
  #last = [];

  /** Note how a request went: an answer that came late is none. @param {boolean} inTime */
  note(inTime) {
    this.#last = [...this.#last, inTime].slice(-REMEMBERED);
  }

  /** Tell whether the last request was answered in time: a batch is worth sending. */
  get sure() {
    return this.#last.at(-1) ?? true;
  }

  /** Tell whether a scan should be put to the server first. The last two decide where they agree. */
  get up() {
    const newest = this.#last.slice(-AGREEING);
    if (newest.length === AGREEING && newest[0] === newest[1]) return newest[0];
    return this.#last.filter((good) => good).length * 2 >= this.#last.length;
  }
}
