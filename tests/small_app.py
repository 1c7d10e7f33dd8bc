"""A tiny Chalice app for the gateway's tests, with faults of every kind."""

import threading
from typing import Any

from chalice import Chalice, Response

HTML: dict[str, Any] = {"Content-Type": "text/html; charset=utf-8"}


def small_app() -> Chalice:
    """Return a fresh app."""
    app = Chalice("small")
    app.log.handlers.clear()
    both = threading.Barrier(2, timeout=5)

    @app.route("/")
    def page() -> Response:
        return Response("<html><body><p>" + "hello " * 200 + "</p></body></html>", headers=HTML)

    @app.route("/p/{popup_id}")
    def stand(popup_id: str) -> Response:
        return Response(f"<html><body>{popup_id}</body></html>", headers=HTML)

    @app.route("/echo", methods=["POST"])
    def echo() -> dict[str, Any]:
        assert app.current_request
        return {"bytes": len(app.current_request.raw_body)}

    @app.route("/meet/{name}")
    def meet(name: str) -> dict[str, str]:
        both.wait()
        assert app.current_request
        parameters: Any = app.current_request.query_params
        query = parameters["name"]
        return {"path": name, "query": query, "request": app.lambda_context.aws_request_id}

    @app.route("/nothing")
    def nothing() -> Response:
        return Response(None, status_code=204)

    @app.route("/cookies")
    def cookies() -> Response:
        return Response("", headers={"Set-Cookie": ["a=1", "b=2"], **HTML})

    @app.route("/fault")
    def fault() -> Response:
        raise RuntimeError("a secret detail")

    return app


def unrouted(event: dict[str, Any]) -> Response:
    """Answer what no route takes."""
    known = event["requestContext"]["resourcePath"] is not None
    status = 405 if known else 404
    headers: dict[str, Any] = {"Content-Type": "application/problem+json"}
    return Response('{"reason": "none"}', headers=headers, status_code=status)
