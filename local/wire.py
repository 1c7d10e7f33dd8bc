"""Requests to the run on this laptop, as scripts send them."""

import http.client
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from local import ground

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the status, a cookie or a place to go to, the document."""

    status: int
    cookie: str
    location: str
    document: Json


class Wire:
    """Requests to the run on this laptop, whatever its name is in the network."""

    def __init__(self, base_url: str) -> None:
        self.base_url, parts = base_url, urlsplit(base_url)
        if parts.scheme == "https":
            self._connection: http.client.HTTPConnection = http.client.HTTPSConnection(
                "127.0.0.1", parts.port, timeout=10, context=ground.unproved_tls()
            )
        else:
            self._connection = http.client.HTTPConnection("127.0.0.1", parts.port, timeout=10)

    def ask(self, method: str, path: str, document: object = b"", **headers: str) -> Answer:
        """Send one request; bytes go as they are, anything else as JSON.

        Raises OSError where nobody answers any more.
        """
        body = document if isinstance(document, bytes) else json.dumps(document).encode()
        sent = {"Content-Type": "application/json"} | headers
        try:
            self._connection.request(method, path, body, sent)
            response = self._connection.getresponse()
            read = response.read()
        except http.client.HTTPException as error:
            self._connection.close()
            raise ConnectionError("the run has closed") from error
        is_json = "json" in response.headers.get("Content-Type", "")
        return Answer(
            response.status,
            (response.headers.get("Set-Cookie") or "").partition(";")[0],
            response.headers.get("Location") or "",
            json.loads(read) if is_json else {},
        )

    def close(self) -> None:
        """Hang up."""
        self._connection.close()
