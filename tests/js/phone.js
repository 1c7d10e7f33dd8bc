// What a phone knows in a test: a manifest and codes signed by the test key.

import { createPrivateKey, createPublicKey, sign } from "node:crypto";

const DER = "302e020100300506032b657004220420"; // PKCS#8 of Ed25519, before the seed
const SEED = Buffer.from([...Array(32).keys()]);
export const PUBLIC = "A6EHv_POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg";
export const VOUCHER = "0123456789ABCDE";
export const AT = Date.parse("2026-05-20T12:00:30Z");
const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const MINUTES_SINCE = Date.UTC(2019, 0, 1) / 60_000;

const FACTS = {
  keyId: 1, campaign: 7, offer: 1, popup: 1, generation: 0, voucher: VOUCHER,
  issued: "2026-05-19T12:00:00Z", expires: "2026-07-01T00:00:00Z", seed: SEED,
};

/** Return the text of a QR code. */
export function code(changes = {}) {
  const facts = { ...FACTS, ...changes };
  const body = Buffer.alloc(24);
  body.writeUInt8((1 << 5) | facts.generation, 0);
  body.writeUInt8(facts.keyId, 1);
  body.writeUInt16BE(facts.campaign, 2);
  body.writeUInt16BE(facts.offer, 4);
  body.writeUInt16BE(facts.popup, 6);
  body.writeUIntBE(Date.parse(facts.issued) / 60_000 - MINUTES_SINCE, 8, 3);
  body.writeUIntBE(Date.parse(facts.expires) / 60_000 - MINUTES_SINCE, 11, 3);
  let id = 0n;
  for (const symbol of facts.voucher) id = (id << 5n) | BigInt(CROCKFORD.indexOf(symbol));
  body.write(id.toString(16).padStart(20, "0"), 14, "hex");
  return base32(Buffer.concat([body, sign(null, body, keyOf(facts.seed))]));
}

/** @param {Buffer} seed */
const keyOf = (seed) =>
  createPrivateKey({ key: Buffer.concat([Buffer.from(DER, "hex"), seed]), format: "der", type: "pkcs8" });

/** Return the public key of a seed, as the manifest has it. @param {Buffer} seed @returns {string} */
export const publicOf = (seed) => String(createPublicKey(keyOf(seed)).export({ format: "jwk" }).x);

/** @param {Buffer} bytes */
function base32(bytes) {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, "0")).join("").padEnd(705, "0");
  return bits.match(/.{5}/g).map((five) => BASE32[parseInt(five, 2)]).join("");
}

/** Return a voucher id of its own for each number. @param {number} number */
export const voucher = (number) => number.toString().padStart(15, "0");

const STAND = {
  popup_id: "istanbul", number: 1, city: "Istanbul", country: "TR", time_zone: "Europe/Istanbul",
  currency: "TRY", hours: [{ opens: "00:00", closes: "24:00", days: [1, 2, 3, 4, 5, 6, 7] }],
};
const OFFER = {
  offer_id: "lantern", number: 1, title: "A lantern", channels: ["stand"], usable_at: "stand",
  usable_from: "2026-05-09T21:00:00Z", usable_until: "2026-05-31T21:00:00Z", offline: true,
  needs_order_total: false, benefit: { kind: "gift" },
};

/** Return what the server last said. */
export function manifest({ offer = {}, popup = {}, key = {}, ...changes } = {}) {
  return {
    server_time: "2026-05-20T12:00:00Z", issued_at: "2026-05-20T12:00:00Z",
    not_after: "2026-05-20T18:00:00Z", grace_until: "2026-05-21T06:00:00Z",
    revision: 7, epoch: 9, paused: false, paused_offers: [],
    campaign: {
      campaign_id: "now", number: 7, popup: { ...STAND, ...popup },
      popups: [{ popup_id: "istanbul", number: 1, city: "Istanbul", country: "TR" }],
      offers: [{ ...OFFER, ...offer }],
    },
    keys: [{ key_id: 1, x: PUBLIC, not_before: "2019-01-01T00:00:00Z", not_after: null, withdrawn: false, training: false, ...key }],
    revoked: { vouchers: [], batches: [], ranges: [] },
    allowance: { uses: 3, value_minor: null, currency: "TRY" },
    ...changes,
  };
}
