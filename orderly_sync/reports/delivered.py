"""What has been delivered already, as the rebuilding of reports sees it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

import attrs

__all__ = ["OVERLAP_MS", "AnotherOrder", "Delivered"]

OVERLAP_MS = 60_000
"""How far before the gap REST is read: pushes may lag, and so may the venue's read replicas."""


def _nothing(_: int) -> Any:
    return None


def _no(_: Any) -> bool:
    return False


def _yes(_: int) -> bool:
    return True


def _unseen(_: int, __: int) -> bool:
    return False


@attrs.frozen(kw_only=True)
class Delivered:
    """What has been delivered already, so that only news is rebuilt."""

    since: int | None = None
    """The venue's time in ms at which the gap began; None if only what is open and what is asked for matters."""
    floor: int = 0
    """The venue's time in ms from which on things are told: what was over before the client came is not news."""
    until: int | None = None
    """The venue's time in ms after which rows are left for the next reading: the stream may be telling of them."""
    asked: Collection[int] = ()
    """Orders to look at whatever else."""
    delivered: Callable[[int], Any] = _nothing
    """How much of an order's (of a node's) fills has been delivered; None if none of its reports has come."""
    missing: Callable[[int, Any], Any] | None = None
    """Of so much that an order has filled, how much has not been delivered; None if that is the rest."""
    has_ended: Callable[[int], bool] = _no
    """Whether the end of an order (of a node) has been delivered."""
    has_begun: Callable[[int], bool] = _yes
    """Whether its beginning has been delivered, or is older than this client."""
    has_seen: Callable[[int, int], bool] = _unseen
    """Whether a fill of an order has been delivered."""
    is_another: Callable[[Any], bool] = _no
    """Whether a row bears the id of a known order and is another order's."""

    def lacks(self, order_id: int, filled: Any) -> Any:
        """Of so much that an order has filled, how much has not been delivered, wherever in it."""
        if self.missing is None:
            return filled - (self.delivered(order_id) or 0)
        return self.missing(order_id, filled)

    @property
    def start(self) -> int | None:
        """From when on REST is read."""
        return None if self.since is None else self.since - OVERLAP_MS


class AnotherOrder(Exception):
    """A row bears the id of a known order and is another order's."""
