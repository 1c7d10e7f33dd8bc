// @ts-check
// The self-test's questions. Each answers with a verdict and the sentence that says it; where it
// is not good, the same name with `_cure` says what to do.

import { Camera, troubleOf } from "./camera.js";
import { keyFor, possible, publicKey } from "./keys.js";
import { fleeting, openStorage } from "./storage.js";

/** @typedef {"good" | "careful" | "bad"} Grade */
/** @typedef {{grade: Grade, text: string, facts?: Record<string, string>}} Result */
/** @typedef {import("./decoder.js").Decoder} Decoder */
/** @typedef {import("./decoder/frame.js").Frame} Frame */

export const PICTURES_A_SECOND = 8;
export const SLOW_READING_MS = 400;
export const CLOCK_SECONDS = 120;
const WATCH_MS = 1500;
const ROOM_BYTES = 20_000_000;

/** Look at the camera for a moment. @param {HTMLVideoElement} video @param {() => number} number of its picture @returns {Promise<Result>} */
export async function camera(video, number) {
  const tested = new Camera(video, () => {});
  try {
    await tested.start();
    const frames = await perSecond(number);
    const { videoWidth, videoHeight } = video;
    if (!videoWidth || !frames) return { grade: "bad", text: "camera_busy" };
    const facts = { width: String(videoWidth), height: String(videoHeight), frames: String(frames) };
    if (frames < PICTURES_A_SECOND) return { grade: "careful", text: "camera_slow", facts };
    return { grade: "good", text: "camera_good", facts };
  } catch (error) {
    return { grade: "bad", text: `camera_${troubleOf(error)}` };
  } finally {
    tested.stop();
  }
}

/** Read a code that is known. @param {Decoder} decoder @param {() => Frame} frame @param {string} text @returns {Promise<Result>} */
export async function decoder(decoder, frame, text) {
  const warm = await decoder.read(frame()).catch(() => null);
  const reading = warm && (await decoder.read(frame()).catch(() => null));
  if (reading?.texts[0] !== text) return { grade: "bad", text: "decoder_bad" };
  const facts = { ms: String(Math.ceil(reading.ms)) };
  if (reading.ms > SLOW_READING_MS) return { grade: "careful", text: "decoder_slow", facts };
  return { grade: "good", text: "decoder_good", facts };
}

/** Play what a use sounds like. @param {() => boolean} play says whether the browser let it @returns {Promise<Result>} */
export async function sound(play) {
  return play() ? { grade: "good", text: "sound_good" } : { grade: "bad", text: "sound_bad" };
}

/** @param {StorageManager | undefined} manager @returns {Promise<Result>} */
export async function storage(manager) {
  const kept = await openStorage();
  if (!kept.lasting) return { grade: "bad", text: "storage_bad" };
  const { quota = Infinity, usage = 0 } = (await manager?.estimate?.().catch(() => undefined)) ?? {};
  const lasting = await manager?.persisted?.().catch(() => false);
  const room = quota - usage > ROOM_BYTES;
  return lasting && room ? { grade: "good", text: "storage_good" } : { grade: "careful", text: "storage_short" };
}

/** Compare with the Date that the server sends. @param {() => Promise<string | null>} date @param {() => number} now @returns {Promise<Result>} */
export async function clock(date, now) {
  const asked = now();
  const told = Date.parse((await date().catch(() => null)) ?? "");
  if (Number.isNaN(told)) return { grade: "careful", text: "clock_unknown" };
  const seconds = Math.max(0, Math.round(Math.abs((asked + now()) / 2 - told - 500) / 1000));
  if (seconds <= CLOCK_SECONDS) return { grade: "good", text: "clock_good", facts: { seconds: String(seconds) } };
  return { grade: "careful", text: "clock_wrong", facts: { minutes: String(Math.round(seconds / 60)) } };
}

/** Make the key that a scanner signs with, and throw it away. @returns {Promise<Result>} */
export async function key() {
  if (!possible()) return { grade: "bad", text: "key_bad" };
  try {
    const { crv } = await publicKey(await keyFor(fleeting(), "self-test"));
    return { grade: "good", text: "key_good", facts: { kind: crv } };
  } catch {
    return { grade: "bad", text: "key_bad" };
  }
}

/** Count the pictures that come in a second. @param {() => number} number */
async function perSecond(number) {
  const ends = performance.now() + WATCH_MS;
  let [seen, count] = [-1, 0];
  while (performance.now() < ends) {
    if (number() !== seen) [seen, count] = [number(), count + 1];
    await new Promise((done) => setTimeout(done, 10));
  }
  return Math.round((count - 1) / (WATCH_MS / 1000));
}
