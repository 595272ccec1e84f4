"""A public key that the venue knows, and from where it may be used."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import attrs

from orderly_sync.models.account_enums import IpRestrictionStatus, KeyStatus

__all__ = ["SCOPES", "RegisteredKey", "ip_span"]

SCOPES = frozenset({"read", "trading", "asset"})


_Address = IPv4Address | IPv6Address


@attrs.frozen(kw_only=True)
class RegisteredKey:
    """A public key the venue knows: whose it is, what it may do, how long, and from where."""

    public: str
    account_id: str
    scopes: frozenset[str] = SCOPES
    expires: int | None = None
    """Wall-clock ms after which it counts as unknown; None for never."""
    number: int = 0
    """Its place among all keys."""
    tag: str = ""
    status: KeyStatus = KeyStatus.ACTIVE
    restriction: IpRestrictionStatus = IpRestrictionStatus.ALLOW_ALL_IPS
    ips: tuple[str, ...] = ()
    """The addresses, networks and ranges (``first-last``) it may be used from, if it is restricted to a list."""

    @property
    def is_active(self) -> bool:
        """Whether it was not removed."""
        return self.status is KeyStatus.ACTIVE

    @property
    def scope(self) -> str:
        """Its scopes joined by commas, as on the wire."""
        return ",".join(scope for scope in ("read", "trading", "asset") if scope in self.scopes)

    def allows(self, who: str) -> bool:
        """Whether it may be used from an address."""
        if self.restriction is IpRestrictionStatus.ALLOW_ALL_IPS:
            return True
        if self.restriction is IpRestrictionStatus.DISALLOW_ALL_IPS:
            return False
        try:
            address = ip_address(who)
        except ValueError:
            return False
        return any(_holds(span, address) for span in map(ip_span, self.ips))


def ip_span(text: str) -> tuple[_Address, _Address]:
    """The first and last address of ``192.168.0.1``, ``192.168.0.1-192.168.0.10`` or ``192.168.0.0/24``.

    Raises:
        ValueError: It is none of these.
    """
    if "/" in text:
        network = ip_network(text, strict=False)
        return network[0], network[-1]
    first, dash, last = text.partition("-")
    span = ip_address(first.strip()), ip_address((last if dash else first).strip())
    if span[0].version != span[1].version or int(span[0]) > int(span[1]):
        raise ValueError(f"{text} is no range of addresses")
    return span


def _holds(span: tuple[_Address, _Address], address: _Address) -> bool:
    return span[0].version == address.version and int(span[0]) <= int(address) <= int(span[1])
