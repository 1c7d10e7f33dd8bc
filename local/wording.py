"""Every page in every language, read by the rules of wording: what a publish must not show."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from chalicelib.claim_rules import shipped_rules
from chalicelib.domain import wording_page, wording_rules
from chalicelib.domain.campaign import Campaign
from chalicelib.domain.delivery import METHOD_NAME, METHOD_VERSION
from chalicelib.domain.reasons import Reason
from chalicelib.domain.wording_rules import Finding
from chalicelib.web.languages import LANGUAGES, catalogue

Json = dict[str, Any]

_ALONE = (
    *("/", "/me", "/me/erased", "/privacy", "/method", "/live", "/developers", "/problems"),
    *("/style", "/staff", "/staff/cases", "/staff/self-test", "/staff/help", "/staff/training"),
)
_BESIDE_A_WAY = (
    "%(num)d delivery point: it rewards a choice and cancels no emissions",
    "%(num)d delivery points: they reward a choice and cancel no emissions",
)
_ONCE_USED = "once the voucher is used. Points reward a choice and cancel no emissions."
_BESIDE_A_CHOICE = (
    f"%(num)d delivery point, {_ONCE_USED}",
    f"%(num)d delivery points, {_ONCE_USED}",
)
_BESIDE_A_SUM = (
    "Points reward a choice of delivery and cancel no emissions. "
    "They count once the voucher is used."
)
_FORMS = (0, 1, 2, 3, 11, 100)  # one of each plural
TRIPS = ("?coming_anyway=", "?coming_anyway=yes", "?coming_anyway=no&km=2", "?choose=one")

OpenPage = Callable[[str, str], str]  # path and language in, HTML out
AskWays = Callable[[str, str], Json]  # stand and language in, the API's answer out


@dataclass(frozen=True, slots=True)
class Fault:
    """What a page of a language breaks."""

    path: str
    language: str
    finding: Finding


def pages_of(campaign: Campaign) -> dict[str, tuple[str, ...]]:
    """Return the public pages by their route: each stand, merchant and reason has its own."""
    here = f"/c/{campaign.campaign_id}"
    stands = tuple(f"/p/{popup_id}" for popup_id in campaign.popup)
    return {
        **{path: (path,) for path in _ALONE},
        "/c/{campaign_id}": (here,),
        "/c/{campaign_id}/offers": (f"{here}/offers",),
        "/c/{campaign_id}/m/{merchant_id}": tuple(f"{here}/m/{one}" for one in campaign.merchant),
        "/p/{popup_id}": stands,
        "/screen/{popup_id}": tuple(f"/screen/{popup_id}" for popup_id in campaign.popup),
        "/p/{popup_id}/poster": tuple(f"{stand}/poster" for stand in stands),
        "/method/{version}": (f"/method/{METHOD_VERSION}",),
        "/problems/{reason}": tuple(f"/problems/{reason}" for reason in Reason),
        "/nowhere": ("/nowhere",),
    }


def faults(open_page: OpenPage, paths: Iterable[str]) -> Iterator[Fault]:
    """Open these pages in every language and yield what they break."""
    wanted = tuple(paths)
    for language, _ in LANGUAGES:
        for path in wanted:
            html = open_page(path, language)
            yield from (Fault(path, language, found) for found in of_page(html, language))
            if path.startswith(wording_page.METHOD_PATH):
                found = wording_page.method_findings(html)
                yield from (Fault(path, language, one) for one in found)


def under_each_answer(vouchers: Iterable[str]) -> Iterator[str]:
    """Yield the pages of these vouchers under every answer about the trip."""
    for path in vouchers:
        yield path
        yield from (path + trip for trip in TRIPS)


def faults_of_ways(ask: AskWays, stands: Iterable[str]) -> Iterator[Fault]:
    """Ask for the ways of these stands in every language and yield what their words break."""
    wanted = tuple(stands)
    for language, _ in LANGUAGES:
        for stand in wanted:
            for way in ask(stand, language)["options"]:
                texts = (*way["display"].values(), *way["conditions"])
                for text in texts:
                    found = wording_rules.findings(text, language, shipped_rules())
                    yield from (Fault(f"{stand}, {way['code']}", language, one) for one in found)


def of_page(html: str, language: str) -> Iterator[Finding]:
    """Yield what one page breaks."""
    return wording_page.page_findings(
        html,
        language,
        shipped_rules(),
        method=METHOD_NAME,
        points_words=points_words(language),
    )


@cache
def points_words(language: str) -> frozenset[str]:
    """Return what stands beside points in a language, without the number."""
    texts = catalogue(language)
    told = (
        texts.ngettext(*pair, count)
        for pair in (_BESIDE_A_WAY, _BESIDE_A_CHOICE)
        for count in _FORMS
    )
    beside = {words.split("%(num)d")[-1].strip() for words in told}
    return frozenset(beside | {texts.gettext(_BESIDE_A_SUM)})
