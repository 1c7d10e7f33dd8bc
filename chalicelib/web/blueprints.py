"""Every blueprint of the HTTP surface, by whom it serves."""

from chalicelib.web import (
    claims,
    delivery,
    devices,
    docs,
    gifts,
    health,
    insights,
    live,
    mints,
    openapi,
    order_holds,
    orders,
    poster,
    redemptions,
    reports,
    revocations,
    staff,
    visitors,
)

EVERYONE = (docs.pages, health.api, insights.api, live.pages, openapi.api)
MARKETING = (mints.api, reports.api, revocations.api)
STAFF = (devices.api, poster.pages, staff.pages)
TILLS = (order_holds.api, orders.api, redemptions.api)
VISITORS = (claims.api, delivery.api, gifts.api, *visitors.PAGES)
ALL = (*EVERYONE, *MARKETING, *STAFF, *TILLS, *VISITORS)
