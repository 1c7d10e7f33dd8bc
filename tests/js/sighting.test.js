import assert from "node:assert/strict";
import { test } from "node:test";

import { GONE_AFTER_LOOKS, GONE_AFTER_MS, Sightings, isOwnPage, meant } from "../../static/staff/sighting.js";

const HERE = "https://marquee.example";

/** A camera that looks ten times a second. */
function rig() {
  const rig = { at: 0, looks: 0, wait: (/** @type {number} */ ms) => ((rig.at += ms), (rig.looks += ms / 100)) };
  return { clock: rig, sightings: new Sightings(() => rig.at, () => rig.looks) };
}

test("a code that stays in sight is one scan, however long", () => {
  const { clock, sightings } = rig();
  assert.equal(sightings.isNew("A"), true);
  for (let second = 0; second < 60; second += 1) {
    clock.wait(1000);
    assert.equal(sightings.isNew("A"), false);
  }
});

test("one that was out of sight for three seconds is a new scan", () => {
  const { clock, sightings } = rig();
  sightings.isNew("A");
  clock.wait(GONE_AFTER_MS - 100);
  assert.equal(sightings.isNew("A"), false);
  clock.wait(GONE_AFTER_MS);
  assert.equal(sightings.isNew("A"), true);
});

test("a phone that paused has not looked away", () => {
  const { clock, sightings } = rig();
  sightings.isNew("A");
  clock.at += 60_000;
  clock.looks += GONE_AFTER_LOOKS - 1;
  assert.equal(sightings.isNew("A"), false);
});

test("another code is new at once, and does not hide that the first is still there", () => {
  const { sightings } = rig();
  sightings.isNew("A");
  assert.equal(sightings.isNew("B"), true);
  assert.equal(sightings.isNew("A"), false);
});

test("a day of codes is not remembered", () => {
  const { sightings } = rig();
  for (let number = 0; number < 200; number += 1) sightings.isNew(`code ${number}`);
  assert.equal(sightings.isNew("code 0"), true, "forgotten long ago");
  assert.equal(sightings.isNew("code 199"), false);
});

test("of several codes in a picture, the voucher is meant", () => {
  const isVoucher = (/** @type {string} */ text) => text === "voucher";
  assert.equal(meant(["poster", "voucher"], isVoucher), "voucher");
  assert.equal(meant(["poster", "menu"], isVoucher), "poster");
});

test("posters and enrolment links are pages of ours, vouchers and other people's codes are not", () => {
  assert.ok(isOwnPage(`${HERE}/p/istanbul?s=poster`, HERE));
  assert.ok(isOwnPage(`${HERE.toUpperCase()}/P/ISTANBUL`, HERE));
  assert.ok(isOwnPage(`${HERE}/staff/#enrol=ABC`, HERE));
  assert.ok(!isOwnPage(`${HERE}/V/BROKEN`, HERE), "a broken voucher is to be refused in words");
  assert.ok(!isOwnPage("https://elsewhere.example/p/istanbul", HERE));
});
