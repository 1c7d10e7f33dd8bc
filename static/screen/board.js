// @ts-check
// What is on, read anew from this very page; a page of another version takes this one's place.

const PARTS = ["board-head", "board-on", "board-foot"];

/** Read the page again; without an answer all stays as it was. */
export async function refresh() {
  try {
    const answer = await fetch(location.pathname, { headers: { accept: "text/html" } });
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (fresh.body.dataset.version !== document.body.dataset.version) return location.reload();
    for (const id of PARTS) {
      const part = fresh.getElementById(id);
      if (part) document.getElementById(id)?.replaceWith(document.adoptNode(part));
    }
  } catch {
    // No network for a moment.
  }
}
