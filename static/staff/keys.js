// @ts-check
// The device's own key: made here, kept here, never readable; only its public half leaves.

/** @typedef {import("./storage.js").Storage} Storage */
/** @typedef {{kty: string, crv: string, x: string, y?: string}} PublicKey */
/** @typedef {{pair: CryptoKeyPair, of: string}} Kept the key and the digest of its code */

const KEY = "key";
const PROBE = new Uint8Array([1, 1, 1, 1]);

/** Best first. A browser may know a name and still fail at it, so each is tried for real. */
const KINDS = [
  { make: { name: "Ed25519" }, sign: { name: "Ed25519" } },
  { make: { name: "ECDSA", namedCurve: "P-256" }, sign: { name: "ECDSA", hash: "SHA-256" } },
];

/** Say whether this page may make keys at all; browsers allow it over https and on localhost. */
export const possible = () => Boolean(globalThis.crypto?.subtle);

/**
 * Return the key of an enrolment code: the same one for the same code, so that a retry is one.
 * @param {Storage} storage @param {string} code @returns {Promise<CryptoKeyPair>}
 */
export async function keyFor(storage, code) {
  const of = await digest(code);
  const kept = /** @type {Kept | undefined} */ (await storage.get(KEY));
  if (kept?.of === of) return kept.pair;
  for (const kind of KINDS) {
    const pair = await made(kind, (fresh) => storage.put(KEY, { pair: fresh, of }));
    if (pair) return pair;
  }
  throw new Error("this browser can make no signing key");
}

/** Return the device's own private key, if it has one. @param {Storage} storage @returns {Promise<CryptoKey | undefined>} */
export const keptKey = async (storage) => (await storage.get(KEY))?.pair.privateKey;

/**
 * Return the public half, with the members that name it and no others.
 * @param {CryptoKeyPair} pair @returns {Promise<PublicKey>}
 */
export async function publicKey(pair) {
  const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", pair.publicKey);
  const named = { kty: String(kty), crv: String(crv), x: String(x) };
  return y ? { ...named, y } : named;
}

/** @param {string} text @returns {Promise<string>} SHA-256 in hexadecimal */
export async function digest(text) {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * Make a key that signs, verifies and can be kept; null where this kind cannot.
 * @param {typeof KINDS[number]} kind @param {(pair: CryptoKeyPair) => Promise<void>} keep
 */
async function made({ make, sign }, keep) {
  try {
    const pair = /** @type {CryptoKeyPair} */ (
      await crypto.subtle.generateKey(make, false, ["sign", "verify"])
    );
    const signature = await crypto.subtle.sign(sign, pair.privateKey, PROBE);
    const right = await crypto.subtle.verify(sign, pair.publicKey, signature, PROBE);
    await keep(pair);
    return right ? pair : null;
  } catch {
    return null;
  }
}
