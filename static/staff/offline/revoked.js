// @ts-check
// Which vouchers were withdrawn: by themselves, or minted ones as a batch or a range. The law of a
// minted id is that of chalicelib/domain/mint.py.

/** @typedef {{vouchers: string[], batches: number[], ranges: string[]}} Revoked a range is "batch:first-last" */

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** @param {Revoked} revoked @param {string} voucherId */
export function revokes({ vouchers, batches, ranges }, voucherId) {
  if (vouchers.includes(voucherId)) return true;
  const place = placeOf(voucherId);
  return place !== null
    && (batches.includes(place.batch) || ranges.some((range) => holds(range, place)));
}

/** Return batch and serial of a minted id, null for a claimed one. @param {string} voucherId */
export function placeOf(voucherId) {
  let number = 0n;
  for (const symbol of voucherId) number = (number << 5n) | BigInt(ALPHABET.indexOf(symbol));
  const body = Number(number >> 38n);
  if (body < 2 ** 36) return null; // the first bit is the kind
  return { batch: Math.floor(body / 2 ** 20) % 2 ** 16, serial: body % 2 ** 20 };
}

/** @param {string} range @param {{batch: number, serial: number}} place */
function holds(range, { batch, serial }) {
  const [of, first, last] = range.split(/[:-]/).map(Number);
  return batch === of && first <= serial && serial <= last;
}
