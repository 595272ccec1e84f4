"""The kit of a running venue whose calls are remembered by the name of the operation."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from orderly_sync import Credentials, Rest
from orderly_sync.rest.listing import operations
from orderly_sync.venue.server.serve import Venue
from tests.support.venue_kit import BROKER, CHAIN, DAY, ETH, WOO, VenueKit

__all__ = ["BROKER", "CHAIN", "DAY", "ETH", "NAMES", "SPAN", "WOO", "RecordedKit", "Row", "play"]

SPAN = {"start_date": "2026-01-01", "end_date": "2026-01-31"}
NAMES = tuple(each.call.partition("(")[0] for each in operations())
"""Every operation, as ``orders.create``."""


class RecordedKit(VenueKit):
    """Clients of a venue with five accounts. ``answers`` holds the first answer of each operation."""

    def __init__(self, venue: Venue) -> None:
        self.answers: dict[str, Any] = {}
        self.kept: dict[str, Any] = {}
        """What one operation tells and a later one asks for."""
        super().__init__(venue)
        self.wallets = [each.wallet for each in self.owners]
        self.ids = [each.account_id for each in self.owners]
        self.keys = [each.orderly_key for each in venue.accounts]
        self.public = self.client()
        self.third = self.clients[2]

    def client(self, credentials: Credentials | None = None) -> Rest:
        """A client whose calls are remembered."""
        rest = super().client(credentials)
        for name in NAMES:
            group, _, method = name.partition(".")
            its = getattr(rest, group)
            setattr(its, method, partial(self._call, name, getattr(its, method)))
        return rest

    def _call(self, name: str, method: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        answer = method(*args, **kwargs)
        self.answers.setdefault(name, answer)
        return answer

    def rest_order(self, name: str, price: int = 3300) -> int:
        """The id of an order that rests, with a client order id of its own."""
        made = self.place("BUY", "LIMIT", "0.1", price, client_order_id=name)
        assert made.order_id is not None
        return made.order_id

    def stop(self, name: str, trigger: int = 3000) -> int:
        """The id of a stop order that waits."""
        made = self.user.orders.create_algo(
            symbol=ETH,
            algo_type="STOP",
            type="MARKET",
            side="SELL",
            quantity="0.1",
            trigger_price=trigger,
            client_order_id=name,
        )
        return made.order_id


Row = tuple[str, Callable[[RecordedKit], Any]]
"""An operation's name and what calls it, perhaps through a flow that signs with a wallet."""


def play(kit: RecordedKit, rows: Iterable[Row]) -> dict[str, BaseException]:
    """Call each in turn; what was raised, by name."""
    raised: dict[str, BaseException] = {}
    for name, call in rows:
        try:
            call(kit)
        except Exception as exc:
            raised[name] = exc
    return raised
