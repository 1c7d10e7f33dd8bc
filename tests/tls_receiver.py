"""A receiver on the loopback, behind TLS, with an authority of the tests' own."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from chalicelib.egress import Egress

HOST = "receiver.example"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"

Answer = Callable[[ssl.SSLSocket], None]


@dataclass
class Receiver:
    """A server that takes one request a connection. `answer` says what it does then."""

    port: int
    trusted: Path
    answer: Answer
    heads: list[bytes] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    connections: int = 0

    def egress(self, **changes: object) -> Egress:
        """Return the way out as production has it, but for where names lead and who is trusted."""

        def tls() -> ssl.SSLContext:
            return ssl.create_default_context(cafile=str(self.trusted))

        given: dict[str, object] = {
            "resolve": lambda _: ["127.0.0.1"],
            "permits": lambda address: ip_address(address).is_loopback,
            "tls": tls,
            "port": self.port,
        }
        return Egress(**given | changes)  # type: ignore[arg-type]


def replies(answer: bytes) -> Answer:
    """Answer with these bytes and close."""
    return lambda connection: connection.sendall(answer)


@contextmanager
def receiver(directory: Path, host: str = HOST) -> Iterator[Receiver]:
    """Open a receiver whose certificate is for `host`."""
    authority, certificate = _certificates(directory, host)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        there = Receiver(listener.getsockname()[1], authority, replies(OK))
        threading.Thread(target=_serve, args=(listener, context, there), daemon=True).start()
        try:
            yield there
        finally:
            listener.shutdown(socket.SHUT_RDWR)


def _serve(listener: socket.socket, context: ssl.SSLContext, there: Receiver) -> None:
    while True:
        try:
            plain, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=_one, args=(plain, context, there), daemon=True).start()


def _one(plain: socket.socket, context: ssl.SSLContext, there: Receiver) -> None:
    there.connections += 1
    try:
        with context.wrap_socket(plain, server_side=True) as connection:
            head, body = _read(connection)
            there.heads.append(head)
            there.bodies.append(body)
            there.answer(connection)
    except OSError:
        plain.close()


def _read(connection: ssl.SSLSocket) -> tuple[bytes, bytes]:
    read = b""
    while b"\r\n\r\n" not in read:
        read += connection.recv(4096)
    head, _, body = read.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
    while len(body) < length:
        body += connection.recv(4096)
    return head, body


def _certificates(directory: Path, host: str) -> tuple[Path, Path]:
    """Return the file of an authority, and the file of a key with the certificate that it gave."""
    directory.mkdir(exist_ok=True)
    authority, key = (
        ec.generate_private_key(ec.SECP256R1()),
        ec.generate_private_key(ec.SECP256R1()),
    )
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Authority of the tests")])
    root = _signed(issuer, issuer, authority, authority)
    root = root.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "receiver")])
    leaf = _signed(subject, issuer, key, authority)
    leaf = leaf.add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
    trusted, served = directory / "authority.pem", directory / "served.pem"
    pem = serialization.Encoding.PEM
    trusted.write_bytes(root.sign(authority, hashes.SHA256()).public_bytes(pem))
    private = key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    served.write_bytes(private + leaf.sign(authority, hashes.SHA256()).public_bytes(pem))
    return trusted, served


def _signed(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    authority: ec.EllipticCurvePrivateKey,
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    public = authority.public_key()
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(public), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
