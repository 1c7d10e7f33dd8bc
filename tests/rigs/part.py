"""The nursery: a process that has everything loaded and forks parts of the product on demand.

    python part.py ENGINE_URL

Each line of its stdin asks for a part: `web PORT` or `projector 0`. It answers `pid N`, and the
part says `ready N` as soon as it works. Parts are made to be killed; those that are left end
with the nursery, and the nursery ends with its stdin. A fork knows no more than a new process:
it reads secrets and campaigns itself.
"""

import logging
import os
import signal
import sys
import time

from app import app
from chalicelib import streams
from chalicelib.store import engine
from chalicelib.web.context import context
from chalicelib.web.pages import unrouted
from local import ground, places
from local.gateway import Gateway
from local.http_server import Server
from local.projector import Projector

PUBLIC_URL = "https://marquee.example"
_LOOK_SECONDS = 0.3


def web(port: int) -> None:
    """Serve the product on a port."""
    gateway = Gateway(app, unrouted, places.REPOSITORY / "static" / "built")
    Server("127.0.0.1", port).start(gateway.answer)


def projector() -> None:
    """Follow the ledger's stream."""
    settings = context.settings
    client = ground.aws(settings, "dynamodbstreams")
    Projector(client, f"{settings.table_prefix}ledger", streams.project).start()


def be(kind: str, port: int, nursery: int) -> None:
    """Be a part for as long as the nursery lives."""
    if kind == "web":
        web(port)
    else:
        projector()
    say(f"ready {os.getpid()}")
    while os.getppid() == nursery:
        time.sleep(_LOOK_SECONDS)


def say(line: str) -> None:
    """Write a line in one piece: all parts share the way to the test."""
    os.write(1, f"{line}\n".encode())


def main(engine_url: str) -> None:
    """Fork a part for each line until stdin ends."""
    logging.basicConfig(level=logging.WARNING)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the dead are not waited for
    context.connect(ground.settings_of(PUBLIC_URL, engine_url, None))
    engine.client()  # made, but not connected to anything yet
    nursery = os.getpid()
    for line in sys.stdin:
        kind, port = line.split()
        child = os.fork()
        if child == 0:
            try:
                be(kind, int(port), nursery)
            finally:
                os._exit(0)  # nothing of the nursery's is closed twice
        say(f"pid {child}")


if __name__ == "__main__":
    main(sys.argv[1])
