// @ts-check
// The time of the festival: the server's clock, carried on by this device's.

const page = /** @type {HTMLElement | null} */ (document.querySelector("[data-now]"));
const ahead = page?.dataset.now ? Date.parse(page.dataset.now) - Date.now() : 0;

/** The festival's instant in milliseconds, however the device's own clock is set. */
export function now() {
  return Date.now() + ahead;
}

/**
 * Keeps a clock of the page going in its zone; digits are the same in every language. Where an
 * old phone does not know the zone, the time stays as the server wrote it.
 * @param {Element} face
 * @param {string} timeZone
 * @param {boolean} seconds
 * @returns {(at: number) => void}
 */
export function wallClock(face, timeZone, seconds) {
  try {
    const format = new Intl.DateTimeFormat("en-GB", {
      timeZone, hour: "2-digit", minute: "2-digit", second: seconds ? "2-digit" : undefined, hourCycle: "h23",
    });
    return (at) => { face.textContent = format.format(at); };
  } catch {
    return () => {};
  }
}

/**
 * Call back at each full second of the festival while the page is looked at.
 * @param {(at: number) => void} tick
 */
export function everySecond(tick) {
  const step = () => {
    if (!document.hidden) tick(now());
    setTimeout(step, 1000 - (now() % 1000));
  };
  step();
}
