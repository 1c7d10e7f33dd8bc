"""The Chalice app: it registers blueprints, nothing else."""

from chalice import Chalice

from chalicelib import streams, sweeper
from chalicelib.web import blueprints

app = Chalice(app_name="marquee")
for blueprint in (*blueprints.ALL, streams.ledger, sweeper.minutes):
    app.register_blueprint(blueprint)
