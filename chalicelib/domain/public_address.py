"""Which addresses lie in the public internet: the only ones that a webhook may go to.

Source: IANA's registries of special-purpose IPv4 and IPv6 addresses. The lists stand here, not
in Python's `ipaddress`, whose answer differs between patch releases.
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Network, ip_address

_GLOBAL_V6 = IPv6Network("2000::/3")  # the whole of what is routed, so no ::ffff:, no 64:ff9b::
_NOT_PUBLIC_V6 = tuple(
    IPv6Network(text)
    for text in (
        "2001::/23",  # Teredo, which carries an IPv4 address, ORCHID, benchmarks
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4, which carries an IPv4 address
        "3fff::/20",  # documentation
        "3ffe::/16",  # the former 6bone
    )
)
_NOT_PUBLIC_V4 = tuple(
    IPv4Network(text)
    for text in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",  # behind a carrier's NAT
        "127.0.0.0/8",
        "169.254.0.0/16",  # link-local: the metadata of a machine
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",  # the former 6to4 relays
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",  # multicast, reserved, broadcast
    )
)


def is_public(address: str) -> bool:
    """Tell whether an address, as a resolver writes it, lies in the public internet."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    if isinstance(found, IPv4Address):
        return not any(found in network for network in _NOT_PUBLIC_V4)
    if found.scope_id is not None or found not in _GLOBAL_V6:
        return False
    return not any(found in network for network in _NOT_PUBLIC_V6)
