// @ts-check
// The sheet on which one steward relieves the other. It lies at the thumb.

import { language, now, part, say } from "./page.js";
import * as stage from "./stage.js";
import { timeOf } from "./verdict.js";

/** @typedef {import("./session.js").Session} Session */
/** @typedef {import("./shift.js").Shift} Shift */

export class Relieving {
  #asked = false;

  /** @param {Session} session @param {Shift} shift @param {{changed: () => void, closed: () => void}} then */
  constructor(session, shift, { changed, closed }) {
    this.session = session;
    this.shift = shift;
    this.changed = changed;
    this.dialog = /** @type {HTMLDialogElement} */ (part("shift"));
    this.dialog.addEventListener("close", closed);
    part("shift-open").addEventListener("click", () => this.#open());
    part("shift-close").addEventListener("click", () => this.dialog.close());
    part("shift-end").addEventListener("click", () => this.#end());
    part("shift-form").addEventListener("submit", (/** @type {Event} */ event) => {
      event.preventDefault();
      this.#begin(part("field-shift-name").value.trim(), part("field-shift-pin").value);
    });
  }

  /** Say on the desk who works with the device. */
  draw() {
    const { running } = this.shift;
    part("shift-now").textContent = running ? say("shift_of", { name: running.name }) : say("shift_none");
    part("shift-running").hidden = !running;
    if (!running) return;
    const zone = this.session.device?.time_zone ?? "UTC";
    const until = timeOf(new Date(running.endsAt).toISOString(), zone, { language, now });
    const who = say(running.supervisor ? "shift_supervisor" : "shift_of", { name: running.name });
    part("shift-who").textContent = `${who} ${say("shift_until", { time: until })}`;
  }

  #open() {
    part("field-shift-name").value = part("field-shift-pin").value = "";
    stage.notice("shift-error", "");
    part("shift-names").replaceChildren(...this.shift.names.map((name) => this.#chip(name)));
    this.draw();
    this.dialog.showModal();
  }

  /** @param {string} name */
  #chip(name) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "button";
    made.dir = "auto";
    made.textContent = name;
    made.addEventListener("click", () => (part("field-shift-name").value = name));
    return made;
  }

  /** @param {string} name @param {string} pin */
  async #begin(name, pin) {
    if (this.#asked) return;
    if (!name) return stage.notice("shift-error", say("shift_name"));
    this.#asked = true;
    const answer = await this.shift.begin(name, pin).finally(() => (this.#asked = false));
    if (await this.session.endedBy(answer)) return this.dialog.close();
    if (answer && !answer.ok) return stage.notice("shift-error", answer.body.detail);
    if (!answer && pin) return stage.notice("shift-error", say("shift_pin_online"));
    this.#done(say("shift_begun", { name: this.shift.label ?? name }));
  }

  async #end() {
    const ended = this.shift.end();
    this.#done(say("shift_ended"));
    await ended;
  }

  /** @param {string} text */
  #done(text) {
    this.dialog.close();
    this.changed();
    stage.toast(text);
  }
}
