"""The accounts a paper venue opens: keys and ids that follow from its seed."""

from __future__ import annotations

import hashlib
from decimal import Decimal

import attrs
import base58

from orderly_sync.signing import PREFIX, Secret
from orderly_sync.venue.server import wallets

__all__ = ["BROKER_ID", "FUNDS", "OrderlyKey", "PaperAccount", "paper_accounts"]

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
    """A public key the venue knows: whose it is, what it may do, how long."""

    public: str
    account_id: str
    scopes: frozenset[str] = SCOPES
    expires: int | None = None
    """Wall-clock ms after which it counts as unknown; None for never."""


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
