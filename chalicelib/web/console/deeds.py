"""The trail's words in the reader's language; what is stored stays as it was noted."""

from collections.abc import Mapping

from chalicelib.domain.difference import NOUNS
from chalicelib.domain.sentence import N_
from chalicelib.web import invitations
from chalicelib.web.console import labels
from chalicelib.web.languages import catalogue, comma

_ACTIONS = (
    N_("publish"),
    N_("published"),
    N_("roll back"),
    N_("rolled back"),
    N_("publish planned"),
    N_("publish planned anew"),
    N_("publish called off"),
    N_("published as scheduled"),
    N_("not published as scheduled"),
    N_("proposal edited"),
    N_("proposal handed in"),
    N_("proposal taken back"),
    N_("proposal returned"),
    N_("proposal accepted"),
    N_("edited logo"),
    N_("paused"),
    N_("resumed"),
    N_("imported"),
    N_("draft begun"),
    N_("stand opened"),
    N_("stand paused"),
    N_("stand closed"),
    N_("stock received"),
    N_("stock damaged"),
    N_("stock counted"),
    N_("case decided"),
    N_("member invited"),
    N_("member changed"),
    N_("member removed"),
    N_("enrolment code made"),
    N_("device shut out"),
    N_("codes minted"),
    N_("codes downloaded"),
    N_("codes withdrawn"),
    N_("API key made"),
    N_("API key withdrawn"),
    N_("signing key withdrawn"),
    N_("voucher looked up"),
    N_("re-issue link made"),
    N_("message set"),
    N_("webhook added"),
    N_("webhook got a new secret"),
    N_("webhook paused"),
    N_("webhook resumed"),
    N_("webhook removed"),
    N_("events sent again"),
    N_("codes for devices"),
)
_SUBJECTS = (
    N_("revision {name}"),
    N_("draft {name}"),
    N_("batch {name}"),
    N_("key {name}"),
    N_("voucher {name}"),
    N_("proposal of {name}"),
    N_("all stands"),
    N_("no voucher"),
)
_ABOUT = (N_("edited {name}"), N_("cloned from {name}"), N_("accepted the proposal of {name}"))
_FACTS: Mapping[str, str] = {
    "further changes": N_("further changes"),
    "epoch": N_("epoch"),
    "scheduled for": N_("scheduled for"),
    "why": N_("why"),
    "comment": N_("comment"),
    "campaign": N_("Campaign"),
    "role": N_("Role"),
    "campaigns": N_("Campaigns"),
    "merchants": N_("Merchants"),
    "stands": N_("Stands"),
    "stand": N_("Stand"),
    "name": N_("Name"),
    "profile": N_("Profile"),
    "offer": N_("Offer"),
    "count": N_("How many"),
    "serials": N_("Serials"),
    "holder": N_("Holder"),
    "until": N_("Until"),
    "state": N_("State"),
    "message": N_("Message"),
    "events": N_("Events"),
    **{name: name for name in invitations.NAMES.values()},
    "units": N_("Units"),
    "note": N_("Note"),
    "decision": N_("Decision"),
    "case": N_("code ends in"),
}


def actions(language: str) -> list[tuple[str, str]]:
    """Return what may be asked for: actions as they are noted, with their words."""
    _ = catalogue(language).gettext
    about = [(text.partition(" {")[0], _(text).format(name="…")) for text in _ABOUT]
    return sorted([*((noted, _(noted)) for noted in _ACTIONS), *about], key=lambda one: one[1])


def action(noted: str, language: str) -> str:
    """Return what was done."""
    if noted in _ACTIONS:
        return catalogue(language).gettext(noted)
    template, name = _split(noted, _ABOUT)
    said = labels.sheets(language).get(name, name)
    return catalogue(language).gettext(template).format(name=said) if template else noted


def subject(noted: str, language: str) -> str:
    """Return to what it was done."""
    template, name = _split(noted, _SUBJECTS)
    return catalogue(language).gettext(template).format(name=name) if template else noted


def fact(noted: str, language: str) -> str:
    """Return the name of a value: `role`, or `Stand rome: usable from`."""
    _ = catalogue(language).gettext
    if noted in _FACTS:
        return _(_FACTS[noted])
    about, colon, field = noted.rpartition(": ")
    said = labels.label(field, language) if field else ""
    return f"{thing(about, language)}{colon}{said}"


def thing(noted: str, language: str) -> str:
    """Return what a change is about: `Stand rome`, or `Text moka-15, title`."""
    template, name = _split(noted, [noun.replace("{key}", "{name}") for noun in NOUNS.values()])
    if not template:
        return noted
    if template.startswith("Text "):
        whose, mark, field = name.rpartition(", ")
        name = f"{whose}{comma(language) if mark else ''}{labels.label(field, language)}"
    return catalogue(language).gettext(template.replace("{name}", "{key}")).format(key=name)


def _split(noted: str, templates: tuple[str, ...] | list[str]) -> tuple[str, str]:
    """Return the template that a text was made of, and its name; nothing where there is none."""
    for template in templates:
        head = template.partition("{name}")[0]
        if noted == template or (head != template and noted.startswith(head)):
            return template, noted.removeprefix(head)
    return "", noted
