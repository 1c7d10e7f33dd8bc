// A checkout with a voucher, in Node 20 or newer: hold, show the ways of delivery, choose, confirm.
//   MARQUEE=http://localhost:8000 KEY=mk_… node checkout.mjs ABCD-EFGH-JKMN-PQRS
const { MARQUEE, KEY } = process.env;
const [voucher, orderRef = `order-${Date.now()}`] = process.argv.slice(2);

/** Post JSON with the shop's key; a refusal is thrown with its stable reason. */
async function post(/** @type {string} */ path, /** @type {object | undefined} */ body) {
  const answer = await fetch(MARQUEE + path, {
    method: "POST",
    headers: { authorization: `Bearer ${KEY}`, "content-type": "application/json" },
    body: body && JSON.stringify(body),
  });
  const document = await answer.json();
  if (!answer.ok) throw new Error(`${document.reason}: ${document.detail}`);
  return document;
}

const total = { amount_minor: 4990, currency: "EUR" };
const held = await post("/api/v1/redemptions", {
  scanned: voucher, nonce: crypto.randomUUID(), order_ref: orderRef, order_total: total, hold_seconds: 900,
});
try {
  const trip = { coming_anyway: true };
  const { options } = await post("/api/v1/delivery/options", { voucher, trip, locale: "en" });
  for (const { code, price, display, conditions } of options) {
    console.log(code, price ? `${price.amount_minor / 100} ${price.currency}` : "", display.total);
    console.log("   ", display.against_baseline, ...conditions);
  }
  const option = options[0].code; // a shop lets its customer choose
  await post("/api/v1/delivery/choices", { voucher, option, order_ref: orderRef, trip });
  await post(`/api/v1/redemptions/${held.redemption_id}/confirm`, undefined);
  console.log(`ordered, delivered by ${option}`);
} catch (error) {
  await post(`/api/v1/redemptions/${held.redemption_id}/release`, undefined);
  throw error;
}
