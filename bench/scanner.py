"""The scanner in the system's Chromium: what it reads, how fast, and what a phone has to load."""

import base64
import gzip
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from os import urandom
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page

from app import app
from bench import frames, tokens
from bench.festival import NOON, PUBLIC_URL
from bench.frames import Frame
from chalicelib import signing
from chalicelib.web import render
from chalicelib.web.pages import unrouted
from local import chromium, demo, sample_loader
from local.gateway import Gateway
from local.http_server import Server
from local.places import REPOSITORY

CODES = 8
WATCH_SECONDS = 3
NOT_OF_THE_SCANNER = {
    "staff/self_test.js",
    "staff/checks.js",
    "staff/cases.js",
    "staff/cases/card.js",
    "staff/cases/news.js",
}

_READ = """async ([decoder, picture, jpegs]) => {
  const { Decoder } = await import(decoder);
  const { ofPhoto } = await import(picture);
  const reader = new Decoder();
  const read = [];
  for (const jpeg of jpegs) {
    const bytes = Uint8Array.from(atob(jpeg), (c) => c.charCodeAt(0));
    const { texts, ms } = await reader.read(await ofPhoto(new Blob([bytes])));
    read.push({ texts, ms });
  }
  reader.stop();
  return read;
}"""
_WATCH = """async ([camera, decoder, finder, picture, seconds]) => {
  const { Camera } = await import(camera);
  const { Decoder } = await import(decoder);
  const { Finder } = await import(finder);
  const { numberOf, ofVideo } = await import(picture);
  const video = document.getElementById("video");
  const opened = new Camera(video, () => {});
  await opened.start();
  const failed = (error) => { throw error; };
  const found = new Finder(new Decoder(), { found: () => {}, stuck: () => {}, failed });
  found.start({ frame: () => ofVideo(video), number: () => numberOf(video) });
  const pause = (ms) => new Promise((done) => setTimeout(done, ms));
  while (!found.looked) await pause(50);
  const before = found.looked;
  const began = performance.now();
  await pause(seconds * 1000);
  const looked = (found.looked - before) / ((performance.now() - began) / 1000);
  found.rest();
  opened.stop();
  return looked;
}"""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read in a frame, and how long the worker took."""

    texts: tuple[str, ...]
    ms: float


def measure() -> dict[str, float]:
    """Read the whole degraded set, then look through a camera that shows nothing but the street."""
    shown = list(frames.degraded(_texts()))
    with demo.browser(headed=False) as chrome, page(chrome) as opened:
        read = readings(opened, shown)
        looked = _pictures_per_second(chrome)
    return {
        "decode_share": share(shown, read),
        "decode_ms": median(reading.ms for reading in read),
        "scan_pictures": looked,
        "scanner_script_bytes": script_bytes(),
    }


@contextmanager
def page(chrome: Browser) -> Iterator[Page]:
    """Open a page that may use the scanner's modules, under its own policy."""
    server = Server("127.0.0.1", 0)
    server.start(Gateway(app, unrouted, REPOSITORY / "static" / "built").answer)
    context = chrome.new_context()
    try:
        opened = context.new_page()
        opened.goto(f"http://localhost:{server.port}/staff/self-test")
        yield opened
    finally:
        context.close()
        server.close()


def readings(opened: Page, shown: Iterable[Frame]) -> list[Reading]:
    """Return what the decoder's worker reads in each frame."""
    jpegs = [base64.b64encode(frame.jpeg).decode() for frame in shown]
    read = opened.evaluate(_READ, [*_modules("decoder", "picture"), jpegs])
    return [Reading(tuple(one["texts"]), one["ms"]) for one in read]


def share(shown: Sequence[Frame], read: Sequence[Reading]) -> float:
    """Return the share of frames in which the right text was read."""
    right = [frame.text in one.texts for frame, one in zip(shown, read, strict=True)]
    return sum(right) / len(right)


def script_bytes() -> int:
    """Return the bytes of every script that a scanner loads, each compressed as it is served."""
    built = REPOSITORY / "static" / "built"
    manifest: dict[str, str] = json.loads((built / "manifest.json").read_text())
    return sum(
        len(gzip.compress((built / address).read_bytes(), 6))
        for name, address in manifest.items()
        if name.startswith("staff/") and name.endswith(".js") and name not in NOT_OF_THE_SCANNER
    )


def camera(chrome: Browser, film: bytes, directory: Path) -> Browser:
    """Start another Chromium, whose camera shows a film of JPEGs over and over."""
    file = directory / "film.mjpeg"
    file.write_bytes(film)
    flags = (
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-video-capture={file}",
    )
    return chrome.browser_type.launch(
        executable_path=chromium.find(), args=[*chromium.FLAGS, *flags]
    )


def _pictures_per_second(chrome: Browser) -> float:
    film = frames.jpeg(frames.street().convert("RGB")) * 30
    with TemporaryDirectory() as directory:
        started = camera(chrome, film, Path(directory))
        try:
            with page(started) as opened:
                modules = _modules("camera", "decoder", "finder", "picture")
                looked: float = opened.evaluate(_WATCH, [*modules, WATCH_SECONDS])
                return looked
        finally:
            started.close()


def _modules(*names: str) -> list[str]:
    return [render.asset(f"staff/{name}.js") for name in names]


def _texts() -> list[str]:
    """Return what the codes of some vouchers say."""
    campaign = sample_loader.festival_now(NOON.date())
    made = signing.new_secrets(urandom, [campaign.number], tokens.KEYS_FROM)
    secrets = signing.read_secrets(made)
    return [f"{PUBLIC_URL.upper()}/V/{tokens.fresh(secrets, campaign)}" for _ in range(CODES)]
