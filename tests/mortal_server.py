"""The laptop's web server as a process of its own, which may be killed where it hurts most.

python tests/mortal_server.py PORT ENGINE [mortal]: a mortal one is killed as soon as it has stored
a batch, before it answers.
"""

import os
import signal
import sys
import threading

from chalicelib.web.pages import unrouted
from local import ground
from local.clock import ShiftedClock
from local.gateway import Answer, Gateway
from local.house import composed
from local.http_server import Server
from local.places import REPOSITORY
from local.rest import Request
from local.world import World


def main(port: int, engine_url: str, *, mortal: bool) -> None:
    """Serve the tables of that engine until somebody ends it."""
    ground.keep_home()
    base_url = f"http://localhost:{port}"
    world = World(
        engine_url=engine_url,
        base_url=base_url,
        settings=ground.settings_of(base_url, engine_url, None),
        clock=ShiftedClock(None),
    )
    with composed(world) as app:
        gateway = Gateway(app, unrouted, REPOSITORY / "static" / "built")

        def answer(request: Request) -> Answer:
            answered = gateway.answer(request)
            if mortal and request.path.endswith("/batch"):
                os.kill(os.getpid(), signal.SIGKILL)
            return answered

        Server("127.0.0.1", port).start(answer)
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        threading.Event().wait()


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], mortal="mortal" in sys.argv)
