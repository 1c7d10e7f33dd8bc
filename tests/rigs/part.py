"""One process of the product: `part.py web ENGINE_URL PORT` or `part.py projector ENGINE_URL`.

It says a line when it is ready, and ends when its parent closes its stdin. `kill -9` is what it
is made for.
"""

import logging
import os
import sys

from app import app
from chalicelib import streams
from chalicelib.config import Settings
from chalicelib.web.context import context
from chalicelib.web.pages import unrouted
from local import ground, places
from local.gateway import Gateway
from local.http_server import Server
from local.projector import Projector

PUBLIC_URL = "https://marquee.example"


def web(settings: Settings, port: int) -> None:
    """Serve the product on a port, from a process that knows nothing yet."""
    context.connect(settings)
    gateway = Gateway(app, unrouted, places.REPOSITORY / "static" / "built")
    Server("127.0.0.1", port).start(gateway.answer)


def projector(settings: Settings) -> None:
    """Follow the ledger's stream."""
    context.connect(settings)
    client = ground.aws(settings, "dynamodbstreams")
    Projector(client, f"{settings.table_prefix}ledger", streams.project).start()


def main(kind: str, engine_url: str, port: str = "0") -> None:
    """Be that part until stdin ends."""
    logging.basicConfig(level=logging.WARNING)
    settings = ground.settings_of(PUBLIC_URL, engine_url, None)
    if kind == "web":
        web(settings, int(port))
    else:
        projector(settings)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.read()
    os._exit(0)  # threads that still answer are not waited for


if __name__ == "__main__":
    main(*sys.argv[1:])
