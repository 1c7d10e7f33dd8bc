// @ts-check
// The camera: the rear one or the one that was chosen, its torch, and whether it still gives
// pictures. Phones take it away when they please.

/** @typedef {"denied" | "missing" | "busy"} Trouble */
/** @typedef {{id: string, label: string}} Choice */

const SIZE = { width: { ideal: 1280 }, height: { ideal: 720 } };

/** What a browser calls it, and what it is for people. @type {Record<string, Trouble>} */
const TROUBLES = {
  NotAllowedError: "denied",
  SecurityError: "denied",
  NotFoundError: "missing",
  OverconstrainedError: "missing",
  TypeError: "missing", // a browser without cameras at all
};

/** @param {unknown} error @returns {Trouble} */
export const troubleOf = (error) => TROUBLES[/** @type {Error} */ (error)?.name] ?? "busy";

export class Camera {
  /** @type {MediaStream | null} */
  #stream = null;
  #wish = 0;

  /**
   * @param {HTMLVideoElement} video @param {() => void} lost what to do when the phone takes it away
   * @param {MediaDevices | null} [media] null where a browser has none
   */
  constructor(video, lost, media = navigator.mediaDevices) {
    this.video = video;
    this.lost = lost;
    this.media = media;
  }

  /** Say whether pictures should be coming. */
  get on() {
    return this.#stream !== null;
  }

  /** The chosen camera's id, where there is one. */
  get id() {
    return this.#track?.getSettings().deviceId ?? "";
  }

  /** Whether it has a light. */
  get hasTorch() {
    const capabilities = /** @type {any} */ (this.#track?.getCapabilities?.());
    return Boolean(capabilities?.torch);
  }

  /**
   * Open the camera of this id, else the rear one; rejects with the browser's error. One that is
   * opened after `stop` or another `start` is let go at once.
   * @param {string} [id]
   */
  async start(id) {
    this.stop();
    const wish = this.#wish;
    const stream = await this.#opened(id);
    if (wish !== this.#wish) return release(stream);
    this.#stream = stream;
    this.#track?.addEventListener("ended", () => this.#stream === stream && this.lost());
    this.video.srcObject = stream;
    await this.video.play().catch(() => {}); // the watchdog sees whether pictures come
  }

  /** Let the camera go. */
  stop() {
    this.#wish += 1;
    if (this.#stream) release(this.#stream);
    this.#stream = null;
    this.video.srcObject = null;
  }

  /** Switch the light; says whether it is as asked. @param {boolean} on */
  async light(on) {
    const wanted = /** @type {any} */ ({ advanced: [{ torch: on }] });
    return this.#track?.applyConstraints(wanted).then(() => true, () => false) ?? false;
  }

  /** Return every camera that can be chosen. @returns {Promise<Choice[]>} */
  async choices() {
    const all = (await this.media?.enumerateDevices()) ?? [];
    return all
      .filter(({ kind, deviceId }) => kind === "videoinput" && deviceId)
      .map(({ deviceId, label }) => ({ id: deviceId, label }));
  }

  get #track() {
    return this.#stream?.getVideoTracks()[0];
  }

  /** @param {string} [id] one that is gone is no reason to have none @returns {Promise<MediaStream>} */
  async #opened(id) {
    const { media } = this;
    if (!media?.getUserMedia) throw new TypeError("no cameras here");
    const rear = { ...SIZE, facingMode: { ideal: "environment" } };
    if (!id) return media.getUserMedia({ video: rear });
    return media.getUserMedia({ video: { ...SIZE, deviceId: { exact: id } } }).catch((error) => {
      if (troubleOf(error) !== "missing") throw error;
      return media.getUserMedia({ video: rear });
    });
  }
}

/** @param {MediaStream} stream */
const release = (stream) => stream.getTracks().forEach((track) => track.stop());
