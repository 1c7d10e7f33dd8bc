"""A small threaded HTTP/1.1 server in front of the gateway."""

import logging
import ssl
import threading
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from typing import Any

from local.gateway import BODY_LIMIT, Answer, problem
from local.ports import taken
from local.rest import Headers, Request
from local.trouble import Trouble

IDLE_SECONDS = 65
_LONGEST_LENGTH = 18  # digits of a body's length
_DRAIN_LIMIT = 32 * 1024 * 1024
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")

_log = logging.getLogger("marquee.gateway")

Answerer = Callable[[Request], Answer]


class _Malformed(Exception):
    """The request breaks HTTP; the connection ends after the answer."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = IDLE_SECONDS
    wbufsize = 64 * 1024  # head and body leave in one packet
    disable_nagle_algorithm = True
    server: "Server"

    def _serve(self) -> None:
        try:
            answer = self.server.answerer(self._request())
        except _Malformed as malformed:
            self.close_connection = True
            answer = malformed.answer
        self._write(answer)

    def _request(self) -> Request:
        body = self._body()
        headers: Headers = tuple((name.lower(), value) for name, value in self.headers.items())
        scheme = "https" if self.server.tls else "http"
        target = self.path if self.path.startswith("/") else "/" + self.path
        return Request(self.command, target, headers, body, self.client_address[0], scheme)

    def _body(self) -> bytes:
        if "chunked" in (self.headers.get("transfer-encoding") or "").lower():
            return self._chunks()
        length = self.headers.get("content-length", "0").strip()
        if not length.isascii() or not length.isdigit() or len(length) > _LONGEST_LENGTH:
            raise _Malformed(_bad("Content-Length is not a number."))
        if int(length) > BODY_LIMIT:
            self._drain(int(length))
            raise _Malformed(_too_large())
        return self._whole(int(length))

    def _whole(self, length: int) -> bytes:
        """Read so many bytes; a body that ends before is no request at all."""
        body = self.rfile.read(length)
        if len(body) < length:
            raise _Malformed(_bad("The body ended too early."))
        return body

    def _chunks(self) -> bytes:
        body = b""
        while True:
            size = self.rfile.readline(1024).partition(b";")[0].strip()
            try:
                length = int(size, 16)
            except ValueError:
                raise _Malformed(_bad("A chunk has no size.")) from None
            if length < 0 or len(body) + length > BODY_LIMIT:
                raise _Malformed(_too_large())
            body += self._whole(length)
            self.rfile.readline(1024)
            if length == 0:
                return body

    def _drain(self, length: int) -> None:
        """Read what comes anyway, so that the client gets to read the refusal."""
        left = min(length, _DRAIN_LIMIT)
        while left > 0:
            got = self.rfile.read(min(left, 64 * 1024))
            if not got:
                return
            left -= len(got)

    def _write(self, answer: Answer) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers:
            self.send_header(name, value)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(answer.body)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answer what http.server itself refuses, in our own form."""
        del explain
        self.close_connection = True
        said = message if message and message.isascii() else HTTPStatus(code).phrase
        answer = _unknown_method() if code == HTTPStatus.NOT_IMPLEMENTED else _bad(said, code)
        if self.request_version == "HTTP/0.9":
            self.request_version = "HTTP/1.0"
        self._write(answer)

    def version_string(self) -> str:
        """Name the product, not its parts."""
        return "Marquee"

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002, ANN401 - inherited
        """Stay silent: paths hold codes, and codes never reach a log."""


for _method in _METHODS:
    setattr(_Handler, f"do_{_method}", _Handler._serve)  # noqa: SLF001 - our own class


def _bad(detail: str, status: int = 400) -> Answer:
    return _sized(problem(status, "invalid_payload", detail))


def _too_large() -> Answer:
    return _sized(problem(413, "payload_too_large", "The body is too large; 6 MB is the limit."))


def _unknown_method() -> Answer:
    answer = problem(405, "method_not_allowed", "No address answers to this method.")
    return _sized(answer).with_headers(("Allow", ", ".join(_METHODS)))


def _sized(answer: Answer) -> Answer:
    return answer.with_headers(("Content-Length", str(len(answer.body))))


class Server(ThreadingHTTPServer):
    """Listens on one port. The port is taken when it is made, requests are served from `start`."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, host: str, port: int, tls: ssl.SSLContext | None = None) -> None:
        self.tls = tls
        self.answerer: Answerer = lambda _: problem(503, "try_again", "Not open yet.")
        super().__init__((host, port), _Handler, bind_and_activate=False)
        try:
            self.server_bind()
        except OSError as error:
            self.server_close()
            raise Trouble(taken(port)) from error
        self.port: int = self.server_address[1]

    def server_bind(self) -> None:
        """Bind without looking the host's name up, which may take seconds."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), self.server_address[1]

    def start(self, answerer: Answerer) -> None:
        """Serve from now on, in a thread."""
        self.answerer = answerer
        self.server_activate()
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def close(self) -> None:
        """Stop serving and free the port."""
        self.shutdown()
        self.server_close()

    def finish_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - inherited
        """Serve one connection in its thread, where a slow handshake holds nobody up."""
        if self.tls is None:
            super().finish_request(request, client_address)
            return
        request.settimeout(IDLE_SECONDS)
        with self.tls.wrap_socket(request, server_side=True) as secured:
            super().finish_request(secured, client_address)

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - inherited
        """Note a broken connection; it is the client's affair."""
        del request, client_address
        _log.debug("a connection broke", exc_info=True)
