// @ts-check
// What this device remembers: IndexedDB, where keys may lie that no script can read out.

const NAME = "marquee-staff";
const VERSION = 1; // the queue of offline scans gets a store of its own, and version 2
const STORE = "kept";

/**
 * @typedef {object} Storage
 * @property {boolean} lasting false where nothing outlives the page
 * @property {(key: string) => Promise<any>} get what was put, or undefined
 * @property {(key: string, value: unknown) => Promise<void>} put
 * @property {() => Promise<void>} clear forget everything
 */

/**
 * Open the device's memory; a browser that has none gets one that lasts as long as the page.
 * @returns {Promise<Storage>}
 */
export async function openStorage() {
  try {
    return lasting(await opened());
  } catch {
    return fleeting();
  }
}

/** @returns {Storage} */
export function fleeting() {
  const kept = new Map();
  return {
    lasting: false,
    get: async (key) => kept.get(key),
    put: async (key, value) => void kept.set(key, value),
    clear: async () => kept.clear(),
  };
}

/** @returns {Promise<IDBDatabase>} */
function opened() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = request.onblocked = () => reject(request.error);
  });
}

/** @param {IDBDatabase} database @returns {Storage} */
function lasting(database) {
  /** @param {IDBTransactionMode} mode @param {(store: IDBObjectStore) => IDBRequest} act */
  const within = (mode, act) =>
    new Promise((resolve, reject) => {
      const transaction = database.transaction(STORE, mode);
      const request = act(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
  return {
    lasting: true,
    get: (key) => within("readonly", (store) => store.get(key)),
    put: (key, value) => within("readwrite", (store) => store.put(value, key)).then(() => {}),
    clear: () => within("readwrite", (store) => store.clear()).then(() => {}),
  };
}
