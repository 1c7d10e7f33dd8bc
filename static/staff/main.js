// @ts-check
// The scanner, put together. Sources of codes (field.js, lens.js, photo.js) hand what they read to
// judging.js; verdict.js puts the answer in words, stage.js on the screen, sound.js in the ear,
// log.js in the list. Without network, offline/outpost.js stands in for the server.

import * as field from "./field.js";
import * as hand from "./hand.js";
import * as head from "./head.js";
import * as language from "./language.js";
import * as photo from "./photo.js";
import * as sound from "./sound.js";
import * as stage from "./stage.js";
import * as stand from "./stand.js";
import * as work from "./work.js";
import { tidy } from "./enrolment.js";
import { GivingBack } from "./giving_back.js";
import { Judging } from "./judging.js";
import { Lens } from "./lens.js";
import { Log } from "./log.js";
import { Moving } from "./moving.js";
import { keptKey } from "./keys.js";
import { Outpost } from "./offline/outpost.js";
import { Relieving } from "./relieving.js";
import { Worker } from "./offline/worker.js";
import { manner, now, part, refusals, say } from "./page.js";
import { Nonces } from "./scan.js";
import { Session } from "./session.js";
import { Shift } from "./shift.js";
import { openStorage } from "./storage.js";
import { Titles } from "./titles.js";
import { Training } from "./training.js";

const RENEW_EVERY_MS = 2 * 60 * 1000;
const FLUSH_EVERY_MS = 30 * 1000;
const REDRAW_EVERY_MS = 30 * 1000; // what may be given back ends with time

const storage = await openStorage();
const words = { say, refusals, manner };
const nonces = new Nonces(storage);
const log = new Log(storage, now);
const titles = new Titles(storage);
const worker = new Worker((ready) => (part("update").hidden = !ready));
/** @type {Outpost} */
const outpost = new Outpost({
  storage,
  nonces,
  device: () => session.sender,
  key: () => keptKey(storage),
  words,
  time: { now, ticks: () => performance.now() },
  probe: () => session.renew(),
  show: (waiting, up) => {
    head.waiting(waiting);
    if (session.device) head.connected(up);
    worker.queue(waiting === 0);
  },
  settled: (results) => judging.settle(results),
  turnedAway: (answer) => session.endedBy(answer),
});
/** @type {Session} */
const session = new Session(storage, outpost, async (device) => {
  await log.open(device.device_id, device.time_zone ?? "UTC");
  await titles.read(device.campaign_id);
  await shift.open(device.device_id);
  relieve();
  countCases();
  warn();
  judging.rest();
  stand.count(device);
  lens.open();
});
const input = /** @type {HTMLInputElement} */ (part("scanned"));
const givingBack = new GivingBack(
  { session, nonces, log },
  { done: () => judging.reopen(), closed: () => session.device && field.ready(input) },
);
const shift = new Shift(storage, now, () => session.device?.device_token ?? "");
const training = new Training({
  manifest: () => outpost.knowing.manifest,
  now: () => outpost.clock.now(),
  deviceId: () => session.device?.device_id ?? "",
  words,
});
const giveBack = (/** @type {string} */ id, /** @type {string} */ what) => givingBack.open(id, what);
/** @type {Judging} */
const judging = new Judging(
  { session, outpost, nonces, log, titles, shift, training, giveBack },
  input,
);
const again = () => session.device && field.ready(input);
const moving = new Moving(session, again);
const changed = () => {
  relieve();
  countCases();
};
const relieving = new Relieving(session, shift, { changed, closed: again });
const mode = () => document.body.dataset.mode;
const dialogs = [...document.querySelectorAll("dialog")];
const lens = new Lens(storage, {
  take: (text) => judging.take(text),
  mayTake: () =>
    Boolean(session.device)
    && document.body.dataset.verdict !== "input" // who types a total is not done with this voucher
    && !dialogs.some(({ open }) => open),
});

/** Say what should worry before the next scan does. */
function warn() {
  const stale = outpost.freshness() === "fresh" ? "" : say("stale");
  stage.notice("warning", storage.lasting ? stale : say("not_lasting"));
  stage.notice("stand-says", (outpost.knowing.manifest?.messages ?? []).join("\n"));
}

const supervises = () => session.device?.profile === "supervisor" || shift.supervises;

/** Count what waits for a supervisor, where one is at work. */
function countCases() {
  if (session.device && supervises()) work.count(session.device);
}

/** Say who works with the device, and offer what this person may do. */
function relieve() {
  relieving.draw();
  moving.offer(supervises());
  work.offer(supervises());
}

/** See whether the network is back: hand in what waits, or ask anything. */
async function lookUp() {
  if (session.leaving) return session.retire();
  if (!session.device) return;
  await outpost.flush();
  await shift.settle();
  warn();
}

/** Begin to practise, or end it. */
function train() {
  training.toggle();
  stage.practise(training.on);
  document.querySelector(".prefs")?.removeAttribute("open");
  judging.reopen();
}

field.listen(part("scan"), input, (text) => judging.take(text));
photo.listen(lens.decoder, (text) => judging.take(text));
new MutationObserver(() => mode() === "enrol" && lens.close())
  .observe(document.body, { attributeFilter: ["data-mode"] });
part("help-open").addEventListener("click", () => part("help").showModal());
part("help").addEventListener("close", () => field.ready(input));
part("help-close").addEventListener("click", () => part("help").close());
part("type").addEventListener("click", () => field.type(input));
part("verdict").addEventListener("click", (/** @type {MouseEvent} */ event) => {
  const at = /** @type {Element} */ (event.target);
  if (!at.closest("button, form, .verdict-input")) judging.dismiss();
});
part("enrol").addEventListener("submit", (/** @type {Event} */ event) => {
  event.preventDefault();
  session.enrol(tidy(part("field-code").value), part("field-name").value);
});
document.addEventListener("click", language.change);
document.addEventListener("click", (event) => {
  const at = /** @type {Element} */ (event.target);
  if (at.closest("#dusk")) head.switchLight();
  if (at.closest("#hand")) hand.change();
  if (at.closest("#training, #training-off")) train();
});
document.addEventListener("keydown", (event) => {
  sound.wake();
  if (event.key === "Escape" && !dialogs.some(({ open }) => open)) judging.dismiss();
});
document.addEventListener("pointerdown", sound.wake);
document.addEventListener("visibilitychange", () => {
  if (document.hidden || !session.device) return;
  shift.open(session.device.device_id).then(relieve); // another tab may have been relieved
  session.renew().then(lookUp);
  if (mode() === "ready") field.ready(input);
});
addEventListener("resize", stage.fitWord);
addEventListener("hashchange", () => location.hash && session.start());
addEventListener("online", lookUp);
part("update").addEventListener("click", () => worker.takeOver());
setInterval(() => {
  if (document.hidden || !session.device) return;
  session.renew();
  countCases();
}, RENEW_EVERY_MS);
setInterval(lookUp, FLUSH_EVERY_MS);
setInterval(() => {
  if (mode() !== "ready" || document.hidden || !session.device) return;
  judging.refresh();
  relieve(); // a shift ends by itself
  stand.count(session.device);
}, REDRAW_EVERY_MS);

await session.start();
worker.start().catch(() => {}); // without it the scanner works as long as it is open
lookUp();
