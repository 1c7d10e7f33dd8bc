import assert from "node:assert/strict";
import { test } from "node:test";

import { Sync } from "../../static/staff/offline/sync.js";

/** A queue in memory, with the promises of the real one. */
class Waiting {
  constructor(/** @type {number} */ count, first = 1) {
    this.entries = Array.from({ length: count }, (_, at) => queued(first + at));
    this.hash = "";
  }

  async sending(/** @type {number} */ most) {
    return this.entries.slice(0, most).map((entry) => Object.assign(entry, { sent: true }));
  }

  async settle(/** @type {number[]} */ seqs, /** @type {{hash: string}} */ { hash }) {
    this.entries = this.entries.filter(({ seq }) => !seqs.includes(seq));
    this.hash = hash;
  }

  async follow(/** @type {string} */ hash) {
    this.hash = hash;
  }

  async fill(/** @type {number[]} */ seqs) {
    this.entries = [...seqs.map((seq) => queued(seq, true)), ...this.entries];
  }

  async chain() {
    return { hash: this.hash };
  }
}

const queued = (/** @type {number} */ seq, withdrawn = false) =>
  /** @type {any} */ ({ seq, nonce: `n${seq}`, sent: false, entry: { seq, nonce: `n${seq}`, withdrawn } });

/** A server with a chain, as the contract has it; `moods` are how it meets each batch. */
class Server {
  constructor(...moods) {
    this.moods = moods;
    this.seq = 0;
    this.hash = "";
    this.posts = [];
    this.outcomes = new Map();
  }

  async take(_device, _key, body) {
    const mood = this.moods.shift() ?? "well";
    this.posts.push(body);
    if (mood === "down") return null;
    if (mood === "401") return { status: 401, ok: false, body: { reason: "not_signed_in" } };
    if (body.previous !== this.hash) {
      return { status: 409, ok: false, body: { reason: "chain_broken", last_seq: `${this.seq}`, last_hash: this.hash } };
    }
    const results = body.entries.map((entry) => ({ seq: entry.seq, nonce: entry.nonce, reason: null, redemption_id: null, outcome: this.outcome(entry) }));
    if (results.some(({ outcome }) => outcome !== "pending_gap")) this.hash = `h${this.posts.length}`;
    if (mood === "stores without an answer") return null;
    return { status: 200, ok: true, body: { results, head: { seq: this.seq, hash: this.hash } } };
  }

  outcome({ seq, withdrawn }) {
    if (seq > this.seq + 1) return "pending_gap";
    this.seq = Math.max(this.seq, seq);
    const outcome = this.outcomes.get(seq) ?? (withdrawn ? "rejected" : "accepted");
    this.outcomes.set(seq, outcome);
    return outcome;
  }
}

function made({ queue, server, alone = (work) => work() }) {
  const settled = [];
  const away = [];
  const sync = new Sync({
    queue: /** @type {any} */ (queue), alone,
    device: () => ({ device_id: "d1", device_token: "t" }),
    key: async () => /** @type {any} */ ({}),
    now: () => Date.parse("2026-05-20T12:00:00Z"),
    settled: async (results) => void settled.push(...results),
    turnedAway: (answer) => void away.push(answer.status),
    send: /** @type {any} */ ((...args) => server.take(...args)),
  });
  return { sync, settled, away };
}

const seqs = (/** @type {any} */ body) => body.entries.map((/** @type {any} */ { seq }) => seq);

test("what waits is handed in by the hundred, each batch naming the one before", async () => {
  const queue = new Waiting(250);
  const server = new Server();
  const { sync, settled } = made({ queue, server });
  await sync.flush();
  assert.deepEqual(server.posts.map(({ entries }) => entries.length), [100, 100, 50]);
  assert.deepEqual(server.posts.map(({ previous }) => previous), ["", "h1", "h2"]);
  assert.deepEqual(settled.map(({ seq }) => seq), Array.from({ length: 250 }, (_, at) => at + 1));
  assert.equal(queue.entries.length, 0);
});

test("without an answer everything stays, and goes again unchanged", async () => {
  const queue = new Waiting(2);
  const server = new Server("down");
  const { sync, settled } = made({ queue, server });
  await sync.flush();
  assert.deepEqual([queue.entries.length, settled.length], [2, 0]);
  await sync.flush();
  assert.deepEqual(server.posts[1].entries, server.posts[0].entries);
  assert.equal(settled.length, 2);
});

test("an answer that was lost breaks the chain, which is taken up where the server is", async () => {
  const queue = new Waiting(3);
  const server = new Server("stores without an answer");
  const { sync, settled } = made({ queue, server });
  await sync.flush();
  queue.entries.push(queued(4));
  await sync.flush();
  assert.deepEqual(server.posts.map(seqs), [[1, 2, 3], [1, 2, 3, 4], [1, 2, 3, 4]]);
  assert.equal(server.posts[2].previous, "h1");
  assert.deepEqual(settled.map(({ outcome }) => outcome), Array(4).fill("accepted"));
});

test("an entry that the server knows otherwise ends rejected, and is not sent again", async () => {
  const queue = new Waiting(2);
  const server = new Server();
  server.outcomes.set(1, "rejected");
  server.seq = 1;
  const { sync, settled } = made({ queue, server });
  await sync.flush();
  await sync.flush();
  assert.equal(server.posts.length, 1);
  assert.deepEqual(settled.map(({ outcome }) => outcome), ["rejected", "accepted"]);
});

test("a chain that stays broken is left alone until the next time", async () => {
  const queue = new Waiting(1);
  const server = new Server();
  server.take = async () => {
    server.posts.push("broken");
    return { status: 409, ok: false, body: { reason: "chain_broken", last_seq: "9", last_hash: "other" } };
  };
  await made({ queue, server }).sync.flush();
  assert.equal(server.posts.length, 3);
  assert.equal(queue.entries.length, 1);
});

test("a hole before our first entry is filled with what was lost, so that nothing waits for ever", async () => {
  const queue = new Waiting(2, 4);
  const server = new Server();
  server.seq = 1;
  const { sync, settled } = made({ queue, server });
  await sync.flush();
  assert.deepEqual(server.posts.map(seqs), [[4, 5], [2, 3, 4, 5]]);
  assert.deepEqual(settled.map(({ outcome }) => outcome), ["rejected", "rejected", "accepted", "accepted"]);
});

test("a device that is not known any more is told so once, and its entries stay", async () => {
  const queue = new Waiting(1);
  const { sync, away } = made({ queue, server: new Server("401") });
  await sync.flush();
  assert.deepEqual(away, [401]);
  assert.equal(queue.entries.length, 1);
});

test("asked while it sends, it looks once more when it is done", async () => {
  const queue = new Waiting(1);
  const server = new Server();
  const { sync, settled } = made({ queue, server });
  const first = sync.flush();
  queue.entries.push(queued(2));
  await Promise.all([first, sync.flush()]);
  await sync.flush();
  assert.equal(settled.length, 2);
});

test("a tab that another one sends for does nothing", async () => {
  const server = new Server();
  await made({ queue: new Waiting(1), server, alone: async () => {} }).sync.flush();
  assert.equal(server.posts.length, 0);
});
