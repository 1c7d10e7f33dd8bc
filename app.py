"""The Chalice app: it registers blueprints, nothing else."""

from chalice import Chalice

from chalicelib import streams, sweeper
from chalicelib.web import (
    claims,
    delivery,
    devices,
    docs,
    gifts,
    health,
    insights,
    live,
    openapi,
    poster,
    redemptions,
    staff,
    visitors,
)

EVERYONE = (docs.pages, health.api, insights.api, live.pages, openapi.api)
STAFF = (devices.api, poster.pages, redemptions.api, staff.pages)
VISITORS = (claims.api, delivery.api, gifts.api, *visitors.PAGES)

app = Chalice(app_name="marquee")
for blueprint in (*EVERYONE, *STAFF, *VISITORS, streams.ledger, sweeper.minutes):
    app.register_blueprint(blueprint)
