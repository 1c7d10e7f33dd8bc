"""The Chalice app: it registers blueprints, nothing else."""

from chalice import Chalice

from chalicelib.web import claims, devices, health, redemptions

app = Chalice(app_name="marquee")
for blueprint in (claims.api, devices.api, health.api, redemptions.api):
    app.register_blueprint(blueprint)
