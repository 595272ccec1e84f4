"""The accounts a paper venue opens: keys and ids that follow from its seed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from decimal import Decimal
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import attrs
import base58

from orderly_sync.models.account_enums import IpRestrictionStatus, KeyStatus
from orderly_sync.signing import PREFIX, Secret
from orderly_sync.venue.server import wallets

__all__ = ["BROKER_ID", "FUNDS", "OrderlyKey", "PaperAccount", "first_keys", "ip_span", "paper_accounts"]

BROKER_ID = "paper"
FUNDS = Decimal(100_000)
"""USDC each account starts with."""
SCOPES = frozenset({"read", "trading", "asset"})


@attrs.frozen(kw_only=True)
class PaperAccount:
    """One funded account of a paper venue; its secrets open nothing but this venue."""

    account_id: str
    orderly_key: str
    """The public key, ``ed25519:…``."""
    orderly_secret: str = attrs.field(repr=False)
    """The secret, ``ed25519:…``."""
    broker_id: str
    address: str
    """The wallet's checksummed address."""
    wallet_key: str = attrs.field(repr=False)
    """The wallet's private key, ``0x`` and 64 hex digits."""
    user_id: int

    def line(self) -> dict[str, str]:
        """What the venue's opening line says of it, secrets included."""
        names = ("account_id", "orderly_key", "orderly_secret", "broker_id", "address", "wallet_key")
        return {name: getattr(self, name) for name in names}


@attrs.frozen(kw_only=True)
class OrderlyKey:
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


_Address = IPv4Address | IPv6Address


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


def _digest(seed: int, index: int, purpose: str) -> bytes:
    return hashlib.sha256(f"orderly_sync paper venue/{seed}/{index}/{purpose}".encode()).digest()


def _account(seed: int, index: int) -> PaperAccount:
    wallet_key = "0x" + _digest(seed, index, "wallet").hex()
    address = wallets.address(wallet_key)
    secret = Secret(base58.b58encode(_digest(seed, index, "orderly")).decode())
    return PaperAccount(
        account_id=wallets.account_id(address, BROKER_ID),
        orderly_key=secret.public,
        orderly_secret=PREFIX + secret.reveal().removeprefix(PREFIX),
        broker_id=BROKER_ID,
        address=address,
        wallet_key=wallet_key,
        user_id=10_000 + index,
    )


def paper_accounts(seed: int, count: int) -> list[PaperAccount]:
    """The first ``count`` accounts of a seed; the same ones each time."""
    return [_account(seed, index) for index in range(1, count + 1)]


def first_keys(accounts: Iterable[PaperAccount]) -> Iterator[OrderlyKey]:
    """The key that each account opens with: it may do everything and does not end."""
    for number, account in enumerate(accounts, 1):
        yield OrderlyKey(public=account.orderly_key, account_id=account.account_id, number=number)
