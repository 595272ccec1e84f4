"""Orderly keys: what they may do, until when, and from where."""

from __future__ import annotations

from datetime import datetime

from orderly_sync.models.base import Model, model, utc
from orderly_sync.models.enums import IpRestrictionStatus, KeyScope, KeyStatus

__all__ = ["AddedKey", "IpRestriction", "IpRestrictionList", "OrderlyKey", "OrderlyKeyInfo"]


@model
class OrderlyKey(Model):
    """A public key with its rights."""

    orderly_key: str
    scope: str | None = None
    """As sent: the scopes joined by commas."""
    expiration: int | None = None
    """Milliseconds."""
    tag: str | None = None

    @property
    def scopes(self) -> frozenset[KeyScope]:
        """What the key may do."""
        return frozenset(KeyScope(part.strip()) for part in (self.scope or "").split(",") if part.strip())

    @property
    def expires_at(self) -> datetime | None:
        """When the key stops working, UTC."""
        return utc(self.expiration)


@model
class OrderlyKeyInfo(OrderlyKey):
    """A key of this account with its state and the addresses it may be used from."""

    key_status: KeyStatus | None = None
    ip_restriction_list: tuple[str, ...] | None = None
    ip_restriction_status: IpRestrictionStatus | None = None


@model
class AddedKey(Model):
    """The key that was added."""

    orderly_key: str
    id: int | None = None


@model
class IpRestriction(Model):
    """The addresses and ranges a key may be used from; empty means any."""

    orderly_key: str
    account_id: str | None = None
    ip_restriction_list: tuple[str, ...] = ()
    tag: str | None = None


@model
class IpRestrictionList(Model):
    """The addresses and ranges now in force."""

    ip_restriction_list: tuple[str, ...] = ()
