// @ts-check
// What the offers are called, as the public may know them, kept for when there is no answer.

import { ask } from "./api.js";
import { language, say } from "./page.js";

/** @typedef {import("./storage.js").Storage} Storage */

const NAME = `titles-${language}`;

export class Titles {
  /** @type {Record<string, string>} */
  #known = {};

  /** @param {Storage} storage */
  constructor(storage) {
    this.storage = storage;
  }

  /** Know what was kept; what is new is learned meanwhile. @param {string} [campaignId] */
  async read(campaignId) {
    const kept = await this.storage.get(NAME);
    this.#known = kept ?? {};
    const learning = this.#learn(campaignId);
    if (!kept) await learning;
  }

  /** @param {string} [campaignId] */
  async #learn(campaignId) {
    const answer = campaignId ? await ask(`/api/v1/campaigns/${campaignId}`) : null;
    if (!answer?.ok) return;
    for (const { offer_id, title } of answer.body.offers) this.#known[offer_id] = title;
    await this.storage.put(NAME, this.#known);
  }

  /** Return an offer's title; one that is not known is a voucher. @param {string} offerId */
  of(offerId) {
    return this.#known[offerId] ?? say("offer");
  }
}
