// @ts-check
// This device at its stand: enrolled, renewed, turned away.

import * as enrolment from "./enrolment.js";
import * as head from "./head.js";
import * as keys from "./keys.js";
import * as stage from "./stage.js";
import { part, say } from "./page.js";

/** @typedef {import("./api.js").Answer} Answer */
/** @typedef {import("./enrolment.js").Device} Device */
/** @typedef {import("./offline/outpost.js").Outpost} Outpost */
/** @typedef {import("./storage.js").Storage} Storage */

export class Session {
  /** @type {Device | undefined} */
  device;
  /** @type {Device | undefined} one that was turned away and has still to hand in what waits */
  leaving;

  /** @param {Storage} storage @param {Outpost} outpost @param {(device: Device) => Promise<void>} opened what then begins */
  constructor(storage, outpost, opened) {
    this.storage = storage;
    this.outpost = outpost;
    this.opened = opened;
  }

  /** Who hands in what waits. */
  get sender() {
    return this.device ?? this.leaving;
  }

  /** Start, or start again with the code of a link; the code leaves the address bar. */
  async start() {
    const code = enrolment.codeIn(location.hash);
    if (location.hash || location.search) history.replaceState(null, "", location.pathname);
    if (!keys.possible()) return this.#ask(say("not_secure"));
    const kept = await enrolment.enrolled(this.storage);
    if (kept) await this.outpost.open(kept);
    if (kept?.turnedAway) return this.#turnAway(kept, kept.turnedAway);
    this.device = kept;
    if (code) return this.enrol(code, deviceName());
    if (!this.device) return this.#ask("");
    await this.#open();
  }

  /** @param {string} code @param {string} name */
  async enrol(code, name) {
    part("field-code").value = code;
    if (!enrolment.isCode(code)) return this.#ask(say("not_a_code"));
    if (this.sender && !(await this.outpost.emptied())) return this.#ask(say("hand_in_first"));
    const answer = await enrolment.enrol(this.storage, code, name.trim() || deviceName())
      .catch(() => undefined);
    if (answer === undefined) return this.#ask(say("no_key"));
    if (answer === null) return this.#ask(say("no_answer"));
    if (!answer.ok) return this.#ask(`${answer.body.title}. ${answer.body.detail}`);
    part("field-code").value = "";
    this.device = await enrolment.enrolled(this.storage);
    this.leaving = undefined;
    navigator.storage?.persist?.(); // ask the browser not to tidy the device away
    await this.#open();
  }

  /**
   * Renew the token and learn how the stand stands; without an answer all stays as it was.
   * @returns {Promise<boolean>} whether there was one
   */
  async renew() {
    const { device } = this;
    if (!device) return true; // one that leaves hands in without asking
    const answer = await this.outpost.renew(device);
    if (this.device?.device_id === device.device_id) await this.#take(device, answer);
    return answer !== null;
  }

  /** @param {Device} device @param {Answer | null} answer */
  async #take(device, answer) {
    if ((await this.endedBy(answer)) || !answer?.ok) return;
    this.device = enrolment.renewed(device, answer.body);
    await enrolment.keep(this.storage, this.device);
  }

  /** Say whether an answer turns this device away, and do so. @param {Answer | null} answer */
  async endedBy(answer) {
    const revoked = answer?.body.reason === "device_revoked";
    if (!revoked && answer?.status !== 401) return false;
    const device = this.sender;
    if (device && !this.leaving) await this.#turnAway(device, revoked ? "removed" : "signed_out");
    return true;
  }

  /** Let a device go that was turned away, once nothing waits any more. */
  async retire() {
    const { leaving } = this;
    if (!leaving || !(await this.outpost.emptied())) return;
    if (leaving.turnedAway === "removed") await this.storage.clear();
    this.leaving = undefined;
    await this.#leave(say(leaving.turnedAway ?? "removed"));
  }

  async #open() {
    if (this.device) await this.outpost.open(this.device);
    const renewing = this.renew();
    if (!this.device?.time_zone) await renewing; // a stand that is known opens without an answer
    if (!this.device) return;
    if (this.device.profile === "screen") return this.#leave(say("a_screen"));
    await head.hang(this.device);
    await this.opened(this.device);
  }

  /** Scan no more; what waits is handed in first, and says so. @param {Device} device @param {"removed" | "signed_out"} why */
  async #turnAway(device, why) {
    this.leaving = { ...device, turnedAway: why };
    this.device = undefined;
    await enrolment.keep(this.storage, this.leaving);
    head.unhang();
    this.#ask(say("handing_in"));
    await this.retire();
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
