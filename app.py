"""The Chalice app: it registers blueprints, nothing else."""

from chalice import Chalice

from chalicelib import announcer, courier, streams, sweeper
from chalicelib.web import blueprints

app = Chalice(app_name="marquee")
# A form with a file arrives byte for byte, a PDF and a photo leave so.
app.api.binary_types.extend(["multipart/form-data", "application/pdf", "image/avif", "image/webp"])
for blueprint in (
    *blueprints.ALL,
    streams.ledger,
    announcer.ledger,
    courier.queue,
    sweeper.minutes,
):
    app.register_blueprint(blueprint)
