"""Every JSON route in one table: who may call it, what it takes, gives and refuses.

The document at `/api/v1/openapi.json` and the page `/developers` are made from it. A test
compares it with the routes that the app registers, both ways.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from msgspec import Struct

from chalicelib.domain.case import Decision
from chalicelib.domain.reasons import Reason
from chalicelib.domain.sentence import N_
from chalicelib.web import answers, offline_answers, program_answers, schema, screen_answers
from chalicelib.web import delivery_answers as deliveries
from chalicelib.web import delivery_schema as orders
from chalicelib.web.holdings import STANDS_COOKIE
from chalicelib.web.session import VISITOR_COOKIE

KEY_HEADER = "Idempotency-Key"
ZIP = "application/zip"


class Caller(StrEnum):
    """How a caller shows who it is."""

    ANYONE = "anyone"
    VISITOR = "visitor"
    DEVICE = "device"
    SHOP = "shop"
    MARKETER = "marketer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One method of one route. `view` names the function behind it.

    `gives` maps each success to the shapes that it may have. `body` is an example whose type
    is the shape of the request; `others` are further callers with what they send; `query` says
    what each parameter does, `cookies` which cookie an answer of that status may set, `media` the
    type of a success. One that is `once` reads an Idempotency-Key, one that
    `edits` an If-Match; a `versioned` success has an ETag; a `zipped` request is a campaign as a
    zip of CSV files. Every operation may also say `try_again`.
    """

    method: str
    path: str
    view: str
    summary: str
    group: str
    gives: Mapping[int, tuple[type[Struct], ...]]
    caller: Caller = Caller.ANYONE
    body: Struct | None = None
    others: Mapping[Caller, Struct] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    cookies: Mapping[int, str] = field(default_factory=dict)
    once: bool = False
    edits: bool = False
    versioned: bool = False
    zipped: bool = False
    media: str = "application/json"
    refuses: tuple[Reason, ...] = ()

    @property
    def bodies(self) -> tuple[Struct, ...]:
        """The bodies of all callers, each shape once."""
        given = [self.body] if self.body is not None else []
        return tuple({type(body): body for body in [*given, *self.others.values()]}.values())


VISITORS, STAFF, SHOPS = N_("For visitors"), N_("For staff"), N_("For shops")
MARKETING = N_("For marketing")
DELIVERY, EVERYONE = N_("Delivery, with its CO2e estimate"), N_("For everyone")

_BODY = (Reason.INVALID_PAYLOAD, Reason.PAYLOAD_TOO_LARGE)
_DEVICE = (Reason.NOT_SIGNED_IN, Reason.DEVICE_REVOKED)
_STAFF = (*_DEVICE, Reason.DEVICE_NOT_ALLOWED)
_SHOP = (Reason.NOT_SIGNED_IN, Reason.NOT_ALLOWED)
_TILL = (*_STAFF, Reason.NOT_ALLOWED, Reason.NOT_FOUND)
_CLAIM = (
    *(Reason.NOT_SIGNED_IN, Reason.NOT_FOUND, Reason.WRONG_CITY, Reason.NOT_REVEALED),
    *(Reason.PAUSED, Reason.EXPIRED, Reason.LIMIT_VISITOR, Reason.PRESENCE_REQUIRED),
    *(Reason.PRESENCE_EXPIRED, Reason.RATE_LIMITED),
    *(Reason.OUT_OF_STOCK, Reason.LIMIT_CAMPAIGN),
)
_USE = (
    *(Reason.UNKNOWN_CODE, Reason.BAD_SIGNATURE, Reason.UNKNOWN_KEY, Reason.KEY_RETIRED),
    *(Reason.KEY_WITHDRAWN, Reason.TRAINING_CODE, Reason.REVOKED, Reason.GIVEN_AWAY),
    *(Reason.WRONG_CAMPAIGN, Reason.WRONG_CITY, Reason.WRONG_MERCHANT, Reason.WRONG_CHANNEL),
    *(Reason.PAUSED, Reason.NOT_STARTED),
    *(Reason.EXPIRED, Reason.NOT_NOW, Reason.LAPSED, Reason.ALREADY_REDEEMED),
    *(Reason.HELD_BY_ORDER, Reason.ORDER_TOTAL_REQUIRED, Reason.MINIMUM_NOT_MET),
    *(Reason.NO_EFFECT, Reason.NOT_STACKABLE, Reason.LIMIT_DAY, Reason.BUDGET_EXHAUSTED),
    Reason.REVERSAL_WINDOW_CLOSED,
)
_GIVE_BACK = (*(Reason.HELD_BY_ORDER, Reason.ALREADY_REVERSED, Reason.REVERSAL_WINDOW_CLOSED),)

