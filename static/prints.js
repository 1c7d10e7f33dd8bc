// @ts-check
/**
 * Fetches all prints a few stands at a time, counts them, and joins the answers to one zip. What is
 * there stays there: after a broken connection it goes on from the next stand. Without this script
 * the server answers with the zip at once.
 */

import { joined } from "./zip.js";

const AT_ONCE = 5; // stands

const place = document.getElementById("zips");
const line = document.getElementById("zip-progress");
/** @type {Uint8Array[]} */
const parts = [];
let busy = false;

/** @param {Event} event */
async function fetchAll(event) {
  event.preventDefault();
  if (busy || !place || !line) return;
  busy = true;
  line.hidden = false;
  const { address = "", stands = "0", words = "", done = "", stopped = "" } = place.dataset;
  const say = /** @type {HTMLElement} */ (line.querySelector("[role=status]"));
  const bar = /** @type {HTMLProgressElement} */ (line.querySelector("progress"));
  try {
    for (let from = parts.length * AT_ONCE; from < +stands; from += AT_ONCE) {
      parts.push(await part(`${address}?from=${from}&count=${AT_ONCE}`));
      bar.value = Math.min(+stands, from + AT_ONCE);
      say.textContent = words.replace("{done}", `${bar.value}`).replace("{all}", stands);
    }
    save(joined(parts));
    say.textContent = done;
  } catch {
    say.textContent = stopped;
  }
  busy = false;
}

/** @param {string} address */
async function part(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${answer.status}`);
  return new Uint8Array(await answer.arrayBuffer());
}

/** @param {Uint8Array<ArrayBuffer>} zip */
function save(zip) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([zip], { type: "application/zip" }));
  link.download = place?.dataset.file ?? "";
  link.click();
}

const [all, ...others] = place?.querySelectorAll("a") ?? [];
for (const other of others) other.hidden = true;
const label = all?.querySelector("span");
if (label) label.textContent = place?.dataset.all ?? "";
all?.addEventListener("click", fetchAll);
