// @ts-check
// Opening hours: wall times of the stand's zone, so that a clock change keeps both passes open.

/** @typedef {{opens: string, closes: string, days: number[]}} Session ISO weekdays, 1 is Monday */

const DAY = 24 * 60;
const MINUTE_MS = 60_000;
const DAYS_AHEAD = [...Array(9).keys()];
const WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/** Tell whether a stand is open at an instant. @param {Session[]} hours @param {string} timeZone @param {number} at */
export function openAt(hours, timeZone, at) {
  const { weekday, minute } = wallTime(timeZone, at);
  const yesterday = ((weekday + 5) % 7) + 1;
  return hours.some(({ opens, closes, days }) => {
    const start = minutes(opens);
    const end = minutes(closes) > start ? minutes(closes) : minutes(closes) + DAY;
    return (days.includes(weekday) && start <= minute && minute < end)
      || (days.includes(yesterday) && minute + DAY < end);
  });
}

/** Return the next opening after an instant, or null for a stand without hours. @param {Session[]} hours @param {string} timeZone @param {number} at */
export function opensNext(hours, timeZone, at) {
  const here = wallTime(timeZone, at);
  const midnight = Math.floor(at / MINUTE_MS) * MINUTE_MS - here.minute * MINUTE_MS; // without a clock change
  const starts = DAYS_AHEAD.flatMap((ahead) => hours
    .filter(({ days }) => days.includes(((here.weekday - 1 + ahead) % 7) + 1))
    .map(({ opens }) => onTheClock(timeZone, midnight, ahead * DAY + minutes(opens))));
  return starts.filter((start) => start > at).sort((one, other) => one - other)[0] ?? null;
}

/** Return the instant so many minutes of the wall clock after a midnight, over any clock change. @param {string} timeZone @param {number} midnight @param {number} minute */
function onTheClock(timeZone, midnight, minute) {
  const about = midnight + minute * MINUTE_MS;
  const off = ((minute % DAY) - wallTime(timeZone, about).minute + DAY * 1.5) % DAY - DAY / 2;
  return about + off * MINUTE_MS;
}

/** @type {Map<string, Intl.DateTimeFormat>} making one takes longer than the whole judgement */
const formats = new Map();

/** @param {string} timeZone @param {number} at */
function wallTime(timeZone, at) {
  const format = formats.get(timeZone) ?? new Intl.DateTimeFormat("en-GB", {
    timeZone, weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
  });
  formats.set(timeZone, format);
  const part = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
  return {
    weekday: WEEKDAYS.indexOf(part.weekday) + 1,
    minute: Number(part.hour) * 60 + Number(part.minute),
  };
}

/** @param {string} text */
function minutes(text) {
  const [hours, rest] = text.split(":");
  return Number(hours) * 60 + Number(rest);
}
