"""Every blueprint of the HTTP surface, by whom it serves."""

from chalicelib.web import (
    batches,
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
    poster,
    redemptions,
    revocations,
    staff,
    visitors,
)
from chalicelib.web.console import campaigns, editor, entrance, imports, overview, people, preview

EVERYONE = (docs.pages, health.api, insights.api, live.pages, openapi.api)
MARKETING = (mints.api, revocations.api)
CONSOLE = (
    campaigns.desk,
    editor.desk,
    entrance.desk,
    imports.desk,
    overview.desk,
    people.desk,
    preview.desk,
)
STAFF = (cases.api, devices.api, manifest.api, poster.pages, staff.pages)
TILLS = (batches.api, order_holds.api, orders.api, redemptions.api)
VISITORS = (claims.api, delivery.api, gifts.api, *visitors.PAGES)
ALL = (*CONSOLE, *EVERYONE, *MARKETING, *STAFF, *TILLS, *VISITORS)
