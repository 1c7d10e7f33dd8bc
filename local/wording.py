"""Every page in every language, read by the rules of wording: what a publish must not show."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from chalicelib.claim_rules import shipped_rules
from chalicelib.domain import wording_page
from chalicelib.domain.delivery import METHOD_ID, METHOD_VERSION
from chalicelib.domain.wording_rules import Finding
from chalicelib.web.languages import LANGUAGES, catalogue

_BESIDE_A_WAY = (
    "%(num)d delivery point: it rewards a choice and cancels no emissions",
    "%(num)d delivery points: they reward a choice and cancel no emissions",
)
_ONCE_USED = "once the voucher is used. Points reward a choice and cancel no emissions."
_BESIDE_A_CHOICE = (
    f"%(num)d delivery point, {_ONCE_USED}",
    f"%(num)d delivery points, {_ONCE_USED}",
)
_FORMS = (0, 1, 2, 3, 11, 100)  # one of each plural
PUBLIC = (
    *("/", "/c/festival-2019", "/p/istanbul", "/p/milan", "/p/istanbul/poster", "/me", "/method"),
    *("/live", "/staff/", "/developers", "/problems", "/problems/already_chosen", "/nowhere"),
)
TRIPS = ("", "?coming_anyway=", "?coming_anyway=yes", "?coming_anyway=no&km=2", "?choose=one")

OpenPage = Callable[[str, str], str]  # path and language in, HTML out


@dataclass(frozen=True, slots=True)
class Fault:
    """What a page of a language breaks."""

    path: str
    language: str
    finding: Finding


def faults(open_page: OpenPage, vouchers: Iterable[str]) -> Iterator[Fault]:
    """Open the public pages, and these vouchers' under every answer; yield what they break."""
    paths = (*PUBLIC, *(path + trip for path in vouchers for trip in TRIPS))
    for language, _ in LANGUAGES:
        for path in paths:
            html = open_page(path, language)
            for finding in of_page(html, language):
                yield Fault(path, language, finding)
            if path == wording_page.METHOD_PATH:
                for finding in wording_page.method_findings(html):
                    yield Fault(path, language, finding)


def of_page(html: str, language: str) -> Iterator[Finding]:
    """Yield what one page breaks."""
    return wording_page.page_findings(
        html,
        language,
        shipped_rules(),
        method=f"{METHOD_ID}/{METHOD_VERSION}",
        points_words=points_words(language),
    )


def points_words(language: str) -> set[str]:
    """Return what stands beside points in a language, without the number."""
    told = catalogue(language).ngettext
    return {
        told(*pair, count).split("%(num)d")[-1].strip()
        for pair in (_BESIDE_A_WAY, _BESIDE_A_CHOICE)
        for count in _FORMS
    }
