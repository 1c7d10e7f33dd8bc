// @ts-check
// Pictures of a video or a photo, as the decoder takes them.

import { fitted } from "./decoder/frame.js";

/** @typedef {import("./decoder/frame.js").Frame} Frame */

const LONGEST = 1280; // a code across a tenth of it still has two pixels for each module
const LONGEST_PHOTO = 2000;

const canvas = document.createElement("canvas");
const context = /** @type {CanvasRenderingContext2D} */ (
  canvas.getContext("2d", { willReadFrequently: true, alpha: false })
);

/** @param {HTMLVideoElement} video @returns {Frame | null} null while there is no picture */
export const ofVideo = (video) =>
  video.readyState < 2 || !video.videoWidth
    ? null
    : drawn(video, video.videoWidth, video.videoHeight, LONGEST);

/**
 * Return which picture of a camera it is: another number, another picture. The time of a camera
 * goes on though it gives none any more, so it counts only where a browser does not count pictures.
 * @param {HTMLVideoElement} video
 */
export const numberOf = (video) =>
  video.getVideoPlaybackQuality?.().totalVideoFrames || video.currentTime;

/** @param {Blob} file @returns {Promise<Frame>} rejects where it is no picture */
export async function ofPhoto(file) {
  const photo = await createImageBitmap(file);
  try {
    return drawn(photo, photo.width, photo.height, LONGEST_PHOTO);
  } finally {
    photo.close();
  }
}

/** @param {HTMLImageElement} image that is loaded @returns {Frame} */
export const ofImage = (image) => drawn(image, image.naturalWidth, image.naturalHeight, LONGEST);

/**
 * @param {CanvasImageSource} source @param {number} wide @param {number} high
 * @param {number} longest @returns {Frame}
 */
function drawn(source, wide, high, longest) {
  const { width, height } = fitted(wide, high, longest);
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  context.drawImage(source, 0, 0, width, height);
  return { data: context.getImageData(0, 0, width, height).data, width, height };
}
