// @ts-check
// Scans, one after the other: judged by the server or by the phone (offline/deciding.js), shown as
// verdicts, noted. What the server says later of a scan turns the verdict that still shows it.

import * as field from "./field.js";
import * as recent from "./recent.js";
import * as sound from "./sound.js";
import * as stage from "./stage.js";
import { answerTo } from "./offline/words.js";
import { language, minorDigits, now, part, refusals, say } from "./page.js";
import { Debounce, keyOf, tailOf, textOf } from "./scan.js";
import { askTotal } from "./total.js";
import { isWorse, verdictOf } from "./verdict.js";

/** @typedef {import("./api.js").Answer} Answer */
/** @typedef {import("./offline/batch.js").Result} Result */
/** @typedef {import("./scan.js").Scan} Scan */
/** @typedef {import("./verdict.js").Facts} Facts */
/** @typedef {import("./verdict.js").Verdict} Verdict */
/**
 * @typedef {object} Parts
 * @property {import("./session.js").Session} session
 * @property {import("./scan.js").Nonces} nonces
 * @property {import("./log.js").Log} log
 * @property {import("./titles.js").Titles} titles
 * @property {import("./offline/outpost.js").Outpost} outpost
 * @property {import("./shift.js").Shift} shift
 * @property {import("./training.js").Training} training
 * @property {(redemptionId: string, what: string) => void} giveBack
 */

const BUSY_AFTER_MS = 150;
const TAP_GUARD_MS = 300; // a scanner's second Enter and a double tap dismiss nothing

export class Judging {
  #debounce = new Debounce(now);
  #turn = Promise.resolve();
  #judged = "";
  #shownAt = 0;
  /** @type {{nonce: string, kind: import("./verdict.js").Kind, body: any} | null} what the screen is about */
  #shown = null;

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
    recent.draw(log, language, ({ id, kind, redemptionId, text }) =>
      kind === "offline" ? this.#withdraw(id) : giveBack(redemptionId ?? "", text));
  }

  /** @param {() => Promise<void>} work */
  #queue(work) {
    this.#turn = this.#turn.then(work).catch(() => this.rest());
  }

  /** @param {string} scanned @param {string} key @returns {Promise<Scan>} */
  async #scanOf(scanned, key) {
    const { nonces, shift, training } = this.parts;
    const nonce = training.on ? "" : await nonces.open(key); // practice is never sent
    const scannedAt = new Date(now()).toISOString();
    return { scanned, key, tail: tailOf(scanned), nonce, scannedAt, total: null, shift: shift.label };
  }

  /** @param {Scan} scan */
  async #judge(scan) {
    const { session, outpost, training } = this.parts;
    if (!session.device) return;
    this.#judged = scan.key;
    const slow = busy(scan.tail);
    try {
      const answer = training.on
        ? await training.decide(scan)
        : await outpost.decide(scan, (late) => this.turn(scan.nonce, late));
      if (await session.endedBy(answer)) return;
      await this.#settle(scan, answer);
    } finally {
      clearTimeout(slow);
      this.#judged = "";
    }
  }

  /** @param {Scan} scan @param {import("./offline/deciding.js").Decision | null} answer */
  async #settle(scan, answer) {
    const verdict = verdictOf(answer, this.#facts());
    if (verdict.kind !== "unanswered") this.#debounce.start(scan.key);
    await this.#note(scan, verdict);
    this.#show(scan.nonce, verdict, answer?.body);
    sound.tell(verdict.kind);
    this.#shownAt = now();
    this.#arm(scan, verdict, answer);
  }

  /** @param {string} nonce @param {Verdict} verdict @param {any} body what it was made of */
  #show(nonce, verdict, body) {
    stage.showVerdict(verdict);
    this.#shown = { nonce, kind: verdict.kind, body };
  }

  /** Take the answers to what had waited. @param {Result[]} results */
  async settle(results) {
    for (const result of results) {
      const before = this.#shown?.nonce === result.nonce ? this.#shown.body : {};
      await this.turn(result.nonce, answerTo(result, before, refusals));
    }
  }

  /**
   * Take what the server says of a scan that the phone had judged. The ear is told only what is
   * worse.
   * @param {string} nonce @param {Answer} answer
   */
  async turn(nonce, answer) {
    if (await this.parts.session.endedBy(answer)) return;
    const verdict = verdictOf(answer, this.#facts());
    const { kind, sentence, redemptionId } = verdict;
    if (kind === "input" || kind === "unanswered" || kind === "offline") return;
    await this.parts.log.turn(nonce, { kind, redemptionId, ...(kind !== "used" && { text: sentence }) });
    const shown = this.#shown;
    if (shown?.nonce === nonce && shown.kind !== kind && document.body.dataset.mode === "verdict") {
      this.#show(nonce, verdict, answer.body);
      if (isWorse(shown.kind, kind)) sound.tell(kind);
      on("next", () => this.rest());
      on("give-back", () => this.parts.giveBack(redemptionId ?? "", sentence));
    } else if (document.body.dataset.mode === "ready") {
      this.refresh();
    }
  }

  /** Take back what the phone let in, as long as nobody else knows of it. @param {string} nonce */
  async #withdraw(nonce) {
    const { outpost, log } = this.parts;
    const done = await outpost.undo(nonce);
    if (done) await log.withdraw(nonce);
    if (done) this.reopen();
    stage.toast(say(done ? "withdrawn" : "too_late_to_withdraw"));
  }

  /** @param {Scan} scan @param {Verdict} verdict */
  async #note({ nonce, tail, shift }, { kind, sentence, figure, redemptionId }) {
    if (kind === "input" || kind === "unanswered" || this.parts.training.on) return;
    const text = kind === "already" && figure ? `${figure} · ${sentence}` : sentence;
    await this.parts.log.add({ id: nonce, at: now(), kind, tail, text, redemptionId, shift });
  }

  /** Give a verdict's buttons their work. @param {Scan} scan @param {Verdict} verdict @param {Answer | null} answer */
  #arm(scan, { kind, redemptionId, sentence }, answer) {
    on("next", () => this.rest());
    on("again", () => this.#queue(() => this.#judge(scan)));
    on("give-back", () => this.parts.giveBack(redemptionId ?? "", sentence));
    on("withdraw", () => this.#withdraw(scan.nonce));
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
