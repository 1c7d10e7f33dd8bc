// @ts-check
// The server's time, as far as the phone can know it: the last word of the server and what has gone
// by since. A phone's own clock may be hours off, or be set while it waits.

const CONTACT = "contact";

/** @typedef {import("../storage.js").Storage} Storage */
/**
 * @typedef {object} Contact
 * @property {string} server_time
 * @property {number} device the device's clock at that moment
 */

export class Clock {
  /** @type {Contact | undefined} */
  #contact;
  /** @type {number | null} the monotonic clock at the contact; null once the page was closed */
  #mark = null;

  /**
   * @param {Storage} storage
   * @param {{now: () => number, ticks: () => number}} device ticks never jump, and end with the page
   */
  constructor(storage, device) {
    this.storage = storage;
    this.device = device;
  }

  /** Know the last contact again. */
  async open() {
    this.#contact ??= await this.storage.get(CONTACT);
  }

  /** Note what the server said its time is. @param {string} serverTime */
  async heard(serverTime) {
    this.#contact = { server_time: serverTime, device: this.device.now() };
    this.#mark = this.device.ticks();
    await this.storage.put(CONTACT, this.#contact).catch(() => {});
  }

  /** The server's time now, in milliseconds. */
  now() {
    return this.#contact ? Date.parse(this.#contact.server_time) + this.elapsed() : this.device.now();
  }

  /** Milliseconds since the last contact. */
  elapsed() {
    if (!this.#contact) return 0;
    const gone = this.#mark === null
      ? this.device.now() - this.#contact.device
      : this.device.ticks() - this.#mark;
    return Math.max(0, Math.round(gone));
  }

  /** When the server was heard, by its own clock. @returns {string | null} */
  get contactAt() {
    return this.#contact?.server_time ?? null;
  }
}
