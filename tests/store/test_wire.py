"""What carries requests to the tables: connections kept, ends noticed, errors well named."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSRequest
from botocore.exceptions import (
    ConnectionClosedError,
    EndpointConnectionError,
    HTTPClientError,
    ReadTimeoutError,
    SSLError,
)
from botocore.httpsession import get_cert_path
from tls_receiver import Receiver, receiver, replies

from chalicelib.store.wire import Wire

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Kind: short\r\n\r\n{}"
LAST = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}"

Act = Callable[["Table", socket.socket], None]


def wired(most_idle: int = 2, certificates: str = "") -> Wire:
    return Wire(certificates=certificates, connect_seconds=1, read_seconds=0.2, most_idle=most_idle)


class Table:
    """A peer that does what it is told with each connection."""

    def __init__(self, act: Act) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._act, self.taken, self.heard = act, 0, list[bytes]()
        self.ended = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._listening.getsockname()[1]}/"

    def stop(self) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._listening.close()

    def _run(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            self.taken += 1
            with connection:
                connection.settimeout(2)
                self._act(self, connection)
            self.ended.set()

    def hear(self, connection: socket.socket) -> bytes:
        heard = connection.recv(65_536)
        if heard:
            self.heard.append(heard)
        return heard


@contextmanager
def table(act: Act, most_idle: int = 2) -> Iterator[tuple[Table, Wire]]:
    peer, wire = Table(act), wired(most_idle)
    try:
        yield peer, wire
    finally:
        wire.close()
        peer.stop()


def asked(address: str) -> AWSPreparedRequest:
    request = AWSRequest("POST", address, {"X-Amz-Target": b"GetItem"}, b"{}")  # type: ignore[no-untyped-call]
    return request.prepare()  # type: ignore[no-any-return, no-untyped-call]


def faithful(peer: Table, connection: socket.socket) -> None:
    while peer.hear(connection):
        connection.sendall(ANSWER)


def test_a_request_is_one_write_and_its_answer_is_read_whole() -> None:
    with table(faithful) as (peer, wire):
        answer = wire.send(asked(peer.address))
        assert (answer.status_code, answer.content) == (200, b"{}")
        assert answer.headers["x-kind"] == "short"
        host = peer.address.removeprefix("http://").rstrip("/")
        head = f"POST / HTTP/1.1\r\nHost: {host}\r\nX-Amz-Target: GetItem\r\nContent-Length: 2"
        assert peer.heard == [head.encode() + b"\r\n\r\n{}"]


def test_a_connection_serves_again() -> None:
    with table(faithful) as (peer, wire):
        for _ in range(3):
            wire.send(asked(peer.address))
        assert (peer.taken, len(peer.heard)) == (1, 3)


def test_a_connection_that_ended_while_nobody_asked_is_not_asked() -> None:
    def once(peer: Table, connection: socket.socket) -> None:
        peer.hear(connection)
        connection.sendall(ANSWER)

    with table(once) as (peer, wire):
        wire.send(asked(peer.address))
        assert peer.ended.wait(2)
        wire.send(asked(peer.address))
        assert (peer.taken, len(peer.heard)) == (2, 2)


def test_an_answer_that_says_it_is_the_last_one_ends_its_connection() -> None:
    def last(peer: Table, connection: socket.socket) -> None:
        peer.hear(connection)
        connection.sendall(LAST)
        assert connection.recv(1) == b""

    with table(last) as (peer, wire):
        wire.send(asked(peer.address))
        wire.send(asked(peer.address))
        assert peer.taken == 2


def silent(peer: Table, connection: socket.socket) -> None:
    while peer.hear(connection):
        pass


def hung_up(peer: Table, connection: socket.socket) -> None:
    peer.hear(connection)


def cut_short(peer: Table, connection: socket.socket) -> None:
    peer.hear(connection)
    connection.sendall(ANSWER[:-1])


@pytest.mark.parametrize(
    ("act", "named"),
    [
        (silent, ReadTimeoutError),
        (hung_up, ConnectionClosedError),
        (cut_short, ConnectionClosedError),
    ],
)
def test_what_goes_wrong_has_the_name_that_retries_know(
    act: Act, named: type[HTTPClientError]
) -> None:
    with table(act) as (peer, wire), pytest.raises(named):
        wire.send(asked(peer.address))


def test_a_table_that_is_not_there_cannot_be_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"http://127.0.0.1:{taken.getsockname()[1]}/"
    with pytest.raises(EndpointConnectionError):
        wired().send(asked(address))


def test_no_more_connections_wait_than_may() -> None:
    with table(faithful, most_idle=0) as (peer, wire):
        wire.send(asked(peer.address))
        wire.send(asked(peer.address))
        assert peer.taken == 2


@contextmanager
def behind_tls(directory: Path) -> Iterator[Receiver]:
    with receiver(directory, host="localhost") as there:
        there.answer = replies(ANSWER)
        yield there


def test_a_table_behind_tls_is_believed_by_its_certificate(tmp_path: Path) -> None:
    with behind_tls(tmp_path) as there:
        wire = wired(certificates=str(there.trusted))
        assert wire.send(asked(f"https://localhost:{there.port}/")).content == b"{}"
        wire.close()


@pytest.mark.parametrize("why", ["another authority", "another name"])
def test_a_table_that_shows_no_such_certificate_gets_nothing(tmp_path: Path, why: str) -> None:
    with behind_tls(tmp_path) as there:
        usual = get_cert_path(verify=True)  # type: ignore[no-untyped-call]
        trusted = usual if why == "another authority" else str(there.trusted)
        host = "localhost" if why == "another authority" else "127.0.0.1"
        with pytest.raises(SSLError):
            wired(certificates=trusted).send(asked(f"https://{host}:{there.port}/"))
        assert there.heads == []
