// @ts-check
/** Several zips as one: their files stay packed, the lists at their ends become one. */

const END_BYTES = 22; // of our own zips, which have no comment
const OFFSET_AT = 42; // in an entry of the list: where its file begins

/**
 * @param {Uint8Array[]} zips as the server packs them @returns {Uint8Array<ArrayBuffer>}
 */
export function joined(zips) {
  /** @type {Uint8Array[]} */
  const files = [];
  /** @type {Uint8Array[]} */
  const lists = [];
  let [start, count] = [0, 0];
  for (const zip of zips) {
    const end = view(zip, zip.length - END_BYTES);
    const [size, at] = [end.getUint32(12, true), end.getUint32(16, true)];
    files.push(zip.subarray(0, at));
    lists.push(moved(zip.slice(at, at + size), start));
    count += end.getUint16(10, true);
    start += at;
  }
  const last = Uint8Array.from(zips[0].slice(-END_BYTES));
  const end = view(last, 0);
  end.setUint16(8, count, true);
  end.setUint16(10, count, true);
  end.setUint32(12, lists.reduce((sum, list) => sum + list.length, 0), true);
  end.setUint32(16, start, true);
  return together([...files, ...lists, last]);
}

/** Say of each entry of a list that its file begins so much later. @param {Uint8Array} list @param {number} by */
function moved(list, by) {
  const bytes = view(list, 0);
  for (let at = 0; at < list.length; ) {
    bytes.setUint32(at + OFFSET_AT, bytes.getUint32(at + OFFSET_AT, true) + by, true);
    const lengths = [28, 30, 32].map((place) => bytes.getUint16(at + place, true));
    at += lengths.reduce((sum, length) => sum + length, 46);
  }
  return list;
}

/** @param {Uint8Array} bytes @param {number} at */
const view = (bytes, at) => new DataView(bytes.buffer, bytes.byteOffset + at);

/** @param {Uint8Array[]} parts */
function together(parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
