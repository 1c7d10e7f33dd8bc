// @ts-check
// The service worker: it opens the scanner without network. A new version waits until nobody's scans
// do, and until somebody says so.

const PATH = "/staff/sw.js";
const LOOK_EVERY_MS = 60 * 60 * 1000;

export class Worker {
  /** @type {ServiceWorkerRegistration | undefined} */
  #registration;
  #empty = false;

  /** @param {(ready: boolean) => void} offer shows that a new version is ready, or hides it */
  constructor(offer) {
    this.offer = offer;
  }

  /** Register it where the browser has such workers: over https, and on localhost. */
  async start() {
    const { serviceWorker } = navigator;
    if (!serviceWorker) return;
    let controlled = serviceWorker.controller !== null; // the first one takes nothing over
    serviceWorker.addEventListener("controllerchange", () => {
      if (controlled) location.reload();
      controlled = true;
    });
    const registration = await serviceWorker.register(PATH, { scope: "/staff", updateViaCache: "none" });
    this.#registration = registration;
    registration.addEventListener("updatefound", () =>
      registration.installing?.addEventListener("statechange", () => this.#offer()));
    setInterval(() => registration.update().catch(() => {}), LOOK_EVERY_MS);
    this.#offer();
  }

  /** Say whether scans wait. @param {boolean} empty */
  queue(empty) {
    this.#empty = empty;
    this.#offer();
  }

  /** Let the version that waits take over; the page is then loaded anew. */
  takeOver() {
    if (this.#empty) this.#registration?.waiting?.postMessage("take over");
  }

  #offer() {
    this.offer(Boolean(this.#registration?.waiting && navigator.serviceWorker.controller && this.#empty));
  }
}
