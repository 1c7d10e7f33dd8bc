"""The Chalice app: it registers blueprints, nothing else."""

from chalice import Chalice

from chalicelib.web import (
    claims,
    delivery,
    devices,
    docs,
    health,
    insights,
    live,
    mints,
    openapi,
    poster,
    redemptions,
    revocations,
    staff,
    visitors,
)

EVERYONE = (docs.pages, health.api, insights.api, live.pages, openapi.api)
MARKETING = (mints.api, revocations.api)
STAFF = (devices.api, poster.pages, redemptions.api, staff.pages)
VISITORS = (claims.api, delivery.api, *visitors.PAGES)

app = Chalice(app_name="marquee")
for blueprint in EVERYONE + MARKETING + STAFF + VISITORS:
    app.register_blueprint(blueprint)
