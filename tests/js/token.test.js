import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { choose, native, verify } from "../../static/staff/offline/ed25519.js";
import { read } from "../../static/staff/offline/token.js";

const golden = JSON.parse(readFileSync(new URL("../golden/token.json", import.meta.url), "utf8"));
const PUBLIC = Uint8Array.from(Buffer.from(golden.public_key, "hex"));
const hex = (/** @type {Uint8Array} */ bytes) => Buffer.from(bytes).toString("hex");

for (const { name, token, body, signature, text } of golden.cases) {
  test(`a code is read as the server reads it: ${name}`, () => {
    for (const scanned of [text, text.toLowerCase(), `HTTPS://POPUP.EXAMPLE/V/${text}?x=1`]) {
      const found = read(scanned);
      assert.equal(hex(found.body), body);
      assert.equal(hex(found.signature), signature);
      assert.deepEqual(inGolden(found), token);
    }
  });

  test(`its signature is verified, by browser and by script: ${name}`, async () => {
    const { body, signature } = read(text);
    const scripted = await choose(async () => { throw new Error("no Ed25519 here"); });
    const lying = await choose(async () => false);
    assert.equal(await choose(native), native);
    for (const by of [verify, native, scripted, lying]) {
      assert.equal(await by(PUBLIC, signature, body), true);
      assert.equal(await by(PUBLIC, signature, body.map((byte, at) => byte ^ Number(at === 5))), false);
    }
  });
}

test("what is no code of ours, or of a version to come, is no token", () => {
  for (const text of ["", "garbage", "https://example.com/V/ABC", golden.cases[0].text.slice(1)]) {
    assert.equal(read(text), null, text);
  }
  assert.equal(read(`I${golden.cases[0].text.slice(1)}`), null);
});

/** @param {import("../../static/staff/offline/token.js").Token} token */
function inGolden(token) {
  const at = (/** @type {number} */ ms) => new Date(ms).toISOString().replace(".000Z", "Z");
  return {
    key_id: token.keyId,
    campaign_number: token.campaignNumber,
    offer_number: token.offerNumber,
    popup_number: token.popupNumber,
    issued_at: at(token.issuedAt),
    expires_at: at(token.expiresAt),
    voucher_id: token.voucherId,
    minted: token.minted,
    generation: token.generation,
  };
}
