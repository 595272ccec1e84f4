"""A bot's session: the state as the relay keeps it, moved on by the same reports; orders go straight to the venue."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from orderly_sync.live.cancel_on_silence import CancelOnSilence
from orderly_sync.live.session import Session
from orderly_sync.reports.schedule import AwaitedReports
from orderly_sync.rest import Rest
from orderly_sync.stream.hub import Hub
from orderly_sync.trading.placing import Placing

__all__ = ["RelayedSession"]


def _nothing() -> None:
    """The relay looks for reports that do not come."""


class RelayedSession(Session):
    """State and handles of one account over a relay; the relay recovers what its own stream has missed.

    Args:
        rest: The REST half; without credentials nothing can be placed.
        hub: The streaming half's machinery, not yet started.
    """

    def __init__(self, rest: Rest, hub: Hub) -> None:
        super().__init__(rest, hub, audit=None, later=())
        hub.handover = None  # what finds no room waits in Redis
        self.ending: list[Callable[[float], object]] = []
        """What ends with it, each within so many seconds."""
        self.is_behind: Callable[[], bool] = bool

    def _make_placing(self) -> Placing:
        return Placing(
            self.rest.orders,
            self.hub,
            self.orders,
            self.algo_orders,
            awaited_orders=AwaitedReports(()),
            awaited_algos=AwaitedReports(()),
            awaiting=_nothing,
        )

    def start(self, *, cancel_on_silence: float | None = None, key: str | None = None) -> None:
        """Hear the account's topics and take the state over; returns when all is current.

        Raises:
            TimeoutError: No relay could be heard in time.
        """
        del key  # the relay watches its own
        self._observe_account()
        self.hub.start()
        self.hub.wait_ready()
        self._is_begun = True
        self._follow_marks()
        if cancel_on_silence is not None:
            self._switch = CancelOnSilence.over(self.rest, self.hub, cancel_on_silence)
            self._switch.start()

    def stop(self, timeout: float | None = None) -> None:
        """End everything; bounded, callable from anywhere and any number of times."""
        super().stop(timeout)
        ending, self.ending = self.ending, []
        for end in ending:
            end(1.0)

    def seed(self, rows: Mapping[str, Sequence[Any]]) -> None:
        """Take the state over as the relay keeps it, by table; on the I/O thread."""
        for table in (self.positions, self.holdings, self.orders, self.algo_orders):
            table.begin()
        self.positions.seed_rows(rows["positions"])
        self.holdings.seed_rows(rows["holdings"])
        self.orders.seed_rows(rows["orders"])
        self.algo_orders.seed_trees(rows["algo_orders"])
        if rows["account"]:
            self.account = rows["account"][0]
        if self._is_begun:
            self._follow_marks()

    @property
    def resyncing(self) -> bool:
        """Whether hooks are told of what came earlier."""
        return self.is_behind()
