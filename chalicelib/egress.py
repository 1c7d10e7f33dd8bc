"""The one way out to addresses that strangers wrote: https to a public address, once, briefly.

The name is resolved once, every address that it has must be public, and one of these is connected
to: what the name says a moment later changes nothing. The certificate is checked for the name.
Redirects are answers like any other. All together takes 3 seconds and reads 64 KB at most.
"""

import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from queue import Empty, SimpleQueue

from chalicelib.domain import receiver as receivers
from chalicelib.domain.notice import Answer, Trouble
from chalicelib.domain.public_address import is_public
from chalicelib.domain.receiver import Receiver

SECONDS = 3.0
MOST_BYTES = 65_536
PORT = 443
_STATUS = re.compile(rb"HTTP/1\.[01] ([1-5]\d\d)(?: [^\r\n]*)?\r?\n")
_END = re.compile(rb"\r?\n\r?\n")

Resolve = Callable[[str], Sequence[str]]  # the addresses of a name; raises OSError


class _TroubleError(Exception):
    """What stands between us and an answer."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble)
        self.trouble = trouble


def resolved(host: str) -> list[str]:
    """Return the addresses of a name, IPv4 first: a function in AWS may have no other."""
    found = socket.getaddrinfo(host, PORT, type=socket.SOCK_STREAM)
    ordered = sorted(found, key=lambda one: one[0] is not socket.AF_INET)
    return [str(address[0]) for *_, address in ordered]


@cache
def usual_tls() -> ssl.SSLContext:
    """Return what checks certificates by the system's authorities; read once, it takes a while."""
    return ssl.create_default_context()


@dataclass(frozen=True, slots=True, kw_only=True)
class Egress:
    """Posts to receivers. Every field is for tests; as it is made, it is what production has."""

    resolve: Resolve = resolved
    permits: Callable[[str], bool] = is_public
    tls: Callable[[], ssl.SSLContext] = usual_tls
    port: int = PORT
    seconds: float = SECONDS

    def __call__(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Post a body; return the status of the answer, or why there is none. Raises nothing."""
        receiver = receivers.read(url)
        if not isinstance(receiver, Receiver):
            return Trouble.NOT_PUBLIC
        deadline = _Deadline(self.seconds)
        try:
            address = self._address(receiver.host, deadline)
            with self._connected(address, receiver.host, deadline) as connection:
                connection.sendall(_request(receiver, body, headers))
                return _status(connection, deadline)
        except _TroubleError as error:
            return error.trouble
        except ssl.SSLCertVerificationError:
            return Trouble.NO_PROOF
        except TimeoutError:
            return Trouble.TIMED_OUT
        except OSError:  # refused, reset, unreachable, no TLS
            return Trouble.NO_CONNECTION

    def _address(self, host: str, deadline: "_Deadline") -> str:
        """Return the address to use, which is public, as all others of the name are."""
        try:
            found = _within(deadline, lambda: self.resolve(host))
        except TimeoutError:
            raise
        except (OSError, UnicodeError) as error:
            raise _TroubleError(Trouble.NO_NAME) from error
        if not found:
            raise _TroubleError(Trouble.NO_NAME)
        if not all(self.permits(address) for address in found):
            raise _TroubleError(Trouble.NOT_PUBLIC)
        return found[0]

    def _connected(self, address: str, host: str, deadline: "_Deadline") -> ssl.SSLSocket:
        plain = socket.create_connection((address, self.port), timeout=deadline.left())
        try:
            plain.settimeout(deadline.left())  # which for a handshake is that of the whole of it
            return self.tls().wrap_socket(plain, server_hostname=host)
        except BaseException:
            plain.close()
            raise


@dataclass(frozen=True, slots=True)
class _Deadline:
    """When all of it has to be over."""

    seconds: float
    begun: float = field(default_factory=time.monotonic)

    def left(self) -> float:
        """Return the seconds that are left. Raises TimeoutError where none are."""
        left = self.begun + self.seconds - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


post = Egress()


def _within(deadline: _Deadline, call: Callable[[], Sequence[str]]) -> Sequence[str]:
    """Return what a call returns, or raise what it raises; a resolver knows no deadline itself."""
    done: SimpleQueue[Sequence[str] | Exception] = SimpleQueue()

    def run() -> None:
        try:
            done.put(call())
        except Exception as error:  # noqa: BLE001 - raised again where it is waited for
            done.put(error)

    threading.Thread(target=run, name="resolver", daemon=True).start()
    try:
        found = done.get(timeout=deadline.left())
    except Empty as error:
        raise TimeoutError from error
    if isinstance(found, Exception):
        raise found
    return found


def _request(receiver: Receiver, body: bytes, headers: Mapping[str, str]) -> bytes:
    whole = {
        "Host": receiver.host,
        **headers,
        "Content-Length": str(len(body)),
        "Connection": "close",
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in whole.items())
    return f"POST {receiver.path} HTTP/1.1\r\n{head}\r\n".encode("ascii") + body


def _status(connection: ssl.SSLSocket, deadline: _Deadline) -> int:
    """Return the status of the answer; what stands behind its head is not read.

    Interim answers (1xx) are passed over.
    """
    read, left = b"", MOST_BYTES
    while True:
        while not (end := _END.search(read)):
            got = _more(connection, deadline, left)
            read, left = read + got, left - len(got)
        line = _STATUS.match(read)
        if line is None:
            raise _TroubleError(Trouble.NO_HTTP)
        if int(line[1]) >= 200:
            return int(line[1])
        read = read[end.end() :]


def _more(connection: ssl.SSLSocket, deadline: _Deadline, most: int) -> bytes:
    connection.settimeout(deadline.left())
    got = connection.recv(min(most, 8_192)) if most else b""
    if not got:
        raise _TroubleError(Trouble.NO_HTTP)
    return got
