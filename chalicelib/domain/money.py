"""Money in minor units of an ISO 4217 currency; never a float."""

from fractions import Fraction

# Minor digits of the currencies of the sample countries; source: ISO 4217, list one.
MINOR_DIGITS = {
    "AED": 2,
    "BRL": 2,
    "CLP": 0,
    "EUR": 2,
    "GBP": 2,
    "MXN": 2,
    "PLN": 2,
    "RUB": 2,
    "SAR": 2,
    "TRY": 2,
    "USD": 2,
}


def share_of(amount_minor: int, percentage: int) -> int:
    """Return `percentage` per cent of the amount, rounded half to even."""
    return round(Fraction(amount_minor * percentage, 100))
