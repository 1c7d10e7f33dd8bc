// @ts-check
// The visitor is forgotten: so are the tickets that this phone kept.

const forgotten = "caches" in window ? caches.delete("vouchers-1") : Promise.resolve(true);
forgotten.then(() => { document.documentElement.dataset.forgotten = ""; });
