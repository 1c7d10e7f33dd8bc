"""The pages of the sample shop, in English as the strip is; no script, no inline style."""

from html import escape
from typing import Final

from clients.python.marquee_client import Money, Option
from local.shop.orders import GOODS, TOTAL, Order

WORDS: Final = {
    "held": "The voucher waits in this order",
    "ordered": "Ordered",
    "released": "Cancelled: the voucher is free again",
    "given back": "Cancelled after the order: the voucher was given back",
}
TRIPS: Final = (("yes", "Yes, or on foot"), ("no", "No, a special trip"), ("", "Not answered"))


def basket(refused: str = "", voucher: str = "") -> str:
    """Return the basket, where a code or the text of a QR code is put in."""
    goods = "".join(
        f"<tr><td>{escape(one.name)}</td><td class=number>{money(one.price)}</td></tr>"
        for one in GOODS
    )
    told = f'<p role="alert">{escape(refused)}</p>' if refused else ""
    return _page(
        "Basket",
        f"<table><caption>Your basket</caption>{goods}"
        f"<tr><th scope=row>Total</th><td class=number>{money(TOTAL)}</td></tr></table>"
        f'<form method="post" action="/_local/shop/orders">{told}'
        '<label for="voucher">Voucher: its code, or what its QR code says</label>'
        f'<input id="voucher" name="voucher" required maxlength="400" value="{escape(voucher)}"'
        ' autocomplete="off"><button>Use it for this order</button></form>'
        "<p class=muted>An offer that works online is wanted, for example the online discount"
        " of the stand in Milan.</p>",
    )


def order(it: Order, refused: str = "") -> str:
    """Return an order: what it costs, how it travels, what may be done with it."""
    told = f'<p role="alert">{escape(refused)}</p>' if refused else ""
    return _page(
        f"Order {it.ref}",
        f'<p class="state" data-state="{it.state}"><strong>{WORDS[it.state]}</strong></p>{told}'
        f"{_sums(it)}{_delivery(it)}{_deeds(it)}",
    )


def money(amount: Money) -> str:
    return f"{amount.amount_minor / 100:.2f} {amount.currency}"


def _sums(it: Order) -> str:
    way = it.option
    price = way.price if way else None
    rows = [
        ("Goods", money(TOTAL)),
        ("Voucher", f"−{it.discount_minor / 100:.2f} {TOTAL.currency}"),
    ]
    if way is not None:
        rows.append(("Delivery", money(price) if price else "not stated"))
    same = price is None or price.currency == TOTAL.currency
    more = price.amount_minor if price and same else 0
    to_pay = Money(TOTAL.amount_minor - it.discount_minor + more, TOTAL.currency)
    rows.append(("To pay", money(to_pay) if same else f"{money(to_pay)} and the delivery"))
    lines = "".join(
        f"<tr><th scope=row>{name}</th><td class=number>{value}</td></tr>" for name, value in rows
    )
    return f"<table><caption>What it costs</caption>{lines}</table>"


def _delivery(it: Order) -> str:
    how = f'<a href="{escape(it.offered.method_url)}">How we calculate</a>'
    if it.state != "held":
        way = it.option
        return f"<p>Delivery: {_name(way)}. {_figure(way, it)}. {how}</p>" if way else ""
    asked = {True: "yes", False: "no", None: ""}[it.trip.coming_anyway]
    answers = "".join(
        f'<button name="coming_anyway" value="{value}"'
        f"{' aria-pressed=true' if value == asked else ''}>{words}</button>"
        for value, words in TRIPS
    )
    ways = "".join(_way(one, it) for one in it.offered.options)
    ticked = f' data-chosen="{it.chosen}"' if it.chosen else ""
    action = f"/_local/shop/orders/{it.ref}"
    return (
        f"<h2>Delivery, with its CO2e estimate</h2>"
        f"<p>Estimated emissions for delivering this order. {how}</p>"
        f'<form method="post" action="{action}/trip"><fieldset><legend>Were you coming anyway?'
        f"</legend>{answers}</fieldset></form>"
        f'<form method="post" action="{action}/delivery"><fieldset data-sort="price"{ticked}>'
        "<legend>How should it reach you?</legend>"
        "<p class=muted>All that the stand offers, the cheapest first.</p>"
        f"{ways}</fieldset><button>Keep this delivery</button></form>"
    )


def _way(one: Option, it: Order) -> str:
    price = money(one.price) if one.price else "price not stated"
    days = f", {one.earliest} to {one.latest}" if one.earliest else ""
    conditions = "".join(f"<span data-condition>{escape(words)}</span>" for words in one.conditions)
    checked = " checked" if one.code == it.chosen else ""
    return (
        f'<label class="choice" data-kind="{one.kind}" data-verdict="{one.verdict}">'
        f'<input type="radio" name="option" value="{one.code}" required{checked}>'
        f"<span><strong>{_name(one)}</strong> · {price}{days}</span>"
        f"<span>{_figure(one, it)}. Data quality {one.quality}</span>"
        f"<span data-verdict-words>{escape(one.against)}</span>{conditions}{_points(one.points)}"
        "</label>"
    )


def _name(one: Option) -> str:
    return escape(one.code.replace("_", " ").capitalize())


def _figure(one: Option, it: Order) -> str:
    """Return an estimate in words, with what a reader of the page needs to know how it was made."""
    total = one.total
    return (
        f'<span data-co2e data-value="{total.value}" data-low="{total.low}"'
        f' data-high="{total.high}" data-unit="g" data-method="{it.offered.method}"'
        f' data-baseline="{it.offered.baseline or "none"}" data-quality="{one.quality}">'
        f"{escape(one.words)}</span>"
    )


def _points(points: int) -> str:
    if not points:
        return ""
    words = (
        f"{points} delivery point: it rewards a choice and cancels no emissions"
        if points == 1
        else f"{points} delivery points: they reward a choice and cancel no emissions"
    )
    return f'<span data-points="{points}">{words}</span>'


def _deeds(it: Order) -> str:
    deeds = {
        "held": (("confirm", "Order and pay"), ("cancel", "Cancel")),
        "ordered": (("cancel", "Send it back"),),
    }.get(it.state, ())
    forms = "".join(
        f'<form method="post" action="/_local/shop/orders/{it.ref}/{deed}"><button>{words}</button>'
        "</form>"
        for deed, words in deeds
    )
    return f'<div class="deeds">{forms}<a href="/_local/shop">A new basket</a></div>'


def _page(title: str, body: str) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)} · Sample shop</title>"
        '<link rel="stylesheet" href="/_local/shop.css"></head>'
        f'<body><header><a href="/_local/shop">Sample shop</a> <span class="tag">made up, runs on '
        f"this laptop only</span></header><main><h1>{escape(title)}</h1>{body}</main></body></html>"
    )
