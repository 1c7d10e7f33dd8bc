// @ts-check
// Training mode: practice codes are judged as on a day of the festival while the stand is open, and
// nothing is moved, kept or sent. It ends with the page: nobody is left in it by mistake.

import { judge } from "./offline/judge.js";
import { verify } from "./offline/ed25519.js";
import * as words from "./offline/words.js";

/** @typedef {import("./offline/deciding.js").Decision} Decision */
/** @typedef {import("./offline/manifest.js").Manifest} Manifest */
/** @typedef {import("./scan.js").Scan} Scan */
/**
 * @typedef {object} Parts
 * @property {() => Manifest | undefined} manifest
 * @property {() => number} now by the server's clock
 * @property {() => string} deviceId
 * @property {words.Words} words
 */

const NOTHING = { uses: -Infinity, valueMinor: -Infinity }; // practice takes nothing of the allowance

export class Training {
  on = false;
  /** What was practised since it began. @type {Map<string, Record<string, unknown>>} */
  #used = new Map();

  /** @param {Parts} parts */
  constructor(parts) {
    this.parts = parts;
  }

  /** Begin it, or end it. */
  toggle() {
    this.on = !this.on;
    this.#used.clear();
  }

  /** Judge a scan as the server would. @param {Scan} scan @returns {Promise<Decision>} */
  async decide({ scanned, total }) {
    const { manifest, now, deviceId } = this.parts;
    const at = now();
    const { accepted, refused } = await judge({ scanned, total, at }, {
      manifest: manifest(),
      verify,
      training: true,
      origin: location.origin,
      listed: async () => false,
      acceptedHere: async (voucherId) => this.#used.get(voucherId) ?? null,
      held: async () => NOTHING,
    });
    if (refused) return words.refused(refused, this.parts.words);
    const { voucherId, offer, discount } = accepted;
    this.#used.set(voucherId, {
      used_at: new Date(at).toISOString(),
      used_place: manifest()?.campaign.popup.city,
      used_device_id: deviceId(),
    });
    return { status: 200, ok: true, body: { offer_id: offer.offer_id, discount } };
  }
}
