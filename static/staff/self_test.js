// @ts-check
// The page on which a phone finds out whether it can be a scanner: one question after the other,
// each with a verdict in words and, where it is not good, the cure.

import * as checks from "./checks.js";
import { Decoder } from "./decoder.js";
import { now, part, say } from "./page.js";
import { numberOf, ofImage } from "./picture.js";
import * as sound from "./sound.js";
import { fill } from "./stage.js";

/** @typedef {import("./checks.js").Grade} Grade */
/** @typedef {import("./checks.js").Result} Result */

const WAKES_MS = 300;
/** @type {Grade[]} from the best to the worst */
const GRADES = ["good", "careful", "bad"];

part("start").addEventListener("click", async () => {
  sound.wake();
  part("start").disabled = true;
  /** @type {Grade[]} */
  const grades = [];
  for (const [name, check] of Object.entries(questions())) grades.push(await ask(name, check));
  sum(grades);
  part("start").disabled = false;
});

/** @returns {Record<string, () => Promise<Result>>} */
function questions() {
  return {
    camera: () => checks.camera(part("video"), () => numberOf(part("video"))),
    decoder: async () => {
      const image = await sample();
      return checks.decoder(new Decoder(), () => ofImage(image), part("sample").dataset.text);
    },
    sound: async () => {
      await new Promise((done) => setTimeout(done, WAKES_MS));
      return checks.sound(() => sound.tell("used"));
    },
    storage: () => checks.storage(navigator.storage),
    clock: () => checks.clock(dateOfServer, now),
    key: () => checks.key(),
  };
}

/** @param {string} name @param {() => Promise<Result>} check @returns {Promise<Grade>} */
async function ask(name, check) {
  const row = part(`test-${name}`);
  show(row, "running", "", "");
  const { grade, text, facts } = await check();
  show(row, grade, say(text, facts), grade === "good" ? "" : say(`${text}_cure`));
  return grade;
}

/** @param {HTMLElement} row @param {Grade | "running"} state @param {string} text @param {string} cure */
function show(row, state, text, cure) {
  row.dataset.state = state;
  fill(row, "state", say(state));
  fill(row, "text", text);
  fill(row, "cure", cure);
}

/** Say the worst of all. @param {Grade[]} grades */
function sum(grades) {
  const worst = GRADES.filter((grade) => grades.includes(grade)).pop() ?? "good";
  part("sum").hidden = false;
  part("sum").dataset.state = worst;
  part("sum").textContent = say(`sum_${worst}`);
}

/** Return the page's own code as a picture. @returns {Promise<HTMLImageElement>} */
async function sample() {
  const drawn = part("sample").querySelector("svg").cloneNode(true);
  drawn.setAttribute("width", "600");
  drawn.setAttribute("height", "600");
  const image = new Image();
  image.src = `data:image/svg+xml,${encodeURIComponent(new XMLSerializer().serializeToString(drawn))}`;
  await image.decode();
  return image;
}

async function dateOfServer() {
  const answer = await fetch("/health", { cache: "no-store" });
  return answer.headers.get("date");
}
