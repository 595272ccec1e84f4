"""What one can do to the paper venue that one trades on: ``ex.paper``.

with connect("paper", market="frozen") as ex:
    ex.paper.set_mark_price("ETH", 3500)
    ex.paper.faults.drop(topics.execution_report(), count=1)
    print(ex.paper.ledger())
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from orderly_sync.config import venue_line
from orderly_sync.control.faults import FaultControl
from orderly_sync.control.served import ServedControl
from orderly_sync.control.venue_control import VenueControl
from orderly_sync.credentials import Credentials
from orderly_sync.errors import UsageError
from orderly_sync.wire.moments import TimeLike, milliseconds
from orderly_sync.wire.numbers import Number, finite

__all__ = ["PaperControl", "VenueLine"]


class VenueLine(str):
    """The JSON line of a venue. Calling it gives the same text, for programs from before it was a property."""

    __slots__ = ()

    def __call__(self) -> str:
        """The text."""
        return str(self)


class PaperControl:
    """The control of a paper venue, in this process or served apart; its methods may be called from any thread.

    Each is a UsageError once a venue of this process has stopped, and a ConnectFailed if one served apart does not
    answer.

    Args:
        control: The venue's own.
        account_id: Whose ledger and snapshot are meant where none is named; None where there is no account.
        mark: Takes a mark price that was set: symbol, price, the venue's time in ms; None where no live state is kept.
    """

    def __init__(
        self,
        control: VenueControl,
        account_id: str | None = None,
        mark: Callable[[str, Decimal | str | float, int | None], None] | None = None,
    ) -> None:
        self._control = control
        self._account_id = account_id
        self._mark = mark
        self.faults: FaultControl = FaultControl(control.faults)
        """Has the venue misbehave, for tests of your own bots; see ``FaultControl``."""

    def __repr__(self) -> str:
        return repr(self._control)

    # What it is.

    @property
    def line(self) -> VenueLine:
        """What a bot in another process connects with, ``connect(line)``: JSON, with the venue's secrets."""
        return VenueLine(self._control.line())

    @property
    def accounts(self) -> tuple[Credentials, ...]:
        """The key of each account that the venue opened with; they open nothing but this venue."""
        line = venue_line(self._control.line())
        return tuple(Credentials(**account) for account in (line or {}).get("accounts") or ())

    @property
    def urls(self) -> dict[str, str]:
        """Where it listens: ``rest``, ``ws_public``, ``ws_private``, ``control``; in this process ``ws_oracle`` too."""
        return self._control.urls

    @property
    def console(self) -> str | None:
        """Where a browser finds the venue's page, the control token in its fragment; None unless one was asked for."""
        return self._control.console

    @property
    def in_process(self) -> bool:
        """Whether the venue runs in this process, so that asking it costs nothing; else each call is a request."""
        return self._control.in_process

    # Prices and time.

    def mark_price(self, symbol: str = "ETH") -> Decimal:
        """A market's mark price as it stands at the venue, USDC; the symbol in any spelling.

        Raises:
            UsageError: The symbol is unknown.
        """
        return self._control.mark_price(symbol)

    def set_mark_price(self, symbol: str, price: Number) -> int:
        """Move a market's mark and index price to ``price``, USDC, the symbol in any spelling.

        The makers quote around it, triggers fire and this client's PnL follows before this returns; the price is pushed
        at once, so that hooks hear each one that is set.

        Returns:
            The venue's time at which it stands there, ms.

        Raises:
            UsageError: The symbol is unknown, or the price is no number above 0.
        """
        ts = self._control.set_mark_price(symbol, price)
        # The push is on its way; who sets a price and reads a PnL means this price.
        if self._mark is not None:
            self._mark(symbol, price, ts)
        return ts

    def set_market(self, prices: Mapping[str, Mapping[str, Number]]) -> None:
        """Take markets from elsewhere: by symbol, those of ``mark``, ``index``, ``bid``, ``ask`` that are known, USDC.

        Makers stand at the bid and the ask; what is not told stays as it is. Triggers fire before this returns.

        Raises:
            UsageError: A symbol is unknown, or a price is no number above 0.
        """
        self._control.set_market(
            {
                symbol: {name: finite(price, name) for name, price in told.items()}
                for symbol, told in prices.items()
            }
        )

    def now(self) -> int:
        """The venue's time, ms since 1970. A frozen market stands at 2026-01-01 to begin with."""
        return self._control.now()

    def advance(self, ms: int) -> int:
        """Let so many milliseconds pass at once on the venue's clock, with all that falls due in them.

        Funding is paid, timers fire, reads no longer lag; public topics that are due in that time push, once each.

        Returns:
            The venue's time then, ms since 1970.

        Raises:
            UsageError: It is no whole number, negative, or longer than 400 days.
        """
        return self._control.advance(ms)

    # What the venue does of itself.

    def announce(self, message: str, url: str | None = None) -> int:
        """Publish an announcement; its id."""
        return self._control.announce(message, url)

    def set_maintenance(
        self, status: int, start: TimeLike | None = None, end: TimeLike | None = None
    ) -> None:
        """Begin maintenance (status 2) or end it (0), and announce it; while it lasts trading is refused.

        Raises:
            UsageError: Another status, or a time that is none.
        """
        self._control.set_maintenance(status, milliseconds(start, "start"), milliseconds(end, "end"))

    def tell(self, topic: str, data: object, account_id: str | None = None) -> None:
        """Push any data of any topic, named as on the wire: to all who listen, or to one account and into its ledger.

        A private topic without an account goes to every account.

        Raises:
            UsageError: There is no such account, or no such topic.
        """
        self._control.tell(topic, data, account_id)

    def drop_connections(self) -> int:
        """Break every WebSocket connection as a broken network would; how many there were."""
        return self._control.drop_connections()

    # What happened.

    def ledger(self, account_id: str | None = None, after: int = 0) -> list[dict[str, Any]]:
        """Every private event the venue emitted for an account, in order, whatever was lost on its way.

        Args:
            account_id: This client's own account if left out.
            after: The ``seq`` after which to begin.

        Returns:
            Rows ``{"seq", "ts", "topic", "data"}``: counted from 1, the venue's time in ms, the topic's name on the
            wire, the data as pushed.

        Raises:
            UsageError: There is no such account.
        """
        return self._control.ledger(self._account(account_id), after)

    def snapshot(self, account_id: str | None = None) -> dict[str, Any]:
        """An account as the venue holds it now: orders, algo orders, fills, positions, holdings.

        Args:
            account_id: This client's own account if left out.

        Raises:
            UsageError: There is no such account.
        """
        return self._control.snapshot(self._account(account_id))

    def health(self) -> dict[str, Any]:
        """``speed`` (``asked``, ``achieved``, ``slowed``) and ``source`` (``name``, ``age``, ``stale``, or None)."""
        return self._control.health()

    @property
    def stale(self) -> tuple[str, ...]:
        """The symbols of a followed market whose source has fallen silent; nothing trades against old prices."""
        return self._control.stale

    def on_source(self, listener: Callable[[tuple[str, ...], float], object]) -> None:
        """Have a function called when ``stale`` changes, with it and the age of the newest price in seconds."""
        self._control.on_source(listener)

    # Its end.

    def stop(self) -> None:
        """End a venue of this process; idempotent. One served apart belongs to whoever started it, and runs on."""
        self._control.stop()

    def close(self) -> None:
        """The same as ``stop()``."""
        self.stop()

    def _account(self, account_id: str | None) -> str:
        if account_id is not None:
            return account_id
        if self._account_id is None:
            raise UsageError("this client has no account; pass the account_id that is meant")
        return self._account_id


def show_mark_price(paper: PaperControl, symbol: str, price: Number, ts: int) -> None:
    """Have the live state of a client reckon with a price that another has set, before the push of it comes."""
    take = paper._mark  # noqa: SLF001 - of this module, and no business of users
    if take is not None:
        take(symbol, price, ts)


def refuse_all(paper: PaperControl, why: str) -> None:
    """Have the control of a venue that was served apart, and is known to be gone, ask nothing any more."""
    control = paper._control  # noqa: SLF001 - as above
    if isinstance(control, ServedControl):
        control.refuse_all(why)
