// @ts-check
// A supervisor moves a voucher to its holder's new phone: the picture of a link that works once.

import { ask } from "./api.js";
import { part, say } from "./page.js";
import * as stage from "./stage.js";

/** @typedef {import("./session.js").Session} Session */

export class Moving {
  /** @param {Session} session @param {() => void} closed */
  constructor(session, closed) {
    this.session = session;
    this.dialog = /** @type {HTMLDialogElement} */ (part("move"));
    this.dialog.addEventListener("close", closed);
    part("move-open").addEventListener("click", () => this.#open());
    part("move-close").addEventListener("click", () => this.dialog.close());
    part("move-form").addEventListener("submit", (/** @type {Event} */ event) => {
      event.preventDefault();
      this.#send(part("field-old-code").value);
    });
  }

  /** Offer it to a supervisor alone; the server asks again. @param {boolean} supervises */
  offer(supervises) {
    part("move-offer").hidden = !supervises;
  }

  #open() {
    part("move-form").hidden = false;
    part("move-shown").hidden = true;
    part("field-old-code").value = "";
    stage.notice("move-error", "");
    this.dialog.showModal();
    part("field-old-code").focus();
  }

  /** @param {string} code */
  async #send(code) {
    const path = `/api/v1/vouchers/${encodeURIComponent(code.trim() || "-")}/reissue`;
    const answer = await ask(path, { body: {}, token: this.session.device?.device_token });
    if (await this.session.endedBy(answer)) return this.dialog.close();
    if (!answer?.ok) {
      const text = answer ? `${answer.body.title}. ${answer.body.detail}` : say("no_answer");
      return stage.notice("move-error", text);
    }
    stage.notice("move-error", "");
    part("move-picture").src = `data:image/svg+xml,${encodeURIComponent(answer.body.picture)}`;
    part("move-form").hidden = true;
    part("move-shown").hidden = false;
  }
}
