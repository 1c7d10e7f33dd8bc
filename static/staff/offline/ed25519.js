// @ts-check
// Ed25519 verified by the browser, or by @noble/ed25519 where the browser only says that it can.

/** @typedef {(key: Uint8Array, signature: Uint8Array, body: Uint8Array) => Promise<boolean>} Verify */

/** A signature that is right (RFC 8032, 7.1, test 1: the empty message). */
const PROBE_KEY = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
const PROBE_SIGNATURE = "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b";

/** @type {Promise<Verify> | null} */
let chosen = null;

/** Tell whether a signature is right. @type {Verify} */
export async function verify(key, signature, body) {
  chosen ??= choose(native);
  return (await chosen)(key, signature, body);
}

/** Return the browser's own where it passes a real test, else the script. @param {Verify} first */
export async function choose(first) {
  const known = [ofHex(PROBE_KEY), ofHex(PROBE_SIGNATURE), new Uint8Array()];
  const works = await first(known[0], known[1], known[2]).catch(() => false);
  return works ? first : scripted;
}

/** @type {Verify} */
export async function native(key, signature, body) {
  const usage = await imported(key);
  return crypto.subtle.verify("Ed25519", usage, buffer(signature), buffer(body));
}

/** @type {Verify} */
async function scripted(key, signature, body) {
  const { verifyAsync } = await import("@noble/ed25519");
  return verifyAsync(signature, body, key);
}

/** @param {Uint8Array} key */
const imported = (key) => crypto.subtle.importKey("raw", buffer(key), "Ed25519", false, ["verify"]);

/** @param {Uint8Array} bytes */
const buffer = (bytes) => /** @type {BufferSource} */ (bytes);

/** @param {string} text */
const ofHex = (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
