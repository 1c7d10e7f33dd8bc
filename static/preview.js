// @ts-check
/** Lets a preview that is shown anew speak and run as its page says: htmx changes the body alone. */

document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = /** @type {CustomEvent<{ xhr: XMLHttpRequest }>} */ (event).detail;
  const shown = new DOMParser().parseFromString(xhr.responseText, "text/html");
  document.documentElement.lang = shown.documentElement.lang;
  document.documentElement.dir = shown.documentElement.dir;
  document.body.className = shown.body.className;
});
