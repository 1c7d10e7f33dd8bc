// @ts-check
// The stand's screen. It is enrolled once and then runs for days: every answer brings its next
// token, a code that may no longer work is taken down, and the page follows the stand.

import * as board from "./board.js";
import * as enrolment from "../staff/enrolment.js";
import * as keys from "../staff/keys.js";
import { ask } from "../staff/api.js";
import { Rotation } from "./rotation.js";
import { openStorage } from "../staff/storage.js";
import { speaker } from "../staff/words.js";

/** @typedef {import("../staff/enrolment.js").Device} Device */

const BOARD_EVERY_MS = 60_000;
const LOOK_EVERY_MS = 1000;

/** @param {string} id @returns {any} */
const part = (id) => document.getElementById(id);
const say = speaker(JSON.parse(part("words").textContent));
const count = new Intl.NumberFormat(`${document.documentElement.lang}-u-nu-latn`);
const storage = await openStorage("marquee-screen"); // a scanner may live in the same browser
const rotation = new Rotation();
/** @type {Device | undefined} */
let device;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let next;

/** Say something above the code, or nothing. */
function notice(/** @type {string} */ text) {
  const shown = part("notice");
  shown.hidden = text === "";
  if (shown.lastElementChild.textContent !== text) shown.lastElementChild.textContent = text;
}

/** Ask for the code of the moment, then wait for the next one. */
async function follow() {
  clearTimeout(next);
  const asked = device;
  if (!asked) return;
  const answer = await ask("/api/v1/devices/self/presence", { token: asked.device_token });
  if (device !== asked) return; // it became another one meanwhile
  if (answer?.ok) await show(asked, answer.body);
  else if (answer?.status === 401) return leave(say("signed_out"));
  else if (answer?.body.reason === "device_revoked") return leave(say("removed"));
  else rotation.missed();
  look();
  clearTimeout(next);
  next = setTimeout(follow, rotation.pause(Date.now()));
}

/** @param {Device} asked @param {any} body */
async function show(asked, body) {
  rotation.took(Date.now(), body.next_in_ms);
  part("picture").src = `data:image/svg+xml,${encodeURIComponent(body.picture)}`;
  part("code").textContent = body.code;
  part("claimed").textContent = count.format(body.claimed);
  part("redeemed").textContent = count.format(body.redeemed);
  part("counts").hidden = false;
  device = { ...asked, device_token: body.device_token };
  await enrolment.keep(storage, device);
}

/** Take down what may no longer work, and say why. */
function look() {
  if (!device) return;
  const state = rotation.state(Date.now());
  part("shown").hidden = state === "none" || state === "gone";
  notice({ late: say("late"), gone: say("no_answer") }[/** @type {string} */ (state)] ?? "");
}

/** Be no screen any more. @param {string} why */
async function leave(why) {
  device = undefined;
  await enrolment.keep(storage, undefined);
  for (const id of ["shown", "counts"]) part(id).hidden = true;
  askForCode(why);
}

/** @param {string} why what is to be said first */
function askForCode(why) {
  part("enrol").hidden = false;
  notice(why);
}

/** @param {string} code */
async function enrol(code) {
  part("field-code").value = code;
  if (!enrolment.isCode(code)) return askForCode(say("not_a_code"));
  const answer = await enrolment.enrol(storage, code, say("screen")).catch(() => undefined);
  if (answer === undefined) return askForCode(say("no_key"));
  if (answer === null) return askForCode(say("no_answer_to_code"));
  if (!answer.ok) return askForCode(`${answer.body.title}. ${answer.body.detail}`);
  part("field-code").value = "";
  await open();
}

/** Begin as the screen that this browser is, at its own stand. */
async function open() {
  const kept = await enrolment.enrolled(storage);
  if (!kept) return askForCode("");
  if (kept.profile !== "screen") return leave(say("not_a_screen"));
  if (kept.popup_id !== document.body.dataset.stand) return location.replace(`/screen/${kept.popup_id}`);
  device = kept;
  part("enrol").hidden = true;
  await Promise.all([follow(), stayAwake()]);
}

/** Keep the screen on; a browser that cannot dims as it always does. */
async function stayAwake() {
  try {
    if (!document.hidden) await /** @type {any} */ (navigator).wakeLock?.request("screen");
  } catch {
    // low battery
  }
}

async function start() {
  const code = enrolment.codeIn(location.hash);
  if (location.hash) history.replaceState(null, "", location.pathname);
  if (!keys.possible()) return askForCode(say("not_secure"));
  return code ? enrol(code) : open();
}

part("enrol").addEventListener("submit", (/** @type {Event} */ event) => {
  event.preventDefault();
  enrol(enrolment.tidy(part("field-code").value));
});
document.addEventListener("visibilitychange", () => {
  if (document.hidden || !device) return;
  follow();
  stayAwake();
});
addEventListener("online", follow);
addEventListener("hashchange", () => location.hash && start());
setInterval(look, LOOK_EVERY_MS);
setInterval(board.refresh, BOARD_EVERY_MS);
await start();
