"""Every blueprint of the HTTP surface, by whom it serves."""

from chalicelib.web import (
    batches,
    brand,
    cases,
    claims,
    delivery,
    devices,
    docs,
    gifts,
    health,
    insights,
    live,
    manifest,
    mints,
    openapi,
    order_holds,
    orders,
    photos,
    poster,
    programs,
    redemptions,
    reports,
    revocations,
    screens,
    shifts,
    staff,
    visitors,
)
from chalicelib.web.console.desk import desk

EVERYONE = (
    brand.pages,
    docs.pages,
    health.api,
    insights.api,
    live.pages,
    openapi.api,
    photos.pages,
)
MARKETING = (mints.api, programs.api, reports.api, revocations.api)
STAFF = (
    cases.api,
    devices.api,
    manifest.api,
    poster.pages,
    screens.api,
    screens.pages,
    shifts.api,
    staff.pages,
)
TILLS = (batches.api, order_holds.api, orders.api, redemptions.api)
VISITORS = (claims.api, delivery.api, gifts.api, *visitors.PAGES)
ALL = (desk, *EVERYONE, *MARKETING, *STAFF, *TILLS, *VISITORS)
