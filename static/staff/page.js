// @ts-check
// What the page brings along: its parts, its language and sentences, its clock.

import { speaker } from "./words.js";

/** @param {string} id @returns {any} */
export const part = (id) => document.getElementById(id);

const brought = JSON.parse(part("words").textContent);

export const say = speaker(brought.words);
/** Decimals of each currency. @type {Record<string, number>} */
export const minorDigits = brought.minor_digits;
/** What each reason that the phone may give says, as the server would. @type {Record<string, import("./offline/telling.js").Row>} */
export const refusals = brought.refusals;
export const language = document.documentElement.lang;
/** How the reader's language writes. @type {import("./offline/telling.js").Manner} */
export const manner = { language, comma: brought.comma, minorDigits };
export const now = () => Date.now();

/**
 * Keep a setting where the server sees it at the next opening.
 * @param {string} name @param {string} value "" forgets it
 */
export function remember(name, value) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  const seconds = value ? 31_536_000 : 0;
  document.cookie = `${name}=${value}; Path=/staff; Max-Age=${seconds}; SameSite=Strict${secure}`;
}
