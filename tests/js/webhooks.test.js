// docs/webhooks.md: the verifier in JavaScript takes what the page says is signed, and nothing else.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const page = readFileSync(new URL("../../docs/webhooks.md", import.meta.url), "utf8");
const sample = page.match(/```js\n([\s\S]*?)```/)?.[1] ?? "";
const { isOurs } = await import(`data:text/javascript,${encodeURIComponent(sample)}`);

const secret = page.match(/`(mhs_\w+)`/)?.[1] ?? "";
const header = page.match(/`(t=\d+,v1=[0-9a-f]{64})`/)?.[1] ?? "";
const now = 1793966400;

test("the verifier takes what we sign", () => {
  assert.ok(isOurs(header, '{"a":1}', secret, now));
  assert.ok(isOurs(`${header.replace("v1=", "v1=00,v1=")}`, '{"a":1}', secret, now + 299));
});

test("the verifier refuses anything else", () => {
  assert.ok(!isOurs(header, '{"a":2}', secret, now));
  assert.ok(!isOurs(header, '{"a":1}', "mhs_other", now));
  assert.ok(!isOurs(header, '{"a":1}', secret, now + 301));
  for (const wrong of ["", "t=,v1=", "t=1793966400", "t=1793966400,v1=zz", "v1,t"]) {
    assert.ok(!isOurs(wrong, '{"a":1}', secret, now));
  }
});
