// @ts-check
// The visitor is forgotten: so are the tickets that this phone kept.

if ("caches" in window) caches.delete("vouchers-1");
