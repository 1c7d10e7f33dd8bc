"""Sends what botocore signed: one write for head and body, connections kept while they live.

botocore's own session (urllib3's pool, its proxies, its chunks) takes half of a request's CPU.
Errors are named as it names them, so that its retries and `engine.py` judge them as before.
"""

import ssl
from collections import deque
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit
from weakref import finalize

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.exceptions import (
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ReadTimeoutError,
    SSLError,
)
from urllib3.util import wait_for_read

Peer = tuple[str, str]  # scheme and host with its port


class _Body(BytesIO):
    """A body that was read, as botocore asks for one."""

    def stream(self) -> Iterator[bytes]:
        yield self.read()


class Wire:
    """What an endpoint of botocore sends by. Any number of threads may send at once."""

    def __init__(
        self, *, certificates: str, connect_seconds: float, read_seconds: float, most_idle: int
    ) -> None:
        self._certificates = certificates
        self._connect_seconds, self._read_seconds = connect_seconds, read_seconds
        self._idle: deque[tuple[Peer, HTTPConnection]] = deque()
        self._most_idle = most_idle
        finalize(self, _end, self._idle)
        self._trust: ssl.SSLContext | None = None

    def send(self, request: AWSPreparedRequest) -> AWSResponse:
        """Send a request and read its answer. Raises one of botocore's HTTPClientErrors."""
        url = urlsplit(request.url)
        peer = url.scheme, url.netloc
        connection = self._living(peer) or self._connected(peer, request)
        try:
            connection.send(_head(request, url.netloc, url.path or "/") + (request.body or b""))
            answer = HTTPResponse(connection.sock, method=request.method)
            answer.begin()
            body = answer.read()
        except TimeoutError as error:
            connection.close()
            raise ReadTimeoutError(endpoint_url=request.url, error=error) from error
        except (OSError, HTTPException) as error:
            connection.close()
            raise ConnectionClosedError(
                endpoint_url=request.url, request=request, error=error
            ) from error
        if answer.will_close or len(self._idle) >= self._most_idle:
            connection.close()
        else:
            self._idle.append((peer, connection))
        return AWSResponse(request.url, answer.status, dict(answer.getheaders()), _Body(body))

    def close(self) -> None:
        """End every connection that waits."""
        _end(self._idle)

    def _living(self, peer: Peer) -> HTTPConnection | None:
        """Return the connection that was used last; what can be read before we ask is its end."""
        while self._idle:
            try:
                kept, connection = self._idle.pop()
            except IndexError:  # another thread was faster
                return None
            if kept == peer and not wait_for_read(connection.sock, timeout=0):
                return connection
            connection.close()
        return None

    def _connected(self, peer: Peer, request: AWSPreparedRequest) -> HTTPConnection:
        scheme, host = peer
        connection = (
            HTTPSConnection(host, timeout=self._connect_seconds, context=self._trusting())
            if scheme == "https"
            else HTTPConnection(host, timeout=self._connect_seconds)
        )
        try:
            connection.connect()
        except TimeoutError as error:
            raise ConnectTimeoutError(endpoint_url=request.url, error=error) from error
        except ssl.SSLError as error:
            raise SSLError(endpoint_url=request.url, error=error) from error
        except OSError as error:
            raise EndpointConnectionError(endpoint_url=request.url, error=error) from error
        connection.sock.settimeout(self._read_seconds)
        return connection

    def _trusting(self) -> ssl.SSLContext:
        """Return whom a connection may trust; the file is read at the first one."""
        if self._trust is None:
            self._trust = ssl.create_default_context(cafile=self._certificates)
        return self._trust


def _end(idle: deque[tuple[Peer, HTTPConnection]]) -> None:
    while idle:
        idle.pop()[1].close()


def _head(request: AWSPreparedRequest, host: str, target: str) -> bytes:
    """Return the lines before the body. The signature covers the host as the address has it."""
    fields: dict[str, Any] = {"Host": host, **request.headers}
    lines = [f"{name}: {_text(value)}\r\n" for name, value in fields.items()]
    return f"{request.method} {target} HTTP/1.1\r\n{''.join(lines)}\r\n".encode()


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value
