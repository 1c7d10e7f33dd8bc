import assert from "node:assert/strict";
import { test } from "node:test";

import { Camera, troubleOf } from "../../static/staff/camera.js";

class FakeTrack extends EventTarget {
  stopped = false;
  /** @type {boolean[]} */
  lit = [];

  /** @param {string} id @param {boolean} torch */
  constructor(id, torch) {
    super();
    this.id = id;
    this.torch = torch;
  }

  getSettings = () => ({ deviceId: this.id });
  getCapabilities = () => ({ torch: this.torch });
  stop = () => (this.stopped = true);

  /** @param {any} wanted */
  async applyConstraints({ advanced: [{ torch }] }) {
    if (!this.torch) throw new Error("no torch");
    this.lit.push(torch);
  }
}

/** Cameras by id, the first of them at the rear. @param {Record<string, boolean>} cameras id and torch */
function media(cameras) {
  /** @type {FakeTrack[]} */
  const opened = [];
  return {
    opened,
    getUserMedia: async (/** @type {any} */ { video }) => {
      const id = video.deviceId?.exact ?? Object.keys(cameras)[0];
      if (!(id in cameras)) throw named("OverconstrainedError");
      const track = new FakeTrack(id, cameras[id]);
      opened.push(track);
      return { getTracks: () => [track], getVideoTracks: () => [track] };
    },
    enumerateDevices: async () => [
      { kind: "audioinput", deviceId: "ear", label: "" },
      ...Object.keys(cameras).map((id) => ({ kind: "videoinput", deviceId: id, label: `label of ${id}` })),
    ],
  };
}

const named = (/** @type {string} */ name) => Object.assign(new Error(name), { name });
const video = () => /** @type {any} */ ({ srcObject: null, play: async () => {} });
/** @param {any} devices @param {() => void} [lost] */
const cameraOf = (devices, lost = () => {}) => new Camera(video(), lost, devices);

test("the rear camera is taken, or the one that was chosen", async () => {
  const devices = media({ rear: true, front: false });
  const camera = cameraOf(devices);
  await camera.start();
  assert.deepEqual([camera.id, camera.hasTorch, camera.on], ["rear", true, true]);
  await camera.start("front");
  assert.deepEqual([camera.id, camera.hasTorch], ["front", false]);
  assert.ok(devices.opened[0].stopped, "one at a time");
});

test("a chosen camera that is gone is no reason to have none", async () => {
  const camera = cameraOf(media({ rear: true }));
  await camera.start("unplugged");
  assert.equal(camera.id, "rear");
});

test("every camera can be chosen, microphones cannot", async () => {
  const choices = await cameraOf(media({ rear: true, front: false })).choices();
  assert.deepEqual(choices.map(({ id, label }) => [id, label]), [["rear", "label of rear"], ["front", "label of front"]]);
});

test("the light is as it was asked to be, or it says that it is not", async () => {
  const devices = media({ rear: true, front: false });
  const camera = cameraOf(devices);
  assert.equal(await camera.light(true), false, "none is open");
  await camera.start();
  assert.equal(await camera.light(true), true);
  assert.deepEqual(devices.opened[0].lit, [true]);
  await camera.start("front");
  assert.equal(await camera.light(true), false);
});

test("one that the phone takes away is told, one that was let go is not", async () => {
  let lost = 0;
  const devices = media({ rear: true });
  const camera = cameraOf(devices, () => (lost += 1));
  await camera.start();
  devices.opened[0].dispatchEvent(new Event("ended"));
  assert.equal(lost, 1);
  camera.stop();
  devices.opened[0].dispatchEvent(new Event("ended"));
  assert.equal(lost, 1);
});

test("one that opens after it was let go is let go, too", async () => {
  const devices = media({ rear: true });
  const camera = cameraOf(devices);
  const opening = camera.start();
  camera.stop();
  await opening;
  assert.equal(camera.on, false);
  assert.ok(devices.opened[0].stopped);
});

test("errors are told apart by what people can do about them", async () => {
  assert.equal(troubleOf(named("NotAllowedError")), "denied");
  assert.equal(troubleOf(named("NotFoundError")), "missing");
  assert.equal(troubleOf(named("NotReadableError")), "busy");
  await assert.rejects(cameraOf(null).start(), (error) => troubleOf(error) === "missing");
});
