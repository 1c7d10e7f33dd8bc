"""No address but one of the public internet passes, however it is written."""

from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.public_address import is_public

PUBLIC = ["1.1.1.1", "8.8.8.8", "93.184.216.34", "2606:4700:4700::1111", "2a00:1450:4001:830::200e"]
NOT_PUBLIC = [
    *("0.1.2.3", "10.0.0.1", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.9.9.9"),
    "0.0.0.0",  # noqa: S104 - nothing is bound
    *("169.254.169.254", "169.254.170.2", "172.16.0.1", "172.31.255.255", "192.0.0.170"),
    *("192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.51.100.1", "203.0.113.1"),
    *("224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255"),
    *("::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::ffff:0:8.8.8.8"),
    *("64:ff9b::808:808", "64:ff9b:1::1", "100::1", "2001::1", "2001:0:4136:e378::1"),
    *("2001:db8::1", "2002:7f00:1::", "2002:808:808::", "3ffe::1", "3fff::1", "5f00::1"),
    *("fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "2606:4700::1%eth0", "fec0::1"),
    *("ff02::1", "ff0e::1"),
    # What is no address as a resolver writes it.
    *("", "localhost", "0x7f.1", "0x7f000001", "2130706433", "017700000001", "127.1", "127.0.1"),
    *("127.0.0.1.", "127.0.0.1:443", "[::1]", " 8.8.8.8", "8.8.8.8/32", "008.8.8.8", "1.1.1.1\n"),
]


@pytest.mark.parametrize("address", PUBLIC)
def test_the_public_internet_passes(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_everything_else_is_refused(address: str) -> None:
    assert not is_public(address)


@given(st.ip_addresses(v=4))
def test_what_passes_of_ipv4_python_calls_global_too(address: IPv4Address) -> None:
    assert not is_public(str(address)) or (address.is_global and not address.is_multicast)


@given(st.ip_addresses(v=6))
def test_what_passes_of_ipv6_carries_no_other_address(address: IPv6Address) -> None:
    inside = (address.ipv4_mapped, address.sixtofour, address.teredo)
    passes = is_public(str(address))
    assert not passes or (address.is_global and inside == (None, None, None))


@given(st.ip_addresses(v=4))
def test_no_address_passes_inside_another(address: IPv4Address) -> None:
    number = int(address)
    for inside in (f"::ffff:{address}", f"::{address}", f"64:ff9b::{address}"):
        assert not is_public(inside)
    assert not is_public(f"2002:{number >> 16:x}:{number & 0xFFFF:x}::1")
