"""Ports of this machine."""

import socket


def taken(port: int) -> str:
    """Return the one line about a port that something else holds."""
    other = port + 1 if port < 65535 else 8001
    return f"Port {port} is taken. Try PORT={other} make run."


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Say whether a server could listen there now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True
