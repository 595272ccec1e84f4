"""The accounts a paper venue opens: keys and ids that follow from its seed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from decimal import Decimal
from ipaddress import IPv4Address, IPv6Address

import attrs
import base58

from orderly_sync.signing import PREFIX, Secret
from orderly_sync.venue.server import wallets
from orderly_sync.venue.server.auth import RegisteredKey

__all__ = ["BROKER_ID", "FUNDS", "PaperAccount", "first_keys", "paper_accounts"]

BROKER_ID = "paper"
FUNDS = Decimal(100_000)
"""USDC each account starts with."""


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


_Address = IPv4Address | IPv6Address


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


def first_keys(accounts: Iterable[PaperAccount]) -> Iterator[RegisteredKey]:
    """The key that each account opens with: it may do everything and does not end."""
    for number, account in enumerate(accounts, 1):
        yield RegisteredKey(public=account.orderly_key, account_id=account.account_id, number=number)
