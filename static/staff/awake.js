// @ts-check
// The screen stays on while there is something to look out for.

/** @type {{release: () => Promise<void>} | null} */
let lock = null;

/** Keep it on; a browser that cannot, or a battery that is low, changes nothing else. */
export async function keep() {
  lock = await /** @type {any} */ (navigator).wakeLock?.request("screen").catch(() => null) ?? null;
}

export function release() {
  lock?.release().catch(() => {});
  lock = null;
}
