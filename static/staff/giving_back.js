// @ts-check
// A use is given back: one tap on a reason. Each use keeps its nonce until it is answered.

import { ask } from "./api.js";
import { part, say } from "./page.js";
import * as stage from "./stage.js";

/** @typedef {import("./api.js").Answer} Answer */
/** @typedef {import("./log.js").Log} Log */
/** @typedef {import("./scan.js").Nonces} Nonces */
/** @typedef {import("./session.js").Session} Session */

export class GivingBack {
  #redemptionId = "";
  #asked = false;

  /**
   * @param {{session: Session, nonces: Nonces, log: Log}} parts
   * @param {{done: () => void, closed: () => void}} then
   */
  constructor({ session, nonces, log }, { done, closed }) {
    this.session = session;
    this.nonces = nonces;
    this.log = log;
    this.done = done;
    this.dialog = /** @type {HTMLDialogElement} */ (part("give-back"));
    this.dialog.addEventListener("close", closed);
    this.dialog.addEventListener("click", (event) => {
      const pressed = /** @type {Element} */ (event.target).closest("button");
      if (pressed?.name === "reason") this.#answer(pressed.value);
      else if (pressed) this.dialog.close();
    });
  }

  /** Ask whether and why. @param {string} redemptionId @param {string} what */
  open(redemptionId, what) {
    this.#redemptionId = redemptionId;
    part("give-back-what").textContent = what;
    stage.notice("give-back-error", "");
    this.dialog.showModal();
  }

  /** @param {string} reason */
  async #answer(reason) {
    if (this.#asked) return;
    this.#asked = true;
    const answer = await this.#send(reason).finally(() => (this.#asked = false));
    if (await this.session.endedBy(answer)) return this.dialog.close();
    if (!answer?.ok) {
      const text = answer ? `${answer.body.title}. ${answer.body.detail}` : say("no_answer");
      return stage.notice("give-back-error", text);
    }
    await this.log.giveBack(this.#redemptionId);
    this.dialog.close();
    this.done();
    stage.toast(say("given_back"));
  }

  /** @param {string} reason @returns {Promise<Answer | null>} */
  async #send(reason) {
    const key = `back:${this.#redemptionId}`;
    const body = { nonce: await this.nonces.open(key), reason };
    const path = `/api/v1/redemptions/${encodeURIComponent(this.#redemptionId)}/reversal`;
    const answer = await ask(path, { body, token: this.session.device?.device_token, tries: 2 });
    if (answer) await this.nonces.close(key);
    return answer;
  }
}
