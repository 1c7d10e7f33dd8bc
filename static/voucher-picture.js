// @ts-check
// The ticket as a picture for the phone's album: the code on white, in letters below, the city.

const WIDTH = 1080;
const EDGE = 90;
const FIRST_LINE = WIDTH + 110; // its base; what hangs below the last one has a line of its own
const LINE = 80;
const WORDS = "700 48px system-ui, sans-serif";

/**
 * Draw the code and its words, and hand the picture over as a file.
 * @param {SVGSVGElement} code
 * @param {{letters: string, lines: string[]}} said
 */
export async function save(code, { letters, lines }) {
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d");
  if (!pen) return;
  pen.font = WORDS;
  const rows = lines.flatMap((line) => broken(pen, line));
  canvas.width = WIDTH;
  canvas.height = FIRST_LINE + rows.length * LINE;
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.fillStyle = "#000";
  draw(pen, code);
  pen.textAlign = "center";
  pen.direction = "ltr";
  write(pen, letters, `700 60px ui-monospace, monospace`, WIDTH - EDGE + 20);
  pen.direction = document.dir === "rtl" ? "rtl" : "ltr";
  rows.forEach((row, index) => write(pen, row, WORDS, FIRST_LINE + index * LINE));
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
  if (blob) hand(blob, `${letters}.png`);
}

/** Draw the dark modules of the page's own picture, whole pixels each. */
function draw(/** @type {CanvasRenderingContext2D} */ pen, /** @type {SVGSVGElement} */ code) {
  const path = code.querySelector("path:last-of-type")?.getAttribute("d") ?? "";
  const size = code.viewBox.baseVal.width;
  const scale = Math.floor((WIDTH - EDGE) / size);
  pen.save();
  pen.translate(Math.floor((WIDTH - size * scale) / 2), 0);
  pen.scale(scale, scale);
  pen.fill(new Path2D(path));
  pen.restore();
}

/** Break a line where it would be too wide. */
function broken(/** @type {CanvasRenderingContext2D} */ pen, /** @type {string} */ line) {
  const rows = [""];
  for (const word of line.split(" ")) {
    const longer = `${rows.at(-1)} ${word}`.trim();
    if (pen.measureText(longer).width <= WIDTH - EDGE) rows[rows.length - 1] = longer;
    else rows.push(word);
  }
  return rows;
}

function write(
  /** @type {CanvasRenderingContext2D} */ pen, /** @type {string} */ text, /** @type {string} */ font, /** @type {number} */ y,
) {
  pen.font = font;
  pen.fillText(text, WIDTH / 2, y, WIDTH - EDGE);
}

function hand(/** @type {Blob} */ blob, /** @type {string} */ name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
