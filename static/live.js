// @ts-check
// The live page reads itself again while it is looked at; without script it is right as it is.

const page = /** @type {HTMLElement | null} */ (document.querySelector("[data-refresh]"));
const seconds = Number(page?.dataset.refresh ?? 0);

async function refresh() {
  if (document.hidden) return;
  try {
    const answer = await fetch(location.href, { headers: { accept: "text/html" } });
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const board = fresh.getElementById("board");
    if (board) document.getElementById("board")?.replaceWith(document.adoptNode(board));
  } catch {
    // No network for a moment: the page keeps its last counts and their "as of".
  }
}

if (seconds) setInterval(refresh, seconds * 1000);
