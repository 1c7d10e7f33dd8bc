"""What an offer is worth, in the few characters that its ticket has room for."""

from decimal import Decimal
from functools import lru_cache

from babel import Locale
from babel.numbers import format_currency, format_percent
from markupsafe import Markup

from chalicelib.domain.money import MINOR_DIGITS
from chalicelib.domain.offer import Benefit, Kind
from chalicelib.web.languages import catalogue

_MINUS = "\N{MINUS SIGN}"
_RIGHT_TO_LEFT = "\N{RIGHT-TO-LEFT MARK}"
_LEFT_TO_RIGHT = "\N{LEFT-TO-RIGHT MARK}"


def label(benefit: Benefit, language: str) -> str:
    """Return −20%, −₺100, or the word for what is given."""
    _ = catalogue(language).gettext
    match benefit.kind:
        case Kind.PERCENTAGE:
            return _MINUS + format_percent((benefit.percentage or 0) / 100, locale=language)
        case Kind.AMOUNT:
            return _less(short_money(benefit.amount_minor or 0, benefit.currency or "", language))
        case Kind.GIFT:
            return _("Gift")
        case Kind.DELIVERY:
            return _("Delivery")


def _less(written: str) -> str:
    """Set the minus before the figure; right to left it needs the marks that CLDR gives it."""
    if not written.startswith(_RIGHT_TO_LEFT):
        return _MINUS + written
    return f"{_RIGHT_TO_LEFT}{_LEFT_TO_RIGHT}{_MINUS}{written.removeprefix(_RIGHT_TO_LEFT)}"


def short_money(amount_minor: int, currency: str, language: str) -> str:
    """Write money in the currency's own sign, without decimals where there are none to say."""
    amount = Decimal(amount_minor).scaleb(-MINOR_DIGITS.get(currency, 2))
    pattern = Locale.parse(language).currency_formats["standard"].pattern
    if amount == amount.to_integral_value():
        pattern = pattern.replace("0.00", "0")
    written = format_currency(amount, currency, pattern, locale=language, currency_digits=False)
    return written.replace(currency, _SIGNS.get(currency, currency)).strip()


@lru_cache(maxsize=1024)
def face(benefit: Benefit, language: str) -> Markup:
    """Return the label with its currency sign set small, as on a price tag."""
    text = Markup("{}").format(label(benefit, language))
    sign = _SIGNS.get(benefit.currency or "", benefit.currency or "")
    if benefit.kind is not Kind.AMOUNT or sign not in text:
        return text
    return text.replace(sign, Markup("<small>{}</small>").format(sign))


_SIGNS = {"TRY": "₺", "RUB": "₽", "PLN": "zł", "EUR": "€", "GBP": "£", "BRL": "R$"}
