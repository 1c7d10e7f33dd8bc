"""The engine's process: ministack on a socket of its parent's, with snapshots while it runs.

The parent holds the other end of stdin. When the parent dies, however it dies, stdin ends, and
the engine saves what it has and stops: no orphan, nothing lost.
"""

import asyncio
import importlib
import json
import os
import signal
import sys
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from local import snapshot

SNAPSHOT_PATH = "/_marquee/snapshot"
UNREADABLE = 3  # exit status: there is a snapshot, but it does not load
_READS = ("Get", "Query", "Scan", "BatchGet", "TransactGet", "Describe", "List", "Receive")

Message = dict[str, Any]
Send = Callable[[Message], Awaitable[None]]
Receive = Callable[[], Awaitable[Message]]


class Engine:
    """ministack's application, with one more path: POST there takes a snapshot."""

    def __init__(self, state: Path | None) -> None:
        self.state = state
        self.projected = ""
        self.writes = self.saved = 0
        self._ministack: Any = importlib.import_module("ministack.app")
        self._writing = asyncio.Lock()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope.get("path") == SNAPSHOT_PATH:
            query = parse_qs(scope["query_string"].decode())
            self.projected = query.get("projected", [self.projected])[0]
            await _answer(send, {"saved": await self.save()})
            return
        if scope["type"] == "http" and not _target(scope).startswith(_READS):
            self.writes += 1
        await self._ministack.app(scope, receive, send)

    async def save(self) -> int | None:
        """Write a snapshot if something changed; returns its number of items."""
        async with self._writing:
            writes = self.writes
            if self.state is None or writes == self.saved:
                return None
            taken = snapshot.take(self.projected)
            await asyncio.to_thread(snapshot.write, taken, self.state)
            self.saved = writes
            return taken.moment.items


def _target(scope: Message) -> str:
    """Return the operation that a request names: PutItem, Query and so on."""
    target: bytes = dict(scope["headers"]).get(b"x-amz-target", b"Get")
    return target.decode("latin-1").rpartition(".")[2]


async def _answer(send: Send, document: object) -> None:
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(document).encode()})


async def serve(engine: Engine, listener: int) -> None:
    """Serve until SIGTERM or the end of stdin, then save."""
    asgi = importlib.import_module("hypercorn.asyncio")
    config = importlib.import_module("hypercorn.config").Config()
    config.bind = [f"fd://{listener}"]
    config.loglevel = "ERROR"
    config.graceful_timeout = 0.5
    config.keep_alive_timeout = 75
    ended, loop = asyncio.Event(), asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, ended.set)
    watch = threading.Thread(target=_watch_parent, args=(loop, ended), daemon=True)
    watch.start()
    await asgi.serve(engine, config, shutdown_trigger=ended.wait)
    await engine.save()


def _watch_parent(loop: asyncio.AbstractEventLoop, ended: asyncio.Event) -> None:
    sys.stdin.buffer.read()
    loop.call_soon_threadsafe(ended.set)


def main() -> int:
    """Restore, then serve on the socket whose number is the argument."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to answer
    state = Path(os.environ["MARQUEE_STATE"]) if os.environ.get("MARQUEE_STATE") else None
    engine = Engine(state)
    try:
        if state is not None:
            snapshot.restore(state)
    except snapshot.UnreadableError:
        return UNREADABLE
    asyncio.run(serve(engine, int(sys.argv[1])))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
