// @ts-check
// The field for typed, pasted and hand-scanned codes. It is always live: a hand scanner types and
// presses Enter, wherever the finger was before. The camera will be a second such source.

/** @typedef {(text: string) => void} Take */

/**
 * Hand every code to `take`, and "" for a bare Enter.
 * @param {HTMLFormElement} form @param {HTMLInputElement} input @param {Take} take
 */
export function listen(form, input, take) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = input.value;
    input.value = "";
    ready(input);
    take(text);
  });
  document.addEventListener("keydown", (event) => {
    if (isStray(event, input)) input.focus();
  });
  document.addEventListener("paste", (event) => {
    if (isElsewhere(event.target) || input.offsetParent === null) return;
    event.preventDefault(); // else the field, focused now, gets it a second time
    input.value = event.clipboardData?.getData("text") ?? "";
    input.focus();
  });
  // A finger on the field wants the keyboard on the screen; a hand scanner does not.
  input.addEventListener("pointerdown", () => (input.inputMode = "text"));
}

/** Take the next code. The screen's own keyboard stays away. @param {HTMLInputElement} input */
export function ready(input) {
  if (input.inputMode !== "none") {
    input.inputMode = "none";
    input.blur();
  }
  input.focus({ preventScroll: true });
}

/** Let the code be typed on the screen. @param {HTMLInputElement} input */
export function type(input) {
  input.inputMode = "text";
  input.blur();
  input.focus();
}

/**
 * Say whether a key was meant for the field though the focus is elsewhere: letters and digits,
 * never what a button or a list needs.
 * @param {KeyboardEvent} event @param {HTMLInputElement} input
 */
function isStray(event, input) {
  const typed = event.key.length === 1 && event.key !== " ";
  const shortcut = event.ctrlKey || event.altKey || event.metaKey;
  return typed && !shortcut && !isElsewhere(event.target) && input.offsetParent !== null;
}

/** Say whether something else takes what is typed here. @param {EventTarget | null} target */
function isElsewhere(target) {
  return target instanceof Element && target.closest("input, textarea, select, dialog") !== null;
}
