// Zips of the server's kind are joined to one that any unpacker reads.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { crc32, deflateRawSync } from "node:zlib";

import { joined } from "../../static/zip.js";

/** @param {Record<string, string>} files @returns {Uint8Array} */
function zipped(files) {
  const locals = [];
  const list = [];
  let at = 0;
  for (const [name, text] of Object.entries(files)) {
    const packed = deflateRawSync(Buffer.from(text));
    const facts = Buffer.alloc(26);
    facts.writeUInt16LE(20, 0);
    facts.writeUInt16LE(8, 4);
    facts.writeUInt32LE(crc32(text), 10);
    facts.writeUInt32LE(packed.length, 14);
    facts.writeUInt32LE(Buffer.byteLength(text), 18);
    facts.writeUInt16LE(Buffer.byteLength(name), 22);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(at, 10);
    const local = Buffer.concat([Buffer.from("PK\x03\x04"), facts, Buffer.from(name), packed]);
    list.push(Buffer.concat([Buffer.from("PK\x01\x02\x14\x00"), facts, tail, Buffer.from(name)]));
    locals.push(local);
    at += local.length;
  }
  const whole = Buffer.concat(list);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(list.length, 8);
  end.writeUInt16LE(list.length, 10);
  end.writeUInt32LE(whole.length, 12);
  end.writeUInt32LE(at, 16);
  return new Uint8Array(Buffer.concat([...locals, whole, end]));
}

const SAY = `import json, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as opened:
    assert opened.testzip() is None
    print(json.dumps({name: opened.read(name).decode() for name in opened.namelist()}))`;

/** @param {Uint8Array} zip @returns {Record<string, string>} as Python unpacks it */
function unzipped(zip) {
  const file = join(mkdtempSync(join(tmpdir(), "zip-")), "a.zip");
  writeFileSync(file, zip);
  return JSON.parse(execFileSync("python3", ["-c", SAY, file], { encoding: "utf8" }));
}

test("three zips become one with all their files", () => {
  const parts = [{ "rome/a.pdf": "a" }, { "milan/a.pdf": "b", "milan/b.pdf": "bb" }, { "x": "" }];
  assert.deepEqual(unzipped(joined(parts.map(zipped))), Object.assign({}, ...parts));
});

test("one zip stays as it is, and none is changed by being joined", () => {
  const one = zipped({ "rome/a.pdf": "a" });
  const before = Uint8Array.from(one);
  assert.deepEqual(joined([one]), before);
  joined([one, one]);
  assert.deepEqual(one, before);
});
