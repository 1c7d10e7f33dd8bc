"""The way out: one public address, one certificate, three seconds, no redirect."""

import socket
import ssl
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from tls_receiver import HOST, OK, Receiver, receiver, replies

from chalicelib import egress
from chalicelib.domain.notice import Answer, Trouble
from chalicelib.domain.public_address import is_public
from chalicelib.egress import Egress

URL = f"https://{HOST}/hook?a=b"
SHORT = 0.4  # seconds of a whole call, where a test waits for its end


@pytest.fixture
def there(tmp_path: Path) -> Iterator[Receiver]:
    with receiver(tmp_path / "tls") as opened:
        yield opened


def post(way: Egress, url: str = URL, body: bytes = b'{"a":1}') -> Answer:
    return way(url, body, {"Content-Type": "application/json"})


def test_what_production_has_is_strict() -> None:
    way = egress.post
    assert (way.resolve, way.permits, way.port) == (egress.resolved, is_public, 443)
    assert way.seconds == 3
    context = way.tls()
    assert context.check_hostname
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.minimum_version >= ssl.TLSVersion.TLSv1_2


def test_a_post_arrives_whole_at_the_address_of_the_name(there: Receiver) -> None:
    asked: list[str] = []

    def resolve(host: str) -> Sequence[str]:
        asked.append(host)
        return ["127.0.0.1"]

    assert post(there.egress(resolve=resolve)) == 200
    assert asked == [HOST], "a name is resolved once"
    [head] = there.heads
    assert head.splitlines()[:2] == [b"POST /hook?a=b HTTP/1.1", b"Host: receiver.example"]
    assert b"Connection: close" in head.splitlines()
    assert there.bodies == [b'{"a":1}']


@pytest.mark.parametrize("status", [200, 204, 301, 302, 307, 404, 410, 500, 503])
def test_the_status_is_the_answer_and_a_redirect_is_not_followed(
    there: Receiver, status: int
) -> None:
    there.answer = replies(f"HTTP/1.1 {status} X\r\nLocation: https://a.example/\r\n\r\n".encode())
    assert post(there.egress()) == status
    assert there.connections == 1


def test_interim_answers_are_passed_over(there: Receiver) -> None:
    there.answer = replies(b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 204\r\n\r\n")
    assert post(there.egress()) == 204


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"hello\r\n\r\n",
        b"HTTP/1.1 999 X\r\n\r\n",
        b"HTTP/2 200\r\n\r\n",
        b"HTTP/1.1 200",
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 70_000 + b"\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\n" * 4_000,
    ],
)
def test_what_is_no_http_or_too_much_is_no_answer(there: Receiver, answer: bytes) -> None:
    there.answer = replies(answer)
    assert post(there.egress()) is Trouble.NO_HTTP


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"],
        ["10.0.0.1"],
        ["169.254.169.254"],
        ["::1"],
        ["::ffff:93.184.216.34"],
        ["64:ff9b::a00:1"],
        ["93.184.216.34", "127.0.0.1"],
        ["127.0.0.1", "93.184.216.34"],
    ],
)
def test_a_name_that_leads_inside_is_not_connected_to(
    there: Receiver, addresses: list[str]
) -> None:
    """The rule of production, with the rest as the tests have it."""
    way = there.egress(permits=is_public, resolve=lambda _: addresses)
    assert post(way) is Trouble.NOT_PUBLIC
    assert there.connections == 0


def test_a_name_that_leads_elsewhere_a_moment_later_changes_nothing(there: Receiver) -> None:
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])
    assert post(there.egress(resolve=lambda _: next(answers))) == 200


@pytest.mark.parametrize(
    "url",
    [
        "http://receiver.example/",
        "https://127.0.0.1/",
        "https://0x7f.1/",
        "https://user@receiver.example/",
        "https://receiver.example:8443/",
        "https://localhost/",
    ],
)
def test_an_address_that_the_form_refuses_is_refused_here_too(there: Receiver, url: str) -> None:
    assert post(there.egress(), url) is Trouble.NOT_PUBLIC
    assert there.connections == 0


def test_a_certificate_of_another_name_is_no_proof(tmp_path: Path) -> None:
    with receiver(tmp_path / "tls", host="other.example") as there:
        assert post(there.egress()) is Trouble.NO_PROOF
        assert there.bodies == []


def test_an_authority_that_nobody_knows_is_no_proof(there: Receiver) -> None:
    assert post(there.egress(tls=egress.usual_tls)) is Trouble.NO_PROOF
    assert there.bodies == []


def test_a_name_that_nobody_has_is_not_found(there: Receiver) -> None:
    def unknown(_: str) -> Sequence[str]:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    assert post(there.egress(resolve=unknown)) is Trouble.NO_NAME
    assert post(there.egress(resolve=lambda _: [])) is Trouble.NO_NAME


def test_nobody_at_the_port_is_no_connection(there: Receiver) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert post(there.egress(port=port)) is Trouble.NO_CONNECTION


def test_a_port_without_tls_is_no_connection(there: Receiver) -> None:
    with socket.create_server(("127.0.0.1", 0)) as plain:
        plain.listen()
        plain.settimeout(2)
        way = there.egress(port=plain.getsockname()[1], seconds=SHORT)
        assert post(way) in {Trouble.TIMED_OUT, Trouble.NO_CONNECTION}


def test_a_resolver_that_sleeps_is_not_waited_for(there: Receiver) -> None:
    def slow(_: str) -> Sequence[str]:
        time.sleep(2 * SHORT)
        return ["127.0.0.1"]

    assert post(there.egress(resolve=slow, seconds=SHORT)) is Trouble.TIMED_OUT
    assert there.connections == 0


def test_an_answer_that_comes_byte_by_byte_is_not_waited_for(there: Receiver) -> None:
    def drip(connection: ssl.SSLSocket) -> None:
        for one in OK:
            connection.sendall(bytes([one]))
            time.sleep(SHORT / 4)

    there.answer = drip
    assert post(there.egress(seconds=SHORT)) is Trouble.TIMED_OUT


def test_silence_is_not_waited_for(there: Receiver) -> None:
    there.answer = lambda _: time.sleep(2 * SHORT)
    assert post(there.egress(seconds=SHORT)) is Trouble.TIMED_OUT


def test_the_system_resolves_this_machine_and_ipv4_comes_first() -> None:
    found = egress.resolved("localhost")
    assert "127.0.0.1" in found
    assert found == sorted(found, key=lambda address: ":" in address)
