"""What builders' admins register to have markets listed: feeds of index prices, and the listings they ask for."""

from __future__ import annotations

from decimal import Decimal

import attrs

__all__ = ["EXCHANGES", "Feed", "Listings", "SubmittedListing"]

EXCHANGES = ("binance", "bybit", "okx")
"""The sources that every builder can choose (assumed)."""


@attrs.frozen(kw_only=True)
class Feed:
    """A builder's feed of index prices for one asset."""

    broker_id: str
    base_ccy: str
    visibility: str = "private"
    status: str = "active"
    oracle: str | None = None
    """The provider whose keys the builder brings; None where the builder pushes the prices."""
    price: Decimal | None = None
    """What was pushed last; None before."""
    pushed_time: int = 0
    """When it was pushed, ms."""

    @property
    def source(self) -> str:
        """Its id as a source (that of a provider's feed is assumed)."""
        return f"{(self.oracle or 'oracle').upper()}_{self.broker_id}"

    def is_seen_by(self, broker_id: str) -> bool:
        """Whether a builder may choose it."""
        return self.broker_id == broker_id or (self.visibility == "public" and self.status == "active")


@attrs.frozen(kw_only=True)
class SubmittedListing:
    """A market that a builder asked for. It waits for a review that never comes here (assumed)."""

    broker_id: str
    symbol: str
    weights: tuple[tuple[str, int], ...]


class Listings:
    """Feeds by builder, asset and provider, and what was submitted."""

    def __init__(self) -> None:
        self.submitted: dict[str, SubmittedListing] = {}
        """By base symbol."""
        self._feeds: dict[tuple[str, str, str | None], Feed] = {}

    def register(self, feed: Feed) -> None:
        """Make a feed, or change what it says of itself; its last price stays."""
        key = (feed.broker_id, feed.base_ccy, feed.oracle)
        before = self._feeds.get(key)
        if before is not None:
            feed = attrs.evolve(feed, price=before.price, pushed_time=before.pushed_time)
        self._feeds[key] = feed

    def push(self, broker_id: str, base_ccy: str, price: Decimal, now: int) -> bool:
        """Take a price that a builder pushes; whether there is an active feed for it."""
        key = (broker_id, base_ccy, None)
        feed = self._feeds.get(key)
        if feed is None or feed.status != "active":
            return False
        self._feeds[key] = attrs.evolve(feed, price=price, pushed_time=now)
        return True

    def feeds(self, base_ccy: str, broker_id: str) -> list[Feed]:
        """The feeds of an asset that a builder may choose, its own also where they rest."""
        return [
            feed for feed in self._feeds.values() if feed.base_ccy == base_ccy and feed.is_seen_by(broker_id)
        ]
