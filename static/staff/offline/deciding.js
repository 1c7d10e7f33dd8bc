// @ts-check
// Who judges a scan: the server where it answers in time, else the phone, under the same nonce. What
// the server says later turns the verdict that is shown.

import { SLOW_MS } from "../api.js";
import { judge } from "./judge.js";
import { ASKED } from "./rules.js";
import * as words from "./words.js";

/** @typedef {import("../api.js").Answer} Answer */
/** @typedef {import("../scan.js").Scan} Scan */
/** @typedef {import("./judge.js").Accepted} Accepted */
/** @typedef {import("./judge.js").Knowledge} Knowledge */
/** @typedef {import("./queue.js").Queue} Queue */
/**
 * @typedef {Answer & {offline?: true, open?: true}} Decision
 * with `offline`, the phone's own; with `open`, one that only the server can take
 */
/**
 * @typedef {object} Parts
 * @property {(scan: Scan) => Promise<Answer | null>} redeem puts a scan to the server, with patience
 * @property {() => boolean} up whether the network is worth waiting for
 * @property {() => number} now by the server's clock
 * @property {() => Knowledge} knowledge
 * @property {(scan: Scan, accepted: Accepted) => Promise<boolean>} keep false where the device cannot
 * @property {words.Words} words
 * @property {(ms: number) => Promise<void>} [wait]
 */

/** @param {number} ms @returns {Promise<void>} */
const waited = (ms) => new Promise((done) => setTimeout(done, ms));

export class Deciding {
  /** @param {Parts} parts */
  constructor(parts) {
    this.parts = parts;
    this.wait = parts.wait ?? waited;
  }

  /**
   * @param {Scan} scan @param {(answer: Answer) => void} later what the server says of it after all
   * @returns {Promise<Decision | null>} null where nobody can tell
   */
  async decide(scan, later) {
    const { up, redeem } = this.parts;
    if (!up()) return this.#offlineFirst(scan);
    const asked = redeem(scan);
    const answer = await Promise.race([asked, this.wait(SLOW_MS)]);
    if (answer) return answer;
    const own = await this.#own(scan);
    if (own === null || own.open) return (await asked) ?? own;
    asked.then((late) => late && later(late));
    return own;
  }

  /** @param {Scan} scan */
  async #offlineFirst(scan) {
    const own = await this.#own(scan);
    if (own && !own.open) return own;
    return (await this.parts.redeem(scan)) ?? own;
  }

  /** Judge a scan here; what is accepted is kept first. @param {Scan} scan @returns {Promise<Decision | null>} */
  async #own(scan) {
    const { now, knowledge, keep } = this.parts;
    const known = knowledge();
    if (!known.manifest) return null;
    const { accepted, refused } = await judge({ ...scan, at: now() }, known);
    if (refused) {
      const said = words.refused(refused, this.parts.words);
      return ASKED.has(refused.reason) ? { ...said, open: true } : said;
    }
    if (!(await keep(scan, accepted))) return words.cannotKeep(this.parts.words);
    const { offer, discount } = accepted;
    return { status: 200, ok: true, offline: true, body: { offer_id: offer.offer_id, discount } };
  }
}
