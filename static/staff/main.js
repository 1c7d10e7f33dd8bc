// @ts-check
// The scanner. Sources of codes (field.js; the camera later) hand what they read to `take`; a
// judge (redeeming.js; an offline one later) answers; verdict.js puts the answer in words,
// stage.js on the screen, sound.js in the ear, log.js in the list.

import * as enrolment from "./enrolment.js";
import * as field from "./field.js";
import * as keys from "./keys.js";
import * as recent from "./recent.js";
import * as sound from "./sound.js";
import * as stage from "./stage.js";
import { ask } from "./api.js";
import { giveBack } from "./giving_back.js";
import { Log } from "./log.js";
import { money, parseAmount } from "./money.js";
import { redeem } from "./redeeming.js";
import { Debounce, isScan, keyOf, Nonces, tailOf, textOf } from "./scan.js";
import { openStorage } from "./storage.js";
import { markOf, verdictOf } from "./verdict.js";
import { speaker } from "./words.js";

/** @typedef {import("./api.js").Answer} Answer */
/** @typedef {import("./enrolment.js").Device} Device */
/** @typedef {import("./scan.js").Scan} Scan */
/** @typedef {import("./verdict.js").Verdict} Verdict */

const RENEW_EVERY_MS = 10 * 60 * 1000;
const BUSY_AFTER_MS = 150;
const TAP_GUARD_MS = 300; // a scanner's second Enter and a double tap dismiss nothing
const YEAR_SECONDS = 31_536_000;

const { part } = stage;
const { words, minor_digits: minorDigits } = JSON.parse(part("words").textContent);
const say = speaker(words);
const language = document.documentElement.lang;
const now = () => Date.now();
const input = /** @type {HTMLInputElement} */ (part("scanned"));

const storage = await openStorage();
const nonces = new Nonces(storage);
const log = new Log(storage, now);
const debounce = new Debounce(now);

/** @type {Device | undefined} */
let device;
/** @type {Record<string, string>} */
let titles = {};
/** @type {Promise<void>} */
let turn = Promise.resolve(); // scans are judged one after the other
let judging = "";
let shownAt = 0;

// --- Becoming a device ----------------------------------------------------------------------

/** Start, or start again with the code of a link. */
async function start() {
  const code = enrolment.codeIn(location.hash);
  if (location.hash) history.replaceState(null, "", location.pathname);
  if (!keys.possible()) return askForCode(say("not_secure"));
  device = await enrolment.enrolled(storage);
  if (code) return enrol(code, deviceName());
  if (!device) return askForCode("");
  await open();
}

/** @param {string} error what is to be said first */
function askForCode(error) {
  stage.show("enrol");
  stage.notice("enrolment-error", error);
  part("field-name").value ||= deviceName();
  part("field-code").focus();
}

/** @param {string} code @param {string} name */
async function enrol(code, name) {
  part("field-code").value = code;
  if (!enrolment.isCode(code)) return askForCode(say("not_a_code"));
  /** @type {Answer | null} */
  let answer;
  try {
    answer = await enrolment.enrol(storage, code, name.trim() || deviceName());
  } catch {
    return askForCode(say("no_key"));
  }
  if (!answer) return askForCode(say("no_answer"));
  if (!answer.ok) return askForCode(`${answer.body.title}. ${answer.body.detail}`);
  part("field-code").value = "";
  device = await enrolment.enrolled(storage);
  await open();
}

/** Open the scanner of an enrolled device; without an answer it opens with what it knew. */
async function open() {
  await renew();
  if (!device) return;
  if (device.profile === "screen") return leave(say("a_screen"));
  await log.open(device.device_id, device.time_zone ?? "UTC");
  await Promise.all([readTitles(), showStand(device)]);
  stage.notice("warning", storage.lasting ? "" : say("not_lasting"));
  rest();
}

/** Renew the token and learn how the stand stands. */
async function renew() {
  if (!device) return;
  const answer = await enrolment.renew(storage, device);
  connected(answer !== null);
  if (answer && !answer.ok) return turnedAway(answer);
  device = await enrolment.enrolled(storage);
}

/** End a device that the server does not take; a removed one forgets everything. @param {Answer} answer */
async function turnedAway(answer) {
  if (answer.body.reason === "device_revoked") {
    await storage.clear();
    return leave(say("removed"));
  }
  if (answer.status === 401) return leave(say("signed_out"));
}

/** @param {string} why */
async function leave(why) {
  await enrolment.leave(storage);
  device = undefined;
  remember("staff_stand", "", 0);
  askForCode(why);
}

/** Say whether the answer sends this device away; then there is nothing more to show. @param {Answer | null} answer */
async function isOut(answer) {
  if (answer?.status !== 401 && answer?.body.reason !== "device_revoked") return false;
  await turnedAway(answer);
  return true;
}

