"""Bodies of the delivery routes' answers. Grams are numbers with two decimals."""

from chalicelib.domain.delivery import Verdict
from chalicelib.domain.delivery_plan import Basis
from chalicelib.domain.delivery_report import By
from chalicelib.web.answers import Answer, Moment
from chalicelib.web.schema import Money


class Grams(Answer, frozen=True, kw_only=True):
    """An estimate in grams of CO2e, with its range."""

    value: float
    low: float
    high: float


class Method(Answer, frozen=True, kw_only=True):
    """Which method and factors made an estimate."""

    id: str
    version: str
    factors_sha256: str
    url: str
    boundary: str
    gwp: str


class Baseline(Answer, frozen=True, kw_only=True):
    """What each way is compared with."""

    id: str
    version: str
    option_code: str
    basis: Basis
    total: Grams


class Leg(Answer, frozen=True, kw_only=True, omit_defaults=True):
    """One part of the way, in grams; what does not apply is absent."""

    leg: str
    g: float
    mode: str | None = None
    km: float | None = None
    count: int | None = None
    vehicle: str | None = None


class Display(Answer, frozen=True, kw_only=True):
    """The figures in words, as they may be shown beside the option."""

    total: str
    against_baseline: str


class Variant(Answer, frozen=True, kw_only=True):
    """The same way under another assumption."""

    name: str
    total: Grams


class AgainstBaseline(Answer, frozen=True, kw_only=True):
    """What is saved, and whether that is beyond doubt."""

    saving: Grams | None
    verdict: Verdict


class Quality(Answer, frozen=True, kw_only=True):
    """How good the data behind an estimate are."""

    letter: str
    primary_share: float


class Way(Answer, frozen=True, kw_only=True):
    """One way in which an order may travel. `non_co2_air` is in no total.

    `conditions` are to be printed beside the figures of an option that the visitor comes for.
    """

    code: str
    kind: str
    vehicle: str
    speed: str
    carrier: str
    price: Money | None
    earliest: str | None
    latest: str | None
    total: Grams
    transport_wtw: Grams
    non_co2_air: float | None
    volumetric_total: float | None
    legs: list[Leg]
    variants: list[Variant]
    against_baseline: AgainstBaseline
    points: int
    quality: Quality
    conditions: list[str]
    warnings: list[str]
    display: Display


class Ways(Answer, frozen=True, kw_only=True):
    """Every way of a stand, the cheapest first, compared with the usual one of its market.

    `chosen` is the way that stands for the voucher that was asked about.
    """

    method: Method
    baseline: Baseline | None
    options: list[Way]
    excluded: list[str]
    chosen: str | None


class DeliveryChoice(Answer, frozen=True, kw_only=True):
    """A choice, with the estimate as it was shown."""

    voucher_id: str
    option: str
    coming_anyway: bool | None
    total: Grams
    saving: Grams | None
    verdict: Verdict
    points: int
    method: str
    baseline: str
    chosen_at: Moment


class Years(Answer, frozen=True, kw_only=True):
    """The years that the factors of the method were published for; how many say none."""

    oldest: int
    newest: int
    unknown: int


class ReportLine(Answer, frozen=True, kw_only=True):
    """One line of a report: sums of values, of low and of high ends, each for itself, in kg."""

    name: str
    method: str
    baseline: str
    chosen: int
    compared: int
    no_clear_difference: int
    no_clear_difference_share: float | None
    total_kg: Grams
    saving_kg: Grams


class DeliveryReport(Answer, frozen=True, kw_only=True):
    """What was chosen, by one thing; lines of two methods or baselines are never to be added."""

    campaign_id: str
    by: By
    as_of: Moment
    factors_sha256: str
    factors_years: Years
    lines: list[ReportLine]


class Factor(Answer, frozen=True, kw_only=True):
    """One emission factor with its range and source."""

    id: str
    value: float
    low: float
    high: float
    unit: str
    region: str
    year: int | None
    source: str
    licence: str


class MethodDocument(Method, frozen=True, kw_only=True):
    """The method with everything that it stands on."""

    excluded: list[str]
    factors: list[Factor]
