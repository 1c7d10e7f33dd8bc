"""The staff's page: one scanner for every stand. Which stand it serves, the device knows."""

import json
from dataclasses import replace
from typing import Any

from chalice import Response

from chalicelib import qr
from chalicelib.domain.errors import NotFound, TryAgain
from chalicelib.domain.live import Published
from chalicelib.domain.money import MINOR_DIGITS
from chalicelib.domain.popup import Popup
from chalicelib.web import languages, offline_words, render, training
from chalicelib.web.context import context
from chalicelib.web.pages import Pages
from chalicelib.web.reader import Reader
from chalicelib.web.security import WORKER_HEADERS

pages = Pages(__name__)

# Set by the page's own script, for looks alone: they are believed by nothing else.
STAND_COOKIE = "staff_stand"
LIGHT_COOKIE = "staff_light"
HAND_COOKIE = "staff_hand"

SAMPLE = "MARQUEE SELF-TEST 0123456789"  # what the self-test has its camera's decoder read


@pages.route("/staff", methods=["GET"])
def get_staff_page() -> Response:
    """Show the scanner; a slash at the end of its path does not count."""
    return _page(
        "staff/scanner.html",
        popup=_popup(pages.cookie(STAND_COOKIE)),
        left_hand=pages.cookie(HAND_COOKIE) == "left",
        minor_digits=MINOR_DIGITS,
        refusals=offline_words.refusals(_reader().language),
    )


@pages.route("/staff/cases", methods=["GET"])
def get_cases_page() -> Response:
    """Show the supervisor's work list; its script fetches the cases with the device's token."""
    language = _reader().language
    return _page(
        "staff/cases.html", minor_digits=MINOR_DIGITS, refusals=offline_words.refusals(language)
    )


@pages.route("/staff/sw.js", methods=["GET"])
def get_staff_worker() -> Response:
    """Return the service worker: lines that name the built one, so that it changes with it.

    It stands below the scanner's path, which the browser then lets it serve, and no other page.
    """
    version = json.dumps(render.asset("sw.js"))
    spoken = json.dumps([code for code, _ in languages.LANGUAGES])
    said = f"self.version = {version};\nself.languages = {spoken};\n"
    return Response(f"{said}importScripts(self.version);\n", WORKER_HEADERS)


@pages.route("/staff/self-test", methods=["GET"])
def get_self_test() -> Response:
    """Show the page on which a phone finds out whether it can be a scanner."""
    return _page("staff/self_test.html", sample=SAMPLE, picture=qr.svg(SAMPLE))


@pages.route("/staff/training", methods=["GET"])
def get_training() -> Response:
    """Show a stand's practice codes, on another screen or on paper; they count nowhere."""
    stand = _published(pages.query("stand") or pages.cookie(STAND_COOKIE))
    codes = [] if stand is None else training.codes(stand[0].campaign, stand[1])
    return pages.page(
        "staff/training.html",
        popup=stand and stand[1],
        codes=[(qr.svg(code.url), code.seen) for code in codes],
    )


@pages.route("/staff/help", methods=["GET"])
def get_help_card() -> Response:
    """Show what staff say in each case, to be printed on A6."""
    return _page("staff/help.html")


def _page(template: str, **values: Any) -> Response:  # noqa: ANN401 - as the template
    """Return a page of the scanner's, by day or at dusk."""
    return render.page(template, _reader(), dusk=pages.cookie(LIGHT_COOKIE) == "dusk", **values)


def _reader() -> Reader:
    """Return who reads, in the language that the address names; the worker asks for each."""
    reader = pages.reader()
    return replace(reader, language=languages.chosen(pages.query("lang"), reader.language))


def _popup(popup_id: str | None) -> Popup | None:
    """Return the stand whose awning the page shows; without one, the scanner works as well."""
    stand = _published(popup_id)
    return stand and stand[1]


def _published(popup_id: str | None) -> tuple[Published, Popup] | None:
    """Return a stand and its campaign, or None where there is none of that name."""
    try:
        return context.catalog.popup(popup_id) if popup_id else None
    except (NotFound, TryAgain):
        return None
