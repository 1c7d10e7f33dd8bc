// @ts-check
/**
 * Shows how much of a chosen file has been sent, then that it is read; without it the form is sent
 * all the same.
 */

const form = /** @type {HTMLFormElement | null} */ (document.getElementById("upload"));
const bar = /** @type {HTMLProgressElement | null} */ (document.getElementById("progress"));
const said = document.getElementById("progress-said");

/** @param {SubmitEvent} event */
function send(event) {
  if (!form || !bar) return;
  event.preventDefault();
  const request = new XMLHttpRequest();
  bar.hidden = false;
  request.upload.addEventListener("progress", (sent) => {
    if (sent.lengthComputable && bar) bar.value = (100 * sent.loaded) / sent.total;
  });
  request.upload.addEventListener("load", () => {
    bar.removeAttribute("value"); // nobody knows how far it is: the server answers once, with all
    if (said) said.textContent = said.dataset.sent ?? "";
  });
  request.addEventListener("load", () => {
    document.open();
    document.write(request.responseText);
    document.close();
  });
  request.addEventListener("error", () => form.submit());
  request.open("POST", form.action);
  request.send(new FormData(form));
}

form?.addEventListener("submit", send);
