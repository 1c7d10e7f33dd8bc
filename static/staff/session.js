// @ts-check
// This device at its stand: enrolled, renewed, turned away.

import * as enrolment from "./enrolment.js";
import * as head from "./head.js";
import * as keys from "./keys.js";
import * as stage from "./stage.js";
import { part, say } from "./page.js";

/** @typedef {import("./api.js").Answer} Answer */
/** @typedef {import("./enrolment.js").Device} Device */
/** @typedef {import("./storage.js").Storage} Storage */

export class Session {
  /** @type {Device | undefined} */
  device;

  /** @param {Storage} storage @param {(device: Device) => Promise<void>} opened what then begins */
  constructor(storage, opened) {
    this.storage = storage;
    this.opened = opened;
  }

  /** Start, or start again with the code of a link; the code leaves the address bar. */
  async start() {
    const code = enrolment.codeIn(location.hash);
    if (location.hash) history.replaceState(null, "", location.pathname);
    if (!keys.possible()) return this.#ask(say("not_secure"));
    this.device = await enrolment.enrolled(this.storage);
    if (code) return this.enrol(code, deviceName());
    if (!this.device) return this.#ask("");
    await this.#open();
  }

  /** @param {string} code @param {string} name */
  async enrol(code, name) {
    part("field-code").value = code;
    if (!enrolment.isCode(code)) return this.#ask(say("not_a_code"));
    const answer = await enrolment.enrol(this.storage, code, name.trim() || deviceName())
      .catch(() => undefined);
    if (answer === undefined) return this.#ask(say("no_key"));
    if (answer === null) return this.#ask(say("no_answer"));
    if (!answer.ok) return this.#ask(`${answer.body.title}. ${answer.body.detail}`);
    part("field-code").value = "";
    this.device = await enrolment.enrolled(this.storage);
    navigator.storage?.persist?.(); // ask the browser not to tidy the device away
    await this.#open();
  }

  /** Renew the token and learn how the stand stands; without an answer all stays as it was. */
  async renew() {
    const { device } = this;
    if (!device) return;
    const answer = await enrolment.manifest(device);
    if (this.device?.device_id !== device.device_id) return; // it left, or is another one by now
    head.connected(answer !== null);
    if ((await this.endedBy(answer)) || !answer?.ok) return;
    this.device = enrolment.renewed(device, answer.body);
    await enrolment.keep(this.storage, this.device);
  }

  /** Say whether an answer turns this device away, and do so. @param {Answer | null} answer */
  async endedBy(answer) {
    if (answer?.body.reason === "device_revoked") {
      await this.storage.clear();
      await this.#leave(say("removed"));
      return true;
    }
    if (answer?.status !== 401) return false;
    await this.#leave(say("signed_out"));
    return true;
  }

  async #open() {
    const renewing = this.renew();
    if (!this.device?.time_zone) await renewing; // a stand that is known opens without an answer
    if (!this.device) return;
    if (this.device.profile === "screen") return this.#leave(say("a_screen"));
    await head.hang(this.device);
    await this.opened(this.device);
  }

  /** @param {string} why */
  async #leave(why) {
    this.device = undefined;
    await enrolment.keep(this.storage, undefined);
    head.unhang();
    this.#ask(why);
  }

  /** @param {string} error what is to be said first */
  #ask(error) {
    stage.show("enrol");
    stage.notice("enrolment-error", error);
    part("field-name").value ||= deviceName();
    part("field-code").focus();
  }
}

/** Name what kind of device this is; people may call it otherwise. */
function deviceName() {
  if (!navigator.maxTouchPoints) return say("computer");
  return say(Math.min(screen.width, screen.height) < 600 ? "phone" : "tablet");
}
