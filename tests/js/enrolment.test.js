import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { codeIn, isCode, renewed, tidy } from "../../static/staff/enrolment.js";
import { keyFor, publicKey } from "../../static/staff/keys.js";
import { fleeting } from "../../static/staff/storage.js";

const CODE = "ABCDEFGHIJKLMNOPQRSTUV2345";

test("a link carries its code behind the #, where no server sees it", () => {
  assert.equal(codeIn(`#enrol=${CODE}`), CODE);
  assert.equal(codeIn(`#enrol=${CODE.toLowerCase()}`), CODE);
  assert.equal(codeIn(""), "");
  assert.equal(codeIn("#main"), "");
});

test("a code may be typed in groups and in any case", () => {
  assert.ok(isCode(tidy(" abcd-efgh ijkl-mnop qrst-uv23 45 ")));
  assert.ok(!isCode(tidy("ABC")));
});

test("a code may be pasted with what nobody sees, or typed wide and with letters that look the same", () => {
  assert.equal(tidy("\u2068ABCD\u2069\u2013ef\u00adgh IJKL\u3000МNОР QRST\ufeff UV\u06f23\uff14５\u200e"), "ABCDEFGHIJKLMNOPQRSTUV2345");
  assert.equal(codeIn("#enrol=%E2%80%8E" + CODE.replace("I", "І") + "%E2%80%8F"), CODE);
});

test("a hand scanner may read the link itself", () => {
  assert.equal(tidy(`https://marquee.example/staff/#enrol=${CODE}`), CODE);
});

test("the key's private half cannot be read, its public half has its members and no others", async () => {
  const pair = await keyFor(fleeting(), CODE);
  assert.equal(pair.privateKey.extractable, false);
  const key = await publicKey(pair);
  assert.deepEqual(Object.keys(key).sort(), key.y ? ["crv", "kty", "x", "y"] : ["crv", "kty", "x"]);
});

test("the same code gets the same key, so that a retry is one; another code another", async () => {
  const storage = fleeting();
  const first = await publicKey(await keyFor(storage, CODE));
  assert.deepEqual(await publicKey(await keyFor(storage, CODE)), first);
  assert.notDeepEqual(await publicKey(await keyFor(storage, CODE.replace("A", "B"))), first);
});

test("a device knows its stand from its manifest", () => {
  const golden = JSON.parse(readFileSync(new URL("../golden/manifest.json", import.meta.url), "utf8"));
  const device = { device_id: "d1", name: "Door", device_token: "old" };
  assert.deepEqual(renewed(device, golden), {
    device_id: "d1", name: "Door", device_token: golden.device_token, popup_id: "istanbul", profile: "steward",
    campaign_id: "festival-now", city: "Istanbul", time_zone: "Europe/Istanbul", currency: "TRY",
  });
});
