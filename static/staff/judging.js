// @ts-check
// Scans, one after the other: put to the server, shown as verdicts, noted. The judge is online
// (redeeming.js); the offline one will stand beside it and answer in the same shape.

import * as field from "./field.js";
import * as head from "./head.js";
import * as recent from "./recent.js";
import * as sound from "./sound.js";
import * as stage from "./stage.js";
import { language, minorDigits, now, part, say } from "./page.js";
import { redeem } from "./redeeming.js";
import { Debounce, keyOf, tailOf, textOf } from "./scan.js";
import { askTotal } from "./total.js";
import { verdictOf } from "./verdict.js";

/** @typedef {import("./api.js").Answer} Answer */
/** @typedef {import("./scan.js").Scan} Scan */
/** @typedef {import("./verdict.js").Facts} Facts */
/** @typedef {import("./verdict.js").Verdict} Verdict */
/**
 * @typedef {object} Parts
 * @property {import("./session.js").Session} session
 * @property {import("./scan.js").Nonces} nonces
 * @property {import("./log.js").Log} log
 * @property {import("./titles.js").Titles} titles
 * @property {(redemptionId: string, what: string) => void} giveBack
 */

const BUSY_AFTER_MS = 150;
const TAP_GUARD_MS = 300; // a scanner's second Enter and a double tap dismiss nothing

export class Judging {
  #debounce = new Debounce(now);
  #turn = Promise.resolve();
  #judged = "";
  #shownAt = 0;

  /** @param {Parts} parts @param {HTMLInputElement} input */
  constructor(parts, input) {
    this.parts = parts;
    this.input = input;
  }

  /** Take a code from whatever source; "" is a bare Enter. @param {string} raw */
  take(raw) {
    const text = textOf(raw);
    if (!text) return this.dismiss();
    const key = keyOf(text);
    if (key === this.#judged || this.#debounce.holds(key)) return;
    this.#queue(async () => {
      if (!this.#debounce.holds(key)) await this.#judge(await this.#scanOf(text, key));
    });
  }

  /** Go back to the desk, ready for the next code. */
  rest() {
    if (!this.parts.session.device) return;
    if (document.body.dataset.verdict === "input") this.#debounce.stop();
    stage.show("ready");
    this.refresh();
    field.ready(this.input);
  }

  /** Put the verdict away, unless it has only just come. */
  dismiss() {
    const shown = document.body.dataset.mode === "verdict";
    if (shown && now() - this.#shownAt > TAP_GUARD_MS) this.rest();
  }

  /** Take the voucher that was given back again at once. */
  reopen() {
    this.#debounce.stop();
    this.rest();
  }

  /** Draw list and counts again. */
  refresh() {
    const { log, giveBack } = this.parts;
    recent.draw(log, language, ({ redemptionId, text }) => giveBack(redemptionId ?? "", text));
  }

  /** @param {() => Promise<void>} work */
  #queue(work) {
    this.#turn = this.#turn.then(work).catch(() => this.rest());
  }

  /** @param {string} scanned @param {string} key @returns {Promise<Scan>} */
  async #scanOf(scanned, key) {
    const nonce = await this.parts.nonces.open(key);
    const scannedAt = new Date(now()).toISOString();
    return { scanned, key, tail: tailOf(scanned), nonce, scannedAt, total: null };
  }

  /** @param {Scan} scan */
  async #judge(scan) {
    const { session, nonces } = this.parts;
    if (!session.device) return;
    this.#judged = scan.key;
    const slow = busy(scan.tail);
    try {
      const answer = await redeem(nonces, session.device.device_token, scan);
      head.connected(answer !== null);
      if (await session.endedBy(answer)) return;
      await this.#settle(scan, answer);
    } finally {
      clearTimeout(slow);
      this.#judged = "";
    }
  }

  /** @param {Scan} scan @param {Answer | null} answer */
  async #settle(scan, answer) {
    const verdict = verdictOf(answer, this.#facts());
    if (verdict.kind !== "unanswered") this.#debounce.start(scan.key);
    await this.#note(scan, verdict);
    stage.showVerdict(verdict);
    sound.tell(verdict.kind);
    this.#shownAt = now();
    this.#arm(scan, verdict, answer);
  }

  /** @param {Scan} scan @param {Verdict} verdict */
  async #note({ nonce, tail }, { kind, sentence, figure, redemptionId }) {
    if (kind === "input" || kind === "unanswered") return;
    const text = kind === "already" && figure ? `${figure} · ${sentence}` : sentence;
    await this.parts.log.add({ id: nonce, at: now(), kind, tail, text, redemptionId });
  }

  /** Give a verdict's buttons their work. @param {Scan} scan @param {Verdict} verdict @param {Answer | null} answer */
  #arm(scan, { kind, redemptionId, sentence }, answer) {
    on("next", () => this.rest());
    on("again", () => this.#queue(() => this.#judge(scan)));
    on("give-back", () => this.parts.giveBack(redemptionId ?? "", sentence));
    if (kind !== "input") return field.ready(this.input);
    const currency = answer?.body.currency ?? this.parts.session.device?.currency ?? "";
    askTotal(
      currency,
      (total) => this.#queue(() => this.#judge({ ...scan, total })),
      (text) => this.take(text),
    );
  }

  /** @returns {Facts} */
  #facts() {
    const { session, titles } = this.parts;
    const { device_id = "", time_zone = "UTC" } = session.device ?? {};
    const titleOf = (/** @type {string} */ id) => titles.of(id);
    return { say, language, deviceId: device_id, timeZone: time_zone, minorDigits, titleOf, now };
  }
}

/** Take the last verdict off the screen, and say after a moment what is being asked. @param {string} tail */
function busy(tail) {
  stage.toast("");
  stage.show("busy");
  document.body.dataset.slow = "no";
  part("busy-code").textContent = say("code_ends", { tail });
  return setTimeout(() => (document.body.dataset.slow = "yes"), BUSY_AFTER_MS);
}

/** @param {string} action @param {() => void} act */
function on(action, act) {
  part("verdict").querySelector(`[data-action="${action}"]`)?.addEventListener("click", act);
}