/** Hang the stand's awning: the server draws it for whom the cookie names. @param {Device} its */
async function showStand({ popup_id, device_id }) {
  remember("staff_stand", popup_id, YEAR_SECONDS);
  if (part("head").dataset.stand !== popup_id) await redrawHead();
  part("device").textContent = say("device", { device: markOf(device_id) });
}

async function redrawHead() {
  try {
    const answer = await fetch(location.pathname, { headers: { accept: "text/html" } });
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const head = fresh.getElementById("head");
    if (head) part("head").replaceWith(document.adoptNode(head));
    document.title = fresh.title;
    connected(true);
  } catch {
    // The awning is for looks; the scanner works without it.
  }
}

/** @param {boolean} yes */
function connected(yes) {
  part("network").hidden = false;
  part("network").dataset.online = String(yes);
  part("network-word").textContent = say(yes ? "online" : "no_network");
}

/** Learn the offers' titles; what is missing is called a voucher. */
async function readTitles() {
  titles = (await storage.get(`titles-${language}`)) ?? {};
  if (!device?.campaign_id) return;
  const answer = await ask(`/api/v1/campaigns/${device.campaign_id}`);
  if (!answer?.ok) return;
  titles = Object.fromEntries(answer.body.offers.map((/** @type {any} */ o) => [o.offer_id, o.title]));
  await storage.put(`titles-${language}`, titles);
}

/** Name what kind of device this is; people may call it otherwise. */
function deviceName() {
  if (!navigator.maxTouchPoints) return say("computer");
  return say(Math.min(screen.width, screen.height) < 600 ? "phone" : "tablet");
}

// --- Judging --------------------------------------------------------------------------------

/** Take a code from whatever source; "" is a bare Enter. @param {string} raw */
function take(raw) {
  const text = textOf(raw);
  if (!text) return dismiss();
  const key = keyOf(text);
  if (key === judging || debounce.holds(key)) return;
  turn = turn.then(() => judge(text, key, null)).catch(() => rest());
}

/** @param {string} text @param {string} key @param {Scan | null} again with what was missing */
async function judge(text, key, again) {
  if (!device) return;
  judging = key;
  const tail = tailOf(text);
  const slow = busy(tail);
  try {
    const scan = again ?? {
      scanned: text,
      key,
      tail,
      nonce: await nonces.open(key),
      scannedAt: new Date(now()).toISOString(),
      total: null,
    };
    const answer = await redeem(nonces, device.device_token, scan);
    connected(answer !== null);
    if (await isOut(answer)) return;
    await settle(scan, answer, verdictOf(answer, facts(device)));
  } finally {
    clearTimeout(slow);
    judging = "";
  }
}

/** Take the last verdict off the screen, and say after a moment what is being asked. @param {string} tail */
function busy(tail) {
  stage.toast("");
  stage.show("busy");
  document.body.dataset.slow = "no";
  part("busy-code").textContent = say("code_ends", { tail });
  return setTimeout(() => (document.body.dataset.slow = "yes"), BUSY_AFTER_MS);
}

/** @param {Scan} scan @param {Answer | null} answer @param {Verdict} verdict */
async function settle(scan, answer, verdict) {
  const { kind } = verdict;
  if (kind === "used" || kind === "already" || kind === "refused") {
    const text = kind === "already" ? verdict.figure : verdict.sentence;
    const { redemptionId } = verdict;
    await log.add({ id: scan.nonce, at: now(), kind, tail: scan.tail, text, redemptionId });
    debounce.start(scan.key);
  }
  if (kind === "input") debounce.start(scan.key);
  stage.showVerdict(verdict);
  sound.tell(kind);
  shownAt = now();
  arm(scan, verdict, answer);
  refresh();
}

/** Give a verdict's buttons their work. @param {Scan} scan @param {Verdict} verdict @param {Answer | null} answer */
function arm(scan, verdict, answer) {
  const room = part("verdict");
  on(room, "next", rest);
  on(room, "again", () => take(scan.scanned));
  on(room, "give-back", () => openGiveBack(verdict.redemptionId ?? "", verdict.sentence));
  if (verdict.kind === "input") askTotal(scan, answer?.body.currency ?? device?.currency ?? "");
  else field.ready(input);
}

/** @param {ParentNode} room @param {string} action @param {() => void} act */
function on(room, action, act) {
  room.querySelector(`[data-action="${action}"]`)?.addEventListener("click", act);
}

