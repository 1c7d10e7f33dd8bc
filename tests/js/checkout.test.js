// The JavaScript example walks a whole checkout, and gives the voucher back where it cannot.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createServer } from "node:http";
import { test } from "node:test";

const EXAMPLE = new URL("../../clients/javascript/checkout.mjs", import.meta.url).pathname;
const OPTION = {
  code: "locker", price: { amount_minor: 290, currency: "EUR" }, conditions: ["If you walk"],
  display: { total: "about 560 g CO2e", against_baseline: "No clear difference, compared with the van" },
};
const ANSWERS = {
  "/api/v1/redemptions": { redemption_id: "A.1" },
  "/api/v1/delivery/options": { options: [OPTION] },
  "/api/v1/delivery/choices": { option: "locker" },
  "/api/v1/redemptions/A.1/confirm": {},
  "/api/v1/redemptions/A.1/release": {},
};

/** Run the example against answers of our own; return what it asked for, and how it ended. */
async function run(refused) {
  const asked = [];
  const server = createServer((request, response) => {
    asked.push(request.url);
    const no = request.url === refused;
    response.writeHead(no ? 409 : 200, { "content-type": "application/json" });
    response.end(JSON.stringify(no ? { reason: "already_chosen", detail: "no" } : ANSWERS[request.url]));
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const env = { ...process.env, MARQUEE: `http://127.0.0.1:${server.address().port}`, KEY: "mk_test" };
  const ended = await new Promise((done) => {
    execFile(process.execPath, [EXAMPLE, "CODE", "order-1"], { env }, (error, out) => done({ error, out }));
  });
  server.close();
  server.closeAllConnections();
  return { asked, ...ended };
}

test("a checkout holds, shows, chooses and confirms", async () => {
  const { asked, error, out } = await run("");
  assert.equal(error, null);
  assert.deepEqual(asked, Object.keys(ANSWERS).slice(0, 4));
  assert.match(out, /If you walk/);
  assert.match(out, /ordered, delivered by locker/);
});

test("what is refused gives the voucher back", async () => {
  const { asked, error } = await run("/api/v1/delivery/choices");
  assert.notEqual(error, null);
  assert.equal(asked.at(-1), "/api/v1/redemptions/A.1/release");
});
