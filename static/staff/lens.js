// @ts-check
// The camera on the page: on and off, its light, which one; what it says where there is none.
// It works while the page is looked at, and comes back by itself when the phone took it away.

import * as awake from "./awake.js";
import { Camera, troubleOf } from "./camera.js";
import { Decoder } from "./decoder.js";
import { Finder } from "./finder.js";
import { now, part, say } from "./page.js";
import { numberOf, ofVideo } from "./picture.js";
import { keyOf } from "./scan.js";
import { Sightings, isOwnPage, meant } from "./sighting.js";
import { voucherIn } from "./code.js";
import * as stage from "./stage.js";

/** @typedef {import("./storage.js").Storage} Storage */
/** @typedef {{on: boolean, id?: string}} Wish what this phone's people want of the camera */
/** @typedef {"off" | "starting" | "on" | "denied" | "missing" | "busy" | "broken"} State */

const WISH = "camera";
const AGAIN_MS = 1000;

export class Lens {
  #sightings = new Sightings(now, () => this.finder.looked);
  /** @type {Wish} */
  #wish = { on: false };
  decoder = new Decoder();

  /**
   * @param {Storage} storage
   * @param {{take: (text: string) => void, mayTake: () => boolean}} judging
   */
  constructor(storage, { take, mayTake }) {
    this.storage = storage;
    this.take = take;
    this.mayTake = mayTake;
    this.video = /** @type {HTMLVideoElement} */ (part("video"));
    this.camera = new Camera(this.video, () => this.#return());
    this.finder = new Finder(this.decoder, {
      found: (texts) => this.#found(texts),
      stuck: () => this.#return(),
      failed: () => this.#show("broken"),
    });
    part("camera-on").addEventListener("click", () => this.#want({ ...this.#wish, on: true }));
    part("camera-off").addEventListener("click", () => this.#want({ ...this.#wish, on: false }));
    part("camera-choice").addEventListener("change", () =>
      this.#want({ on: true, id: part("camera-choice").value }));
    part("torch").addEventListener("click", () => this.#light());
    document.addEventListener("visibilitychange", () => this.resume());
  }

  /** Begin as this phone was left. */
  async open() {
    this.#wish = (await this.storage.get(WISH)) ?? { on: false };
    await this.resume();
  }

  /** Let the camera go; what people want of it stays. */
  close() {
    this.finder.rest();
    this.camera.stop();
    awake.release();
    this.#show("off");
  }

  /** Look while the page is looked at, and only then. */
  async resume() {
    if (document.hidden || !this.#wish.on) return this.close();
    if (!this.camera.on) await this.#start();
  }

  /** @param {Wish} wish */
  async #want(wish) {
    this.#wish = wish;
    await this.storage.put(WISH, wish);
    this.close();
    await this.resume();
  }

  async #start() {
    this.#show("starting");
    try {
      await this.camera.start(this.#wish.id);
    } catch (error) {
      return this.#show(troubleOf(error));
    }
    if (!this.camera.on) return; // it was let go meanwhile
    this.finder.start({ frame: () => ofVideo(this.video), number: () => numberOf(this.video) });
    awake.keep();
    this.#show("on");
    await this.#offer();
  }

  /** Come back after the phone took the camera away, or pictures stopped. */
  #return() {
    this.close();
    setTimeout(() => this.resume(), AGAIN_MS);
  }

  /** Show what this camera can, and which others there are. */
  async #offer() {
    part("torch").hidden = !this.camera.hasTorch;
    part("torch").setAttribute("aria-pressed", "false");
    const choices = await this.camera.choices().catch(() => []);
    part("camera-choice").hidden = choices.length < 2;
    part("camera-choice").replaceChildren(
      ...choices.map(({ id, label }, at) =>
        new Option(label || say("camera_number", { number: String(at + 1) }), id, false, id === this.camera.id)),
    );
  }

  async #light() {
    const on = part("torch").getAttribute("aria-pressed") !== "true";
    const done = await this.camera.light(on);
    part("torch").setAttribute("aria-pressed", String(on && done));
    if (!done) stage.toast(say("no_light"));
  }

  /** @param {string[]} texts */
  #found(texts) {
    const text = meant(texts, (each) => voucherIn(each) !== null);
    if (!this.#sightings.isNew(keyOf(text.trim())) || !this.mayTake()) return;
    if (voucherIn(text) === null && isOwnPage(text, location.origin)) return stage.toast(say("own_page"));
    this.take(text);
  }

  /** @param {State} state */
  #show(state) {
    document.body.dataset.camera = state;
    const word = state === "off" || state === "on" ? "" : say(`camera_${state}`);
    stage.notice("camera-note", word);
    part("camera-on").hidden = state === "on" || state === "starting";
    part("camera-off").hidden = state !== "on";
    if (state !== "on") part("torch").hidden = part("camera-choice").hidden = true;
  }
}
