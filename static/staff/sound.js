// @ts-check
// Verdicts for the ear and the hand. Web Audio, no files.

/** @typedef {import("./verdict.js").Kind} Kind */
/** @typedef {{hertz: number, ms: number}} Note */

/** @type {Record<Kind, Note[]>} */
export const SCORES = {
  used: [{ hertz: 660, ms: 120 }, { hertz: 990, ms: 180 }], // two rising notes
  offline: [{ hertz: 660, ms: 120 }, { hertz: 660, ms: 120 }], // one note twice
  already: [{ hertz: 660, ms: 160 }, { hertz: 550, ms: 260 }], // a falling minor third, 6 : 5
  refused: [{ hertz: 180, ms: 350 }], // a low buzz
  input: [{ hertz: 660, ms: 90 }], // a question
  unanswered: [{ hertz: 180, ms: 120 }, { hertz: 180, ms: 120 }],
};

/** @type {Record<Kind, number[]>} milliseconds on, off, on */
export const SHAKES = {
  used: [60],
  offline: [60, 60, 60],
  already: [120, 80, 120],
  refused: [400],
  input: [30],
  unanswered: [200, 80, 200],
};

const BUZZ_BELOW_HERTZ = 300;
const GAP_SECONDS = 0.04;
const EDGE_SECONDS = 0.01; // a note that starts at once clicks

/** @type {AudioContext | null} */
let audio = null;

/** Let the browser play: it wants to see a finger or a key first. */
export function wake() {
  if (typeof AudioContext === "undefined") return;
  audio ??= new AudioContext();
  if (audio.state === "suspended") audio.resume().catch(() => {});
}

/** Say whether it can be heard. @param {Kind} kind */
export function tell(kind) {
  if (navigator.userActivation?.hasBeenActive ?? true) navigator.vibrate?.(SHAKES[kind]);
  if (audio?.state !== "running") return false;
  let at = audio.currentTime;
  for (const note of SCORES[kind]) {
    play(audio, note, at);
    at += note.ms / 1000 + GAP_SECONDS;
  }
  return true;
}

/** @param {AudioContext} context @param {Note} note @param {number} at */
function play(context, { hertz, ms }, at) {
  const tone = context.createOscillator();
  const loud = context.createGain();
  const ends = at + ms / 1000;
  tone.type = hertz < BUZZ_BELOW_HERTZ ? "sawtooth" : "triangle";
  tone.frequency.value = hertz;
  loud.gain.setValueAtTime(0, at);
  loud.gain.linearRampToValueAtTime(0.6, at + EDGE_SECONDS);
  loud.gain.setValueAtTime(0.6, ends - EDGE_SECONDS);
  loud.gain.linearRampToValueAtTime(0, ends);
  tone.connect(loud).connect(context.destination);
  tone.start(at);
  tone.stop(ends);
}
