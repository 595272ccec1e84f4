"""Order tags: a builder's own trading fee for orders that carry its tag.

An order carries one as ``order_tag="enum:<owning_broker_id>:<enum_id>"``. Rates are decimal fractions.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from orderly_sync.models.base import Model, OpenEnum, model, utc

__all__ = ["OrderTag", "OrderTagStatus", "OrderTagUsage"]


class OrderTagStatus(OpenEnum):
    """Where a tag stands; PURGED ones cannot come back."""

    ACTIVE = "active"
    ARCHIVED = "archived"
    PURGED = "PURGED"


@model
class OrderTagUsage(Model):
    """What a tag has brought at all builders together; USDC."""

    total_orders: int | None = None
    total_volume: Decimal | None = None
    total_fees_collected: Decimal | None = None


@model
class OrderTag(Model):
    """One order tag; times in ms."""

    enum_id: str
    name: str | None = None
    description: str | None = None
    status: OrderTagStatus | None = None
    default_fee_rate: Decimal | None = None
    pair_overrides: Mapping[str, Decimal] | None = None
    """Symbol to rate, in place of the default rate."""
    created_time: int | None = None
    updated_time: int | None = None
    usage_stats: OrderTagUsage | None = None
    """Only where its owner asks."""

    @property
    def time(self) -> datetime | None:
        """When it was created, UTC."""
        return utc(self.created_time)
