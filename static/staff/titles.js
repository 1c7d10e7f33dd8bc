// @ts-check
// What the offers are called, as the public may know them, kept for when there is no answer.

import { ask } from "./api.js";
import { language, say } from "./page.js";

/** @typedef {import("./storage.js").Storage} Storage */

export class Titles {
  /** @type {Record<string, string>} */
  #known = {};

  /** @param {Storage} storage */
  constructor(storage) {
    this.storage = storage;
  }

  /** @param {string} [campaignId] */
  async read(campaignId) {
    const name = `titles-${language}`;
    this.#known = (await this.storage.get(name)) ?? {};
    const answer = campaignId ? await ask(`/api/v1/campaigns/${campaignId}`) : null;
    if (!answer?.ok) return;
    for (const { offer_id, title } of answer.body.offers) this.#known[offer_id] = title;
    await this.storage.put(name, this.#known);
  }

  /** Return an offer's title; one that is not known is a voucher. @param {string} offerId */
  of(offerId) {
    return this.#known[offerId] ?? say("offer");
  }
}
