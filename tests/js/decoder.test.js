import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { Decoder } from "../../static/staff/decoder.js";

const SILENT = Symbol("silent");

/** A worker that does as it is told. */
class FakeWorker {
  /** @type {(event: {data: unknown}) => void} */
  #hear = () => {};
  ended = false;
  /** @type {any[]} */
  orders = [];

  /** @param {unknown} first what it says by itself @param {string[]} texts in each frame */
  constructor(/** @type {unknown} */ first = "ready", texts = ["A"]) {
    this.first = first;
    this.texts = texts;
  }

  /** The first who listens is told how it began. @param {(event: {data: unknown}) => void} hear */
  set onmessage(hear) {
    this.#hear = hear;
    const { first } = this;
    this.first = SILENT;
    if (first !== SILENT) queueMicrotask(() => hear({ data: first }));
  }

  /** @param {any} order */
  postMessage(order) {
    this.orders.push(order);
    if (this.texts.length) queueMicrotask(() => this.#hear({ data: { id: order.id, texts: this.texts, ms: 1 } }));
  }

  terminate() {
    this.ended = true;
  }
}

const frame = () => ({ data: new Uint8ClampedArray(4), width: 1, height: 1 });
/** @param {FakeWorker[]} workers */
const decoderOf = (...workers) => new Decoder(() => /** @type {any} */ (workers.shift()));

test("a frame is read in its middle first, then everywhere", async () => {
  const worker = new FakeWorker();
  const reading = await decoderOf(worker).read(frame());
  assert.deepEqual(reading?.texts, ["A"]);
  assert.deepEqual(worker.orders[0].where, ["centre", "whole"]);
});

test("a worker that cannot start is said, and the next start tries again", async () => {
  const decoder = decoderOf(new FakeWorker({ failed: "no WebAssembly" }), new FakeWorker());
  await assert.rejects(decoder.start(), /no WebAssembly/);
  assert.deepEqual((await decoder.read(frame()))?.texts, ["A"]);
});

test("a worker that says nothing at the start is given up after a while", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const silent = new FakeWorker(SILENT);
  const started = decoderOf(silent).start();
  mock.timers.tick(20_000);
  await assert.rejects(started, /does not start/);
  assert.ok(silent.ended);
  mock.timers.reset();
});

test("a worker that hangs over a frame is replaced", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const hanging = new FakeWorker("ready", []);
  const decoder = decoderOf(hanging, new FakeWorker());
  await decoder.start();
  const reading = decoder.read(frame());
  await new Promise(setImmediate);
  mock.timers.tick(5000);
  assert.equal(await reading, null);
  assert.ok(hanging.ended);
  assert.deepEqual((await decoder.read(frame()))?.texts, ["A"]);
  mock.timers.reset();
});
