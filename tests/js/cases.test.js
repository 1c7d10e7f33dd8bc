import assert from "node:assert/strict";
import { test } from "node:test";

import { news, winnerOf } from "../../static/staff/cases/news.js";
import { speaker } from "../../static/staff/words.js";

const say = speaker({
  news_party: "New: {name} in {city}.", news_winner: "Now {name} bears no loss.",
  news_decided: "Decided: {what} ({note}).", keep: "Keep", nobody: "nobody",
});
const party = (/** @type {string} */ name, facts = {}) =>
  /** @type {any} */ ({ party: `${name}#1`, device_id: `id-${name}`, name, city: "Rome", ...facts });
const found = (/** @type {any} */ facts = {}) =>
  ({ entries: [party("North"), party("South")], winner: "North#1", resolution: null, ...facts });

test("a case that stayed as it was has no news", () => {
  assert.deepEqual(news(found(), found(), say), []);
});

test("who came forward, who bears no loss now, and what was decided are told", () => {
  const after = found({
    entries: [...found().entries, party("", { party: "East#1", device_id: "id-east" })],
    winner: "East#1",
    resolution: { decision: "keep", note: "seen it", device_id: "boss", at: "2026-05-20T12:00:00Z" },
  });
  assert.deepEqual(news(found(), after, say), ["New: id-east in Rome.", "Now id-east bears no loss.", "Decided: Keep (seen it)."]);
  assert.deepEqual(news(after, after, say), []);
});

test("a case without a valid use has no winner", () => {
  assert.equal(winnerOf(found({ winner: null }), say), "nobody");
});