_MARKETER = (Reason.NOT_SIGNED_IN, Reason.NOT_ALLOWED, Reason.NOT_FOUND)

_REPORT = {
    "campaign_id": "the campaign; without it that of the key",
    "by": "campaign, city, merchant or option; without it campaign",
}

_NOON = datetime(2019, 11, 11, 9, 0, tzinfo=UTC)
_LINES = [
    schema.OrderLine(scanned="ABCD-EFGH-JKMN-PQRS", nonce="0e3b1a52-7c1d"),
    schema.OrderLine(scanned="2345-6789-ABCD-EFGH", nonce="0e3b1a52-7c1e"),
]
_REVERSAL = schema.ReversalRequest(nonce="5f0c9d11-22ab", reason="scanned by mistake")
_KEY = schema.Ed25519Key(kty="OKP", x="11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")

OPERATIONS = (
    Operation(
        method="GET",
        path="/api/v1/campaigns/{campaign_id}",
        view="get_campaign",
        summary=N_("What the public may know of a campaign now"),
        group=VISITORS,
        gives={200: (answers.Campaign,)},
        refuses=(Reason.NOT_FOUND,),
    ),
    Operation(
        method="POST",
        path="/api/v1/claims",
        view="post_claim",
        summary=N_("Claim a voucher; the same visitor asking again gets the same one"),
        group=VISITORS,
        caller=Caller.VISITOR,
        body=schema.ClaimRequest(
            campaign_id="festival-now", popup_id="istanbul", offer_id="lantern-gift"
        ),
        gives={201: (answers.Voucher,), 200: (answers.Voucher,)},
        cookies={201: STANDS_COOKIE, 200: STANDS_COOKIE, 401: VISITOR_COOKIE},
        once=True,
        refuses=(*_BODY, Reason.IDEMPOTENCY_KEY_REUSED, *_CLAIM),
    ),
    Operation(
        method="GET",
        path="/api/v1/vouchers/{code}",
        view="get_voucher",
        summary=N_("The holder's voucher; anyone else is told that there is none"),
        group=VISITORS,
        caller=Caller.VISITOR,
        gives={200: (answers.Voucher,)},
        refuses=(
            Reason.RATE_LIMITED,
            Reason.UNKNOWN_CODE,
        ),
    ),
    Operation(
        method="POST",
        path="/api/v1/vouchers/{code}/gift",
        view="post_gift",
        summary=N_("Make a link by which a friend may take the voucher, once"),
        group=VISITORS,
        caller=Caller.VISITOR,
        gives={201: (answers.Gift,), 200: (answers.Gift,)},
        refuses=(
            Reason.RATE_LIMITED,
            *(Reason.UNKNOWN_CODE, Reason.NOT_GIFTABLE, Reason.ALREADY_REDEEMED, Reason.EXPIRED),
            *(Reason.HELD_BY_ORDER, Reason.GIVEN_AWAY, Reason.REVOKED, Reason.LAPSED),
        ),
    ),
    Operation(
        method="POST",
        path="/api/v1/gifts",
        view="post_acceptance",
        summary=N_("Take the voucher of a link; whoever took it gets it again"),
        group=VISITORS,
        caller=Caller.VISITOR,
        body=schema.GiftRequest(gift="abcdefghijklmnopqrstuvwxy2"),
        gives={201: (answers.Voucher,), 200: (answers.Voucher,)},
        refuses=(
            Reason.RATE_LIMITED,
            *(*_BODY, Reason.NOT_SIGNED_IN, Reason.NOT_FOUND, Reason.UNKNOWN_CODE, Reason.EXPIRED),
            *(Reason.NOT_GIFTABLE, Reason.ALREADY_REDEEMED, Reason.HELD_BY_ORDER),
            *(Reason.GIVEN_AWAY, Reason.REVOKED, Reason.LAPSED, Reason.LIMIT_VISITOR),
        ),
    ),
    Operation(
        method="POST",
        path="/api/v1/vouchers/{code}/reissue",
        view="post_reissue",
        summary=N_("A one-time link for the holder's new browser; a supervisor's alone"),
        group=STAFF,
        caller=Caller.DEVICE,
        once=True,
        gives={201: (answers.Reissue,)},
        refuses=(
            Reason.RATE_LIMITED,
            *(Reason.INVALID_PAYLOAD, Reason.IDEMPOTENCY_KEY_REUSED, Reason.IN_PROGRESS),
            *(*_STAFF, Reason.UNKNOWN_CODE, Reason.NOT_GIFTABLE, Reason.ALREADY_REDEEMED),
            *(Reason.HELD_BY_ORDER, Reason.GIVEN_AWAY, Reason.REVOKED, Reason.LAPSED),
            Reason.EXPIRED,
        ),
    ),
    Operation(
        method="POST",
        path="/api/v1/devices",
        view="post_device",
        summary=N_("Become a stand's device with a one-time code and a key of one's own"),
        group=STAFF,
        body=schema.DeviceRequest(
            enrolment_code="ABCDEFGHIJKLMNOPQRSTUVWXY2", name="Till 1", public_key=_KEY
        ),
        gives={201: (answers.Device,)},
        refuses=(Reason.RATE_LIMITED, *_BODY, Reason.ENROLMENT_USED, Reason.ENROLMENT_EXPIRED),
    ),
    Operation(
        method="GET",
        path="/api/v1/devices/self/manifest",
        view="get_manifest",
        summary=N_("What a device needs to go on, and a fresh token"),
        group=STAFF,
        caller=Caller.DEVICE,
        query={
            "revision": "what the device has, `<revision>.<epoch>`: the rules are left out then",
            "used": "the cursor of the last answer, for what was used since",
            "waiting": "how many entries the device has still to hand in; the console shows it",
        },
        gives={200: (offline_answers.Manifest,)},
        refuses=_DEVICE,
    ),
    Operation(
        method="GET",
        path="/api/v1/devices/self/presence",
        view="get_presence",
        summary=N_("What the stand's screen shows now: its code, the counts of today"),
        group=STAFF,
        caller=Caller.DEVICE,
        gives={200: (screen_answers.Presence,)},
        refuses=(*_STAFF, Reason.NOT_FOUND),
    ),
    Operation(
        method="POST",
        path="/api/v1/devices/self/shift",
        view="post_shift",
        summary=N_("Begin a shift with the device: by name, or by name and PIN"),
        group=STAFF,
        caller=Caller.DEVICE,
        body=schema.ShiftRequest(name="Ayşe", pin="271828"),
        gives={200: (answers.Shift,)},
        refuses=(Reason.RATE_LIMITED, *_BODY, *_STAFF, Reason.NOT_ALLOWED),
    ),
    Operation(
        method="DELETE",
        path="/api/v1/devices/self/shift",
        view="delete_shift",
        summary=N_("End the device's shift"),
        group=STAFF,
        caller=Caller.DEVICE,
        gives={200: (answers.Shift,)},
        refuses=_STAFF,
    ),
    Operation(
        method="POST",
        path="/api/v1/redemptions/batch",
        view="post_batch",
        summary=N_("Hand in what was accepted without network; sent again, it is finished"),
        group=STAFF,
        caller=Caller.DEVICE,
        body=schema.BatchRequest(
            device_now=_NOON,
            previous="",
            entries=[
                schema.BatchEntry(
                    seq=1,
                    scanned="HTTPS://POPUP.EXAMPLE/V/EAAQ",
                    nonce="0e3b1a52-7c1d",
                    scanned_at=_NOON,
                    elapsed_ms=1500,
                    epoch=9,
                )
            ],
            signature="A" * 86,
        ),
        gives={200: (offline_answers.BatchResults,)},
        refuses=(*_BODY, Reason.NOT_SIGNED_IN, Reason.NOT_FOUND, Reason.CHAIN_BROKEN),
    ),
    Operation(
        method="GET",
        path="/api/v1/conflicts",
        view="get_conflicts",
        summary=N_("Vouchers that several doors accepted, for the stand's supervisor"),
        group=STAFF,
        caller=Caller.DEVICE,
        gives={200: (offline_answers.Cases,)},
        refuses=(*_STAFF, Reason.NOT_FOUND),
    ),
    Operation(
        method="POST",
        path="/api/v1/conflicts/{case_id}/resolution",
        view="post_resolution",
        summary=N_("Decide such a case: leave it, give the use back, or bear the loss"),
        group=STAFF,
        caller=Caller.DEVICE,
        body=schema.ResolutionRequest(decision=Decision.KEEP, note="The guest came twice."),
        edits=True,
        gives={200: (offline_answers.Case,)},
        refuses=(
            *(*_BODY, *_STAFF, Reason.NOT_FOUND, Reason.EDITED_MEANWHILE),
            *(Reason.ALREADY_REVERSED, Reason.REVERSAL_WINDOW_CLOSED),
        ),
    ),
    Operation(
        method="POST",
        path="/api/v1/redemptions",
        view="post_redemption",
        summary=N_("Use a voucher, once; a repeated nonce gets the first use again"),
        group=STAFF,
        caller=Caller.DEVICE,
        body=schema.RedemptionRequest(
            scanned="ABCD-EFGH-JKMN-PQRS",
            nonce="0e3b1a52-7c1d",
            scanned_at=_NOON,
            order_total=schema.Money(amount_minor=125000, currency="TRY"),
        ),
        others={
            Caller.SHOP: schema.ShopRedemptionRequest(
                scanned="ABCD-EFGH-JKMN-PQRS",
                nonce="0e3b1a52-7c1d",
                order_ref="2019-0042",
                order_total=schema.Money(amount_minor=125000, currency="TRY"),
                hold_seconds=600,
            )
        },
        gives={201: (answers.Redemption,), 200: (answers.Redemption, answers.Simulation)},
        refuses=(Reason.RATE_LIMITED, *_BODY, *_TILL, *_USE),
    ),
    Operation(
        method="POST",
        path="/api/v1/redemptions/order",
        view="post_order",
        summary=N_("Use several vouchers of one order: all or none, or those that are valid"),
        group=STAFF,
        caller=Caller.DEVICE,
        body=schema.OrderRequest(order_ref="2019-0042", mode="valid", lines=_LINES),
        others={
            Caller.SHOP: schema.ShopOrderRequest(
                order_ref="2019-0042", mode="all", lines=_LINES, hold_seconds=600
            )
        },
        gives={200: (answers.OrderResults,)},
        refuses=(*_BODY, *_TILL),
    ),
    Operation(
        method="POST",
        path="/api/v1/redemptions/{redemption_id}/reversal",
        view="post_reversal",
        summary=N_("Give a use back: this device within 15 minutes, a supervisor at any time"),
        group=STAFF,
        caller=Caller.DEVICE,
        body=_REVERSAL,
        others={Caller.SHOP: _REVERSAL},
        gives={201: (answers.Reversal,), 200: (answers.Reversal,)},
        refuses=(*_BODY, *_TILL, *_GIVE_BACK),
    ),
    Operation(
        method="POST",
        path="/api/v1/redemptions/{redemption_id}/confirm",
        view="post_confirmation",
        summary=N_("Confirm the order: what it held is used"),
        group=SHOPS,
        caller=Caller.SHOP,
        gives={201: (answers.Settlement,), 200: (answers.Settlement,)},
        refuses=(*_SHOP, Reason.NOT_FOUND, Reason.ALREADY_REVERSED),
    ),
    Operation(
        method="POST",
        path="/api/v1/redemptions/{redemption_id}/release",
        view="post_release",
        summary=N_("Give up the order: what it held is free again"),
        group=SHOPS,
        caller=Caller.SHOP,
        gives={201: (answers.Settlement,), 200: (answers.Settlement,)},
        refuses=(*_SHOP, Reason.NOT_FOUND, Reason.ALREADY_REVERSED, Reason.ALREADY_REDEEMED),
    ),
    Operation(
        method="GET",
        path="/api/v1/campaigns",
        view="get_campaigns",
        summary=N_("The campaigns of a key, with what is live and what is a draft"),
        group=MARKETING,
        caller=Caller.MARKETER,
        gives={200: (program_answers.Campaigns,)},
        refuses=_MARKETER,
    ),
    Operation(
        method="GET",
        path="/api/v1/campaigns/{campaign_id}/draft",
        view="get_draft",
        summary=N_("The draft as a zip of CSV files; without one, what is live, as version 0"),
        group=MARKETING,
        caller=Caller.MARKETER,
        media=ZIP,
        versioned=True,
        gives={200: ()},
        refuses=_MARKETER,
    ),
    *(
        Operation(
            method="GET",
            path=f"/api/v1/campaigns/{{campaign_id}}/{name}",
            view=f"get_{name}",
            summary=summary,
            group=MARKETING,
            caller=Caller.MARKETER,
            query={"limit": "how many, at most 100", "cursor": "where the page before ended"},
            gives={200: (shape,)},
            refuses=(*_MARKETER, Reason.INVALID_PAYLOAD),
        )
        for name, summary, shape in (
            ("popups", N_("Stands"), program_answers.Popups),
            ("offers", N_("Offers"), program_answers.Offers),
            ("merchants", N_("Merchants"), program_answers.Merchants),
        )
    ),
    Operation(
        method="PUT",
        path="/api/v1/campaigns/{campaign_id}/draft",
        view="put_draft",
        summary=N_("Save a zip over the version that was read: all of it or nothing"),
        group=MARKETING,
        caller=Caller.MARKETER,
        zipped=True,
        edits=True,
        versioned=True,
        gives={200: (program_answers.Saved,)},
        refuses=(*_BODY, *_MARKETER, Reason.EDITED_MEANWHILE),
    ),
    Operation(
        method="POST",
        path="/api/v1/campaigns/{campaign_id}/import",
        view="post_import",
        summary=N_("Save a zip over whatever the draft is now, or say what that would do"),
        group=MARKETING,
        caller=Caller.MARKETER,
        zipped=True,
        versioned=True,
        query={"dry_run": "true: nothing is saved; without it false"},
        gives={200: (program_answers.Saved,)},
        refuses=(*_BODY, *_MARKETER, Reason.EDITED_MEANWHILE),
    ),
    Operation(
        method="GET",
        path="/api/v1/campaigns/{campaign_id}/export",
        view="get_export",
        summary=N_("A revision as a zip of CSV files"),
        group=MARKETING,
        caller=Caller.MARKETER,
        query={"revision": "its number; without it what is live"},
        media=ZIP,
        gives={200: ()},
        refuses=(*_MARKETER, Reason.INVALID_PAYLOAD),
    ),
    Operation(
        method="GET",
        path="/api/v1/campaigns/{campaign_id}/preview",
        view="get_preview",
        summary=N_("What the public will know at an instant, of the draft or a revision"),
        group=MARKETING,
        caller=Caller.MARKETER,
        query={
            "at": "an instant, or with a stand its wall time; without it now",
            "popup": "one stand alone; without it all",
            "revision": "its number; without it the draft",
        },
        gives={200: (answers.Campaign,)},
        refuses=(*_MARKETER, Reason.INVALID_PAYLOAD),
    ),
    Operation(
        method="POST",
        path="/api/v1/campaigns/{campaign_id}/publish",
        view="post_publish",
        summary=N_("Make the draft live, if nothing blocks it and it is still that version"),
        group=MARKETING,
        caller=Caller.MARKETER,
        body=schema.PublishRequest(draft_version=3),
        gives={200: (program_answers.Released,)},
        refuses=(
            *(*_BODY, *_MARKETER, Reason.EDITED_MEANWHILE),
            *(Reason.LIMIT_BELOW_USE, Reason.IN_PROGRESS),
        ),
    ),
    Operation(
        method="GET",
        path="/api/v1/campaigns/{campaign_id}/revisions",
        view="get_revisions",
        summary=N_("The revisions of a campaign, the newest first"),
        group=MARKETING,
        caller=Caller.MARKETER,
        gives={200: (program_answers.Revisions,)},
        refuses=_MARKETER,
    ),
    Operation(
        method="POST",
        path="/api/v1/campaigns/{campaign_id}/rollback",
        view="post_rollback",
        summary=N_("Make an earlier revision live again"),
        group=MARKETING,
        caller=Caller.MARKETER,
        body=schema.RollbackRequest(revision=1),
        gives={200: (program_answers.Released,)},
        refuses=(*_BODY, *_MARKETER, Reason.LIMIT_BELOW_USE, Reason.IN_PROGRESS),
    ),
    Operation(
        method="POST",
        path="/api/v1/campaigns/{campaign_id}/mints",
        view="post_mint",
        summary=N_("Mint a batch of vouchers: it takes their units, each code costs nothing"),
        group=MARKETING,
        caller=Caller.MARKETER,
        body=schema.MintRequest(offer_id="lantern-gift", popup_id="istanbul", count=500),
        gives={201: (answers.Batch,), 200: (answers.Batch,)},
        refuses=(
            *(*_BODY, *_MARKETER, Reason.WRONG_CITY, Reason.EXPIRED),
            *(Reason.OUT_OF_STOCK, Reason.LIMIT_CAMPAIGN, Reason.IDEMPOTENCY_KEY_REUSED),
        ),
    ),
    Operation(
        method="GET",
        path="/api/v1/campaigns/{campaign_id}/mints",
        view="get_mints",
        summary=N_("The batches of a campaign"),
        group=MARKETING,
        caller=Caller.MARKETER,
        query={"limit": "how many, at most 100", "cursor": "where the page before ended"},
        gives={200: (answers.Batches,)},
        refuses=(*_MARKETER, Reason.INVALID_PAYLOAD),
    ),
    Operation(
        method="GET",
        path="/api/v1/campaigns/{campaign_id}/mints/{batch}/codes",
        view="get_codes",
        summary=N_("The codes of a batch by serial, as CSV: code, url, token"),
        group=MARKETING,
        caller=Caller.MARKETER,
        query={
            "from": "the first serial; without it 1",
            "limit": "how many, at most 10000; without it 1000",
        },
        media="text/csv",
        gives={200: ()},
        refuses=(*_MARKETER, Reason.INVALID_PAYLOAD, Reason.KEY_WITHDRAWN),
    ),
    Operation(
        method="POST",
        path="/api/v1/campaigns/{campaign_id}/revocations",
        view="post_revocation",
        summary=N_("Withdraw a voucher by its code, or a minted batch, or a range of its serials"),
        group=MARKETING,
        caller=Caller.MARKETER,
        body=schema.RevocationRequest(batch=7, first=101, last=200),
        gives={201: (answers.Revocation,), 200: (answers.Revocation,)},
        refuses=(
            *(*_BODY, *_MARKETER, Reason.UNKNOWN_CODE, Reason.LAPSED, Reason.GIVEN_AWAY),
            *(Reason.ALREADY_REDEEMED, Reason.LIMIT_CAMPAIGN),
        ),
    ),
    Operation(
        method="POST",
        path="/api/v1/delivery/options",
        view="post_options",
        summary=N_("Every way in which an order of a stand may travel, each with its range"),
        group=DELIVERY,
        body=orders.WaysRequest(popup_id="istanbul"),
        gives={200: (deliveries.Ways,)},
        refuses=(
            *(*_BODY, Reason.NOT_FOUND, Reason.NOT_SIGNED_IN, Reason.NOT_ALLOWED),
            *(Reason.UNKNOWN_CODE, Reason.WRONG_MERCHANT, Reason.RATE_LIMITED),
        ),
    ),
    Operation(
        method="POST",
        path="/api/v1/delivery/choices",
        view="post_choice",
        summary=N_("Choose how a voucher's order travels; a later choice replaces it"),
        group=DELIVERY,
        caller=Caller.VISITOR,
        body=orders.ChoiceRequest(
            voucher="ABCD-EFGH-JKMN-PQRS",
            option="home_van_electric",
            trip=orders.TripFacts(coming_anyway=True),
        ),
        others={
            Caller.SHOP: orders.ChoiceRequest(
                voucher="ABCD-EFGH-JKMN-PQRS", option="locker", order_ref="2026-118"
            )
        },
        gives={201: (deliveries.DeliveryChoice,)},
        once=True,
        refuses=(
            *(*_BODY, Reason.IDEMPOTENCY_KEY_REUSED, Reason.IN_PROGRESS),
            *(Reason.NOT_SIGNED_IN, Reason.NOT_ALLOWED, Reason.UNKNOWN_CODE),
            *(Reason.WRONG_HOLDER, Reason.WRONG_MERCHANT, Reason.NOT_FOUND),
            *(Reason.HELD_BY_ORDER, Reason.ALREADY_CHOSEN, Reason.RATE_LIMITED),
            *(Reason.GIVEN_AWAY, Reason.LAPSED, Reason.REVOKED),
        ),
    ),
    Operation(
        method="GET",
        path="/api/v1/delivery/method",
        view="get_method",
        summary=N_("The method of the estimates: its version, factors and sources"),
        group=DELIVERY,
        gives={200: (deliveries.MethodDocument,)},
    ),
    Operation(
        method="GET",
        path="/api/v1/insights/delivery",
        view="get_report",
        summary=N_("Chosen deliveries and their estimates, by campaign, city, merchant or option"),
        group=MARKETING,
        caller=Caller.MARKETER,
        query=_REPORT,
        gives={200: (deliveries.DeliveryReport,)},
        refuses=(*_MARKETER, Reason.INVALID_PAYLOAD),
    ),
    Operation(
        method="GET",
        path="/api/v1/insights/delivery/csv",
        view="get_report_csv",
        summary=N_("The same as CSV"),
        group=MARKETING,
        caller=Caller.MARKETER,
        query=_REPORT,
        media="text/csv",
        gives={200: ()},
        refuses=(*_MARKETER, Reason.INVALID_PAYLOAD),
    ),
    Operation(
        method="GET",
        path="/api/v1/insights/live",
        view="get_live",
        summary=N_("Live counts by city and by way of delivery"),
        group=EVERYONE,
        query={"campaign_id": "which campaign; without it that of the day"},
        gives={200: (answers.LiveBoard,)},
        refuses=(Reason.NOT_FOUND,),
    ),
    Operation(
        method="GET",
        path="/api/v1/openapi.json",
        view="get_document",
        summary=N_("This document (OpenAPI 3.1)"),
        group=EVERYONE,
        gives={200: ()},
    ),
    Operation(
        method="GET",
        path="/health",
        view="get_health",
        summary=N_("Is it up? Touches no table"),
        group=EVERYONE,
        gives={200: (answers.Health,)},
    ),
    Operation(
        method="GET",
        path="/health/deep",
        view="get_deep_health",
        summary=N_("Is it up? Touches each table"),
        group=EVERYONE,
        gives={200: (answers.DeepHealth,)},
    ),
)
