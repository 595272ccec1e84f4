"""Order tags: a builder's own trading fee for orders that carry its tag.

An order carries one as ``order_tag="enum:<owning_broker_id>:<enum_id>"``. Rates are decimal fractions.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from orderly_sync.models.base import Model, model, utc
from orderly_sync.models.enums import OpenEnum

__all__ = ["OrderTag", "OrderTagStatus", "OrderTagUsage"]


class OrderTagStatus(OpenEnum):
    """Where a tag stands; PURGED ones cannot come back.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-single-order-tag-with-stats
    """

    ACTIVE = "active"
    """Orders may carry it."""
    ARCHIVED = "archived"
    """Orders may not, but it can come back."""
    PURGED = "PURGED"
    """Gone for good, by default after 30 days as archived."""


@model
class OrderTagUsage(Model):
    """What a tag has brought at all builders together; USDC.

    https://orderly.network/docs/build-on-omnichain/restful-api/private/get-single-order-tag-with-stats
    """

    total_orders: int | None = None
    """Orders that carried it."""
    total_volume: Decimal | None = None
    """What they traded, USDC."""
    total_fees_collected: Decimal | None = None
    """What the owner received by it, USDC, at least 0."""


@model
class OrderTag(Model):
    """One order tag; times in ms.

    https://orderly.network/docs/build-on-omnichain/restful-api/public/get-one-order-tag-for-a-broker
    https://orderly.network/docs/build-on-omnichain/restful-api/public/list-order-tags-for-a-broker
    """

    enum_id: str
    """Its id within the builder that owns it, without prefix; see the module for how orders name it."""
    name: str | None = None
    """Its name to show people."""
    description: str | None = None
    """What it is for; None or empty where it was made without."""
    status: OrderTagStatus | None = None
    """Where it stands."""
    default_fee_rate: Decimal | None = None
    """Fee on top of the account's own, a fraction: 0.005 is 50 bp."""
    pair_overrides: Mapping[str, Decimal] | None = None
    """Symbol to rate, a fraction, in place of the default rate; None or empty without any."""
    created_time: int | None = None
    """When it was made, ms."""
    updated_time: int | None = None
    """When it last changed, ms."""
    usage_stats: OrderTagUsage | None = None
    """What it has brought; None unless its owner asks."""

    @property
    def time(self) -> datetime | None:
        """When it was created, UTC."""
        return utc(self.created_time)
