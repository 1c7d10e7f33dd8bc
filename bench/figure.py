"""A figure beside its bar, and every bar that there is."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bar:
    """What a figure must not pass; with `at_least`, what it must reach."""

    limit: float
    unit: str = ""
    at_least: bool = False

    def met_by(self, value: float) -> bool:
        return value >= self.limit if self.at_least else value <= self.limit


CONSOLE_PAGES = (
    *("home", "campaign", "calendar", "stands", "hours", "merchants", "offers", "offer", "texts"),
    *("delivery", "preview", "board", "report", "trail", "members", "import", "prints", "print"),
    *("manager", "day", "devices", "batches", "keys", "voucher", "messages", "webhooks", "review"),
    "proposal",
)
VISITOR_PAGES = ("festival", "stand", "offers", "merchant", "mine", "live")
OTHER_PAGES = (
    *("campaign", "gift", "private", "method", "privacy", "erased", "poster", "screen"),
    *("developers", "problems", "problem", "style"),
    *("staff", "staff_help", "staff_training", "staff_test", "staff_cases"),
)
BARS: Mapping[str, Bar] = {
    "redeem_cpu_ratio": Bar(1.5, "x"),
    "redeem_requests": Bar(1),
    "redeem_wcu": Bar(1),
    "claim_cpu_ratio": Bar(1.5, "x"),
    "claim_requests": Bar(1),
    "claim_wcu": Bar(4),
    "claim_hold_requests": Bar(1),
    "claim_hold_wcu": Bar(5),
    "redeem_limited_requests": Bar(2),
    "redeem_limited_wcu": Bar(6),
    "reverse_requests": Bar(3),
    "reverse_wcu": Bar(4),
    "gift_link_requests": Bar(2),
    "gift_link_wcu": Bar(4),
    "gift_accept_requests": Bar(5),
    "gift_accept_wcu": Bar(4),
    "shop_hold_requests": Bar(1),
    "shop_hold_wcu": Bar(2),
    "shop_confirm_requests": Bar(2),
    "shop_confirm_wcu": Bar(2),
    "voucher_item_bytes": Bar(1_024, "B"),
    "mint_per_second": Bar(10_000, "1/s", at_least=True),
    "mint_writes": Bar(0),
    "minted_use_requests": Bar(1),
    "minted_use_wcu": Bar(1),
    "verify_ms": Bar(0.15, "ms"),
    "voucher_page_bytes": Bar(14_336, "B"),
    "voucher_page_ms": Bar(3, "ms"),
    **{
        f"{name}_page_{figure}": bar
        for name in VISITOR_PAGES
        for figure, bar in (("bytes", Bar(30_720, "B")), ("ms", Bar(3, "ms")))
    },
    **{f"{name}_page_ms": Bar(3, "ms") for name in OTHER_PAGES},
    **{
        f"console_{name}_{figure}": bar
        for name in CONSOLE_PAGES
        for figure, bar in (("bytes", Bar(100_000, "B")), ("ms", Bar(15, "ms")))
    },
    **{f"console_{name}_fresh_ms": Bar(25, "ms") for name in ("board", "manager", "day")},
    "publish_seconds": Bar(1, "s"),
    "publish_own_seconds": Bar(1, "s"),
    "publish_requests": Bar(60),
    "publish_revision_bytes": Bar(350_000, "B"),
    "publish_seen_seconds": Bar(5, "s"),
    "slow_code_seconds": Bar(1.5, "s"),
    "lighthouse_accessibility": Bar(100, at_least=True),
    "lighthouse_performance": Bar(90, at_least=True),
    "lighthouse_console": Bar(100, at_least=True),
    "manifest_bytes": Bar(20_000, "B"),
    "manifest_used_bytes": Bar(900_000, "B"),
    "manifest_used_requests": Bar(8),
    "hand_in_requests": Bar(10),
    "hand_in_seconds": Bar(10, "s"),
    "hand_in_table_requests": Bar(1.1),
    "hand_in_wcu": Bar(5),
    "estimate_ms": Bar(0.2, "ms"),
    "decode_share": Bar(0.95, at_least=True),
    "decode_ms": Bar(60, "ms"),
    "scan_pictures": Bar(8, "1/s", at_least=True),
    "scanner_script_bytes": Bar(61_440, "B"),
    "options_ms": Bar(3, "ms"),
    "wording_findings": Bar(0),
    "verdict_ms": Bar(50, "ms"),
    "offline_start_ms": Bar(2_000, "ms"),
    "sync_requests": Bar(15),
    "sync_seconds": Bar(180, "s"),
    "setup_seconds": Bar(60, "s"),
    "import_seconds": Bar(5, "s"),
    "prints_seconds": Bar(10, "s"),
    "prints_mb": Bar(4.5, "MB"),
    "redeem_growth": Bar(1.1, "x"),
    "cold_ratio": Bar(0.5, "x"),
    "zip_mb": Bar(10, "MB"),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured under a name that has a bar."""

    name: str
    value: float

    @property
    def bar(self) -> Bar:
        return BARS[self.name]

    @property
    def ok(self) -> bool:
        return self.bar.met_by(self.value)

    def __str__(self) -> str:
        sign = ">=" if self.bar.at_least else "<="
        verdict = "ok" if self.ok else "MISSED"
        measured = f"{self.value:>12,.{_digits(self.value)}f}"
        return f"{self.name:<24}{measured} {self.bar.unit:<4}{sign} {self.bar.limit:<9,g}{verdict}"


def document(figures: Iterable[Figure]) -> str:
    """Return the file of a run: each name with its value, unit, bar, and whether it is met."""
    rows = {
        figure.name: {
            "value": figure.value,
            "unit": figure.bar.unit,
            "bar": figure.bar.limit,
            "ok": figure.ok,
        }
        for figure in figures
    }
    return json.dumps(rows, indent=1) + "\n"


def _digits(value: float) -> int:
    """Return how many digits after the point say something."""
    return 0 if value == int(value) or abs(value) >= 100 else 3
