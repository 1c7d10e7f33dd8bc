"""The house as a WSGI application, for tools that call one: no port, no network."""

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING

from house import House

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def application(house: House, always: Mapping[str, str]) -> "WSGIApplication":
    """Return the house behind WSGI's door. Each request gets the headers that are sent always.

    A fault of the app fails the test that met it.
    """

    def answered(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        length = int(environ.get("CONTENT_LENGTH") or 0)
        answer = house.ask(
            environ["REQUEST_METHOD"],
            environ["RAW_URI"],
            headers=_headers(environ) | dict(always),
            body=environ["wsgi.input"].read(length),
        )
        pairs = [pair for pair in answer.headers.items() if pair[0] != "set-cookie"]
        pairs += [("set-cookie", cookie) for cookie in answer.set_cookies]
        start(f"{answer.status} {HTTPStatus(answer.status).phrase}", pairs)
        return [answer.body]

    return answered


def _headers(environ: "WSGIEnvironment") -> dict[str, str]:
    named = {name[5:]: value for name, value in environ.items() if name.startswith("HTTP_")}
    if environ.get("CONTENT_TYPE"):
        named["CONTENT_TYPE"] = environ["CONTENT_TYPE"]
    named.pop("ACCEPT_ENCODING", None)  # who calls in process unpacks nothing
    return {name.lower().replace("_", "-"): value for name, value in named.items()}
