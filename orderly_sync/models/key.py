"""Orderly keys: what they may do, until when, and from where."""

from __future__ import annotations

from datetime import datetime

from orderly_sync.models.account_enums import IpRestrictionStatus, KeyScope, KeyStatus
from orderly_sync.models.base import Model, model, utc

__all__ = ["AddedKey", "IpRestriction", "IpRestrictionList", "OrderlyKey", "OrderlyKeyInfo"]


@model
class OrderlyKey(Model):
    """A public key with its rights.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-orderly-key
    """

    orderly_key: str
    """The public key, ``ed25519:`` and base58."""
    scope: str | None = None
    """As sent: the scopes joined by commas, ``read,trading``; see ``scopes``."""
    expiration: int | None = None
    """When it stops working, ms; see ``expires_at``. At most 365 days after it was added."""
    tag: str | None = None
    """A word of the owner's choice; None without one."""

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
    """A key of this account with its state and the addresses it may be used from.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-current-orderly-key-info
    """

    key_status: KeyStatus | None = None
    """ACTIVE, REMOVING or REMOVED."""
    ip_restriction_list: tuple[str, ...] | None = None
    """Addresses and ranges as texts, ``203.0.113.0/24``; None where the venue does not say."""
    ip_restriction_status: IpRestrictionStatus | None = None
    """ALLOW_ALL_IPS, ALLOW_RESTRICTION_LIST (only those listed) or DISALLOW_ALL_IPS."""


@model
class AddedKey(Model):
    """The key that was added.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/add-orderly-key
    https://orderly.network/docs/build-on-omnichain/restful-api/public/add-delegate-signer-orderly-key
    """

    orderly_key: str
    """The public key, ``ed25519:`` and base58."""
    id: int | None = None
    """The venue's own id of the record; None where it does not say."""


@model
class IpRestriction(Model):
    """The addresses and ranges a key may be used from; empty means any.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-orderly-key-ip-restriction
    """

    orderly_key: str
    """The public key, ``ed25519:`` and base58."""
    account_id: str | None = None
    """The account it belongs to."""
    ip_restriction_list: tuple[str, ...] = ()
    """Addresses and ranges as texts; empty means any."""
    tag: str | None = None
    """The key's tag; None without one."""


@model
class IpRestrictionList(Model):
    """The addresses and ranges now in force.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/set-orderly-key-ip-restriction
    """

    ip_restriction_list: tuple[str, ...] = ()
    """Addresses and ranges as texts; empty means any."""
