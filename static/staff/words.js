// @ts-check
// The page's sentences, which the server wrote in the reader's language.

/** @typedef {(key: string, values?: Record<string, string>) => string} Say */

/** @param {Record<string, string>} words @returns {Say} */
export function speaker(words) {
  return (key, values = {}) =>
    (words[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}
