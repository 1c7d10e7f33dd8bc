// @ts-check
// What this device remembers: IndexedDB, where keys may lie that no script can read out.

import { openDB } from "idb";

/** @typedef {import("idb").IDBPDatabase} Database */

const NAME = "marquee-staff";
const VERSION = 2; // 2: the queue of what was accepted without network
const STORE = "kept";

/**
 * @typedef {object} Storage
 * @property {boolean} lasting false where nothing outlives the page
 * @property {Database | null} database null where nothing outlives the page
 * @property {(key: string) => Promise<any>} get what was put, or undefined
 * @property {(key: string, value: unknown) => Promise<void>} put
 * @property {() => Promise<void>} clear forget everything
 */

/**
 * Open the device's memory; a browser that has none gets one that lasts as long as the page.
 * @param {string} [name] @returns {Promise<Storage>}
 */
export async function openStorage(name = NAME) {
  try {
    return lasting(await opened(name));
  } catch {
    return fleeting();
  }
}

/** @returns {Storage} */
export function fleeting() {
  const kept = new Map();
  return {
    lasting: false,
    database: null,
    get: async (key) => kept.get(key),
    put: async (key, value) => void kept.set(key, value),
    clear: async () => kept.clear(),
  };
}

/** @param {string} name @returns {Promise<Database>} */
function opened(name) {
  return openDB(name, VERSION, {
    upgrade(database, from) {
      if (from < 1) database.createObjectStore(STORE);
      const queue = database.createObjectStore("queue", { keyPath: "seq" });
      queue.createIndex("voucher_id", "voucher_id");
      queue.createIndex("nonce", "nonce", { unique: true });
    },
    blocking: (_from, _to, event) => /** @type {IDBDatabase} */ (event.target).close(),
  });
}

/** @param {Database} database @returns {Storage} */
function lasting(database) {
  return {
    lasting: true,
    database,
    get: (key) => database.get(STORE, key),
    put: (key, value) => database.put(STORE, value, key).then(() => {}),
    clear: async () => {
      const all = [...database.objectStoreNames];
      const transaction = database.transaction(all, "readwrite");
      await Promise.all([...all.map((name) => transaction.objectStore(name).clear()), transaction.done]);
    },
  };
}
