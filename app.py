"""The Chalice app: it registers blueprints, nothing else."""

from chalice import Chalice

from chalicelib.web import (
    claims,
    delivery,
    devices,
    health,
    insights,
    live,
    me,
    poster,
    redemptions,
    visitor,
    voucher_page,
)

APIS = (claims.api, delivery.api, devices.api, health.api, insights.api, redemptions.api)
PAGES = (live.pages, me.pages, poster.pages, visitor.pages, voucher_page.pages)

app = Chalice(app_name="marquee")
for blueprint in APIS + PAGES:
    app.register_blueprint(blueprint)
