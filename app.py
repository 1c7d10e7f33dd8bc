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
    order_holds,
    orders,
    poster,
    redemptions,
    staff,
    visitors,
)

EVERYONE = (docs.pages, health.api, insights.api, live.pages, openapi.api)
STAFF = (devices.api, poster.pages, staff.pages)
TILLS = (order_holds.api, orders.api, redemptions.api)
VISITORS = (claims.api, delivery.api, gifts.api, *visitors.PAGES)
EVENTS = (streams.ledger, sweeper.minutes)

app = Chalice(app_name="marquee")
for blueprint in (*EVERYONE, *STAFF, *TILLS, *VISITORS, *EVENTS):
    app.register_blueprint(blueprint)
