"""What a publish checks of a campaign's words: no claim about emissions that the rules forbid."""

from collections.abc import Iterator

from chalicelib.domain import fault, wording_rules
from chalicelib.domain.campaign import Campaign
from chalicelib.domain.fault import Fault, Faults
from chalicelib.domain.merchant import Texts
from chalicelib.domain.sentence import said
from chalicelib.domain.wording_rules import Rules, Severity

Text = tuple[str, str, str]  # pointer, language, text


def faults(campaign: Campaign, rules: Rules) -> Faults:
    """Yield each text that may not be published."""
    return _found(campaign, rules, "error")


def cautions(campaign: Campaign, rules: Rules) -> Faults:
    """Yield each text that should be read again; it does not keep a campaign back."""
    return _found(campaign, rules, "warn")


def _found(campaign: Campaign, rules: Rules, severity: Severity) -> Faults:
    for pointer, language, text in _texts(campaign):
        for found in wording_rules.findings(text, language, rules):
            if found.severity == severity:
                told = said(
                    "{rule}, '{words}': {message}",
                    rule=found.rule,
                    words=found.words,
                    message=said(found.message),
                )
                yield Fault(pointer, told)


def _texts(campaign: Campaign) -> Iterator[Text]:
    """Yield every text of the campaign that visitors read."""
    yield from _of("/name", campaign.name)
    for index, merchant in enumerate(campaign.merchants):
        pointer = fault.at("merchants", index)
        yield f"{pointer}/name", merchant.language, merchant.name
        yield from _of(f"{pointer}/story", merchant.story)
    for index, offer in enumerate(campaign.offers):
        pointer = fault.at("offers", index)
        yield from _of(f"{pointer}/title", offer.title)
        yield from _of(f"{pointer}/terms", offer.terms)
    options = campaign.delivery.options if campaign.delivery else ()
    for index, option in enumerate(options):
        pointer = fault.at("delivery", "options", index)
        yield f"{pointer}/carrier", wording_rules.ENGLISH, option.carrier


def _of(pointer: str, texts: Texts) -> Iterator[Text]:
    yield from ((pointer + fault.at(tag), tag, text) for tag, text in texts.items())
