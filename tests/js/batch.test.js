// What a device signs: tests/golden/batch.json, which Python runs too.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { ofBase64 } from "../../static/staff/offline/bytes.js";
import { sign, signedText } from "../../static/staff/offline/canonical.js";

const golden = JSON.parse(readFileSync(new URL("../golden/batch.json", import.meta.url), "utf8"));
const LAWS = { "Ed25519": { name: "Ed25519" }, "P-256": { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } };

for (const { name, device_id, public_key, private_d, body, bytes, sha256, signature } of golden.cases) {
  const law = LAWS[public_key.crv];
  const text = signedText(device_id, body);
  const key = (/** @type {any} */ jwk, /** @type {any} */ use) => crypto.subtle.importKey("jwk", jwk, law, false, [use]);

  test(`the signed text is that of the server: ${name}`, async () => {
    assert.equal(text, bytes);
    assert.equal(createHash("sha256").update(text).digest("hex"), sha256);
  });

  test(`the server's key opens what the phone signs: ${name}`, async () => {
    const made = await sign(await key({ ...public_key, d: private_d }, "sign"), text);
    const right = await crypto.subtle.verify(law, await key(public_key, "verify"), ofBase64(made), new TextEncoder().encode(text));
    assert.ok(right);
    if (public_key.crv === "Ed25519") assert.equal(made, signature); // P-256 signs anew each time
  });
}
