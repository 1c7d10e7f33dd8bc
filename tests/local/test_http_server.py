"""The wire: what clients may send, whole or broken."""

import http.client
import json
import socket
import ssl
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from small_app import small_app, unrouted

from local import ports, tls
from local.gateway import Gateway
from local.http_server import Server
from local.trouble import Trouble

MALFORMED = [
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",  # a TLS hello on a plain port
    b"GARBAGE\r\n\r\n",
    b"GET\r\n\r\n",
    b"GET / HTTP/9.9\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: many\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n",
    b"POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    b"POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n",
    b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n",
    b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 200 + b"\r\n",
    b"BREW / HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET http://elsewhere/x HTTP/1.1\r\nHost: a\r\n\r\n",
]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    server = Server("127.0.0.1", 0)
    server.start(Gateway(small_app(), unrouted, tmp_path).answer)
    yield server
    server.close()


def _send(server: Server, raw: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as connection:
        connection.sendall(raw)
        with suppress(OSError):  # a server that has hung up already hears it no more
            connection.shutdown(socket.SHUT_WR)
        got = b""
        with suppress(ConnectionResetError):
            while part := connection.recv(65536):
                got += part
    return got


def _post(server: Server, body: bytes) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.request("POST", "/echo", body, {"Content-Type": "application/json"})
    answer = connection.getresponse()
    read = answer.read()
    connection.close()
    return answer.status, read


@pytest.mark.parametrize("raw", MALFORMED)
def test_malformed_requests_are_refused_and_the_next_good_one_works(
    server: Server, raw: bytes
) -> None:
    got = _send(server, raw)
    assert got.split()[1] in {b"400", b"404", b"413", b"414", b"405", b"431", b"505"}
    assert b"Traceback" not in got
    assert got.count(b"Content-Length:") == 1
    assert _post(server, b"{}")[0] == 200


def test_an_unknown_method_is_told_which_there_are(server: Server) -> None:
    head, _, body = _send(server, b"BREW / HTTP/1.1\r\nHost: a\r\n\r\n").partition(b"\r\n\r\n")
    assert b"Allow: GET" in head
    document = json.loads(body)
    assert (document["status"], document["reason"]) == (405, "method_not_allowed")
    assert document.keys() == {"type", "title", "status", "reason", "detail", "instance"}


def test_several_requests_share_a_connection(server: Server) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
    for _ in range(3):
        connection.request("GET", "/p/rome")
        assert b"rome" in connection.getresponse().read()
    connection.close()


def test_a_chunked_body_arrives_whole(server: Server) -> None:
    raw = (
        b"POST /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/json\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n"
    )
    assert b'"bytes":5' in _send(server, raw)


def test_what_lambda_takes_reaches_the_app_and_more_is_413(server: Server) -> None:
    status, body = _post(server, b"a" * 6_000_000)
    assert (status, json.loads(body)["bytes"]) == (200, 6_000_000)
    status, body = _post(server, b"a" * 7_000_000)
    assert (status, json.loads(body)["reason"]) == (413, "payload_too_large")


def test_a_body_that_ends_early_is_not_acted_upon(server: Server) -> None:
    got = _send(server, b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nabc")
    assert got.split()[1] == b"400"


def test_a_client_that_leaves_early_harms_nobody(server: Server) -> None:
    for _ in range(5):
        with socket.create_connection(("127.0.0.1", server.port), timeout=5) as connection:
            connection.sendall(b"POST /echo HTTP/1.1\r\nContent-Length: 100\r\n\r\nabc")
    assert _post(server, b"{}")[0] == 200


def test_a_taken_port_is_one_line_with_the_cure(server: Server) -> None:
    with pytest.raises(Trouble) as told:
        Server("127.0.0.1", server.port)
    assert str(told.value) == (f"Port {server.port} is taken. Try PORT={server.port + 1} make run.")
    assert not ports.is_free(server.port)
    assert ports.taken(65535) == "Port 65535 is taken. Try PORT=8001 make run."


def test_phones_get_https_with_our_own_certificate(tmp_path: Path) -> None:
    server = Server("127.0.0.1", 0, tls.server_context(tmp_path, "127.0.0.1"))
    server.start(Gateway(small_app(), unrouted, tmp_path).answer)
    proof = ssl.create_default_context(cafile=str(tmp_path / "127.0.0.1.crt"))
    assert _send(server, b"GET / HTTP/1.1\r\n\r\n") == b""  # plain HTTP: the handshake fails
    for name in ("localhost", "127.0.0.1"):
        connection = http.client.HTTPSConnection(name, server.port, timeout=5, context=proof)
        connection.request("GET", "/p/rome")
        assert b"rome" in connection.getresponse().read()
        connection.close()
    server.close()


def test_a_certificate_is_kept_until_it_nears_its_end(tmp_path: Path) -> None:
    tls.server_context(tmp_path, "127.0.0.1")
    first = (tmp_path / "127.0.0.1.crt").read_bytes()
    tls.server_context(tmp_path, "127.0.0.1")
    assert (tmp_path / "127.0.0.1.crt").read_bytes() == first
    assert (tmp_path / "127.0.0.1.key").stat().st_mode & 0o077 == 0
    (tmp_path / "127.0.0.1.crt").write_text("broken")
    tls.server_context(tmp_path, "127.0.0.1")
    assert (tmp_path / "127.0.0.1.crt").read_bytes() not in {first, b"broken"}