/** Ask for the order's total; a code that a scanner types here is the next scan. @param {Scan} scan @param {string} currency */
function askTotal(scan, currency) {
  const decimals = minorDigits[currency] ?? 2;
  const amount = part("amount");
  const read = part("amount-read");
  const example = money(12345, currency, decimals, language);
  amount.inputMode = decimals ? "decimal" : "numeric";
  amount.addEventListener("input", () => {
    const minor = parseAmount(amount.value, decimals);
    read.textContent = minor === null ? "" : `= ${money(minor, currency, decimals, language)}`;
    amount.removeAttribute("aria-invalid");
  });
  part("total").addEventListener("submit", (/** @type {Event} */ event) => {
    event.preventDefault();
    if (isScan(amount.value)) {
      const text = amount.value;
      amount.value = "";
      return take(text);
    }
    const minor = parseAmount(amount.value, decimals);
    if (minor === null) {
      amount.setAttribute("aria-invalid", "true");
      read.textContent = say("total_wrong", { example });
      return;
    }
    const total = { amount_minor: minor, currency };
    turn = turn.then(() => judge(scan.scanned, scan.key, { ...scan, total })).catch(() => rest());
  });
  amount.focus();
}

/** @param {Device} its @returns {import("./verdict.js").Facts} */
function facts({ device_id, time_zone }) {
  const titleOf = (/** @type {string} */ id) => titles[id] ?? say("offer");
  return { say, language, deviceId: device_id, timeZone: time_zone ?? "UTC", minorDigits, titleOf, now };
}

/** Go back to the desk, ready for the next code. */
function rest() {
  if (document.body.dataset.verdict === "input") debounce.stop();
  stage.show("ready");
  refresh();
  field.ready(input);
}

/** Put the verdict away, unless it has only just come. */
function dismiss() {
  if (document.body.dataset.mode === "verdict" && now() - shownAt > TAP_GUARD_MS) rest();
}

function refresh() {
  recent.draw(log, language, ({ redemptionId, text }) => openGiveBack(redemptionId ?? "", text));
}

// --- Giving back ----------------------------------------------------------------------------

/** @param {string} redemptionId @param {string} what */
function openGiveBack(redemptionId, what) {
  const dialog = part("give-back");
  dialog.dataset.redemption = redemptionId;
  part("give-back-what").textContent = what;
  stage.notice("give-back-error", "");
  dialog.showModal();
}

/** @param {string} reason */
async function answerGiveBack(reason) {
  const dialog = part("give-back");
  const redemptionId = dialog.dataset.redemption;
  if (!device || dialog.dataset.busy) return;
  dialog.dataset.busy = "yes";
  const answer = await giveBack(nonces, device.device_token, redemptionId, reason);
  delete dialog.dataset.busy;
  if (await isOut(answer)) return dialog.close();
  if (!answer?.ok) {
    const text = answer ? `${answer.body.title}. ${answer.body.detail}` : say("no_answer");
    return stage.notice("give-back-error", text);
  }
  await log.giveBack(redemptionId);
  debounce.stop();
  dialog.close();
  rest();
  stage.toast(say("given_back"));
}

// --- The page -------------------------------------------------------------------------------

/** Keep a setting where the server sees it at the next opening. @param {string} name @param {string} value @param {number} seconds */
function remember(name, value, seconds) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${name}=${value}; Path=/staff; Max-Age=${seconds}; SameSite=Strict${secure}`;
}

function switchLight() {
  const dusk = document.body.classList.toggle("dusk");
  document.body.classList.toggle("noon", !dusk);
  part("dusk").setAttribute("aria-pressed", String(dusk));
  remember("staff_light", dusk ? "dusk" : "", dusk ? YEAR_SECONDS : 0);
}

field.listen(part("scan"), input, take);
part("type").addEventListener("click", () => field.type(input));
part("verdict").addEventListener("click", (/** @type {MouseEvent} */ event) => {
  const at = /** @type {Element} */ (event.target);
  if (document.body.dataset.verdict !== "input" && !at.closest("button, a, form")) dismiss();
});
part("enrol").addEventListener("submit", (/** @type {Event} */ event) => {
  event.preventDefault();
  enrol(enrolment.tidy(part("field-code").value), part("field-name").value);
});
part("give-back").addEventListener("click", (/** @type {MouseEvent} */ event) => {
  const pressed = /** @type {Element} */ (event.target).closest("button");
  if (pressed?.name === "reason") answerGiveBack(pressed.value);
  else if (pressed) part("give-back").close();
});
part("give-back").addEventListener("close", () => {
  if (document.body.dataset.mode !== "enrol") field.ready(input);
});
document.addEventListener("click", (event) => {
  if (/** @type {Element} */ (event.target).closest("#dusk")) switchLight();
});
document.addEventListener("keydown", (event) => {
  sound.wake();
  if (event.key === "Escape" && !part("give-back").open) dismiss();
});
document.addEventListener("pointerdown", sound.wake);
addEventListener("resize", stage.fitWord);
addEventListener("hashchange", start);
document.addEventListener("visibilitychange", () => {
  if (document.hidden || !device) return;
  renew();
  if (document.body.dataset.mode === "ready") field.ready(input);
});
setInterval(() => !document.hidden && renew(), RENEW_EVERY_MS);
setInterval(() => document.body.dataset.mode === "ready" && refresh(), 30_000);

await start();
