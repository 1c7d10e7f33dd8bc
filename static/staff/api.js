// @ts-check
// The server, asked with a time-out. No answer is null: what happened is then unknown, and the
// same request may be sent again. Anything else is the answer, a problem among them.

/** @typedef {{status: number, ok: boolean, body: any}} Answer */
/**
 * @typedef {{method?: string, body?: unknown, token?: string, version?: number, tries?: number, heavy?: boolean}} Wish
 * `version` is the one that an edit was made from; what is `heavy` may take its time: that it is
 * slow says nothing about the network
 */
/** @typedef {(answered: boolean) => void} Observer */

export const TIMEOUT_MS = 5000;
export const SLOW_MS = 1200;
const HEAVY_MS = 30_000; // API Gateway itself gives up after 29 s
const PAUSE_MS = 500;

/** @type {Observer} */
let observer = () => {};

/** Tell how every request goes: once each, as soon as it was answered or is slow. @param {Observer} tell */
export const observe = (tell) => void (observer = tell);

/**
 * Ask once, or as often as `tries` says while nothing comes back. The body stays the same.
 * @param {string} path @param {Wish} [wish] @returns {Promise<Answer | null>}
 */
export async function ask(path, wish = {}) {
  for (let left = wish.tries ?? 1; left > 0; left -= 1) {
    const answer = await once(path, wish);
    if (answer && answer.status < 500) return answer;
    if (left > 1) await new Promise((done) => setTimeout(done, PAUSE_MS));
  }
  return null;
}

/** @param {string} path @param {Wish} wish @returns {Promise<Answer | null>} */
async function once(path, wish) {
  const tell = first(observer);
  const slow = wish.heavy ? undefined : setTimeout(() => tell(false), SLOW_MS);
  const answer = await fetched(path, wish);
  clearTimeout(slow);
  tell(answer !== null && answer.status < 500);
  return answer;
}

/** @param {Observer} tell @returns {Observer} the same, for the first call alone */
function first(tell) {
  let told = false;
  return (answered) => {
    if (!told) tell(answered);
    told = true;
  };
}

/** @param {string} path @param {Wish} wish @returns {Promise<Answer | null>} */
async function fetched(path, { method, body, token, version, heavy }) {
  /** @type {Record<string, string>} */
  const headers = { accept: "application/json, application/problem+json" };
  if (token) headers.authorization = `Bearer ${token}`;
  if (version !== undefined) headers["if-match"] = `"${version}"`;
  if (body !== undefined) headers["content-type"] = "application/json";
  try {
    const answer = await fetch(path, {
      method: method ?? (body === undefined ? "GET" : "POST"),
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      cache: "no-store",
      signal: timeout(heavy ? HEAVY_MS : TIMEOUT_MS),
    });
    return { status: answer.status, ok: answer.ok, body: await answer.json() };
  } catch {
    return null; // no network, too late, or not our server's JSON
  }
}

/** AbortSignal.timeout, which tablets of 2020 lack. @param {number} ms */
function timeout(ms) {
  const control = new AbortController();
  setTimeout(() => control.abort(), ms);
  return control.signal;
}
