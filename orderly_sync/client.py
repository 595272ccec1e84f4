"""The client: one object, four verbs. ``on`` hooks, ``stream`` queues, ``wait_for`` waits, ``place`` trades.

    ex = connect("paper")
    ex.on(topics.algo_execution_report(), print)
    order = ex.place(Stop.sell("PERP_ETH_USDC", quantity="0.5", trigger="3400"))
    final = order.wait("done", timeout=30)

An Orderly joins a Rest and a Stream with live state. Its threads are daemons, so a script ends without ``stop()``; once
it is used it lives until then, whoever holds it, and a notebook that rebinds ``ex`` stops the old one (``lifetime``).
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar, overload

from orderly_sync.ending import stop_all
from orderly_sync.errors import OrderOutcomeUnknown, UsageError
from orderly_sync.live.account_margin import Margin
from orderly_sync.live.flattening import FlatteningClient
from orderly_sync.live.live_book import LiveBooks
from orderly_sync.live.live_state import LiveState
from orderly_sync.live.session import Session
from orderly_sync.notebook.on_client import NotebookClient
from orderly_sync.rest import Rest
from orderly_sync.rest.call_deadline import CALL, call_deadline, call_within
from orderly_sync.stream import lifetime
from orderly_sync.stream.consumer import Consumer
from orderly_sync.stream.delivery import PRIVATE_MAXLEN
from orderly_sync.stream.dispatch import Hook
from orderly_sync.stream.stream import Stream
from orderly_sync.trading.algo_handle import AlgoHandle
from orderly_sync.trading.algo_requests import AlgoRequest
from orderly_sync.trading.handles import OrderHandle
from orderly_sync.trading.markets import Markets
from orderly_sync.trading.orders import OrderRequest
from orderly_sync.values.printing import printable
from orderly_sync.wire.topic import Topic

if TYPE_CHECKING:
    from typing_extensions import Self

    from orderly_sync.control.paper_control import PaperControl
    from orderly_sync.control.venue_control import VenueControl
    from orderly_sync.credentials import Credentials
    from orderly_sync.history.account_history import History
    from orderly_sync.journal.journal import Journal
    from orderly_sync.recording.record import Recorder

__all__ = ["Orderly"]

E = TypeVar("E")

RESOLVE = 30.0
"""Seconds that finding out what became of a write takes at most, unless told otherwise."""

_LIVE: weakref.WeakSet[Orderly] = weakref.WeakSet()


class Orderly(NotebookClient, FlatteningClient, LiveState):
    """A connected client; made by ``connect``.

    ``positions``, ``holdings``, ``orders`` and ``algo_orders`` are live mappings: current before any hook sees the
    event that changed them, and safe to read from any thread.
    """

    def __init__(
        self,
        rest: Rest,
        stream: Stream,
        session: Session | None,
        paper: VenueControl | None = None,
        recorder: Recorder | None = None,
    ) -> None:
        self._rest = rest
        self._history: History | None = None
        self._stream = stream
        self._session = session
        markets = Markets(rest)
        stream.hub.known_symbol = markets.check
        self._margin = None if session is None else Margin(session, markets)
        self._paper = None if paper is None else _controlling(paper, session, rest.credentials)
        self._books, self._watches = LiveBooks(stream.hub), {}
        self._end = weakref.finalize(self, stop_all, stream.hub, session, rest, paper, recorder)
        self._used = False
        stream.part_of = weakref.ref(self)
        _LIVE.add(self)
        lifetime.watch(self, self._prepare)

    @printable
    def __repr__(self) -> str:
        held = self._session
        account = f"{len(held.positions)} positions, {len(held.orders)} orders" if held else "public"
        return f"Orderly({self._stream.network.name!r}, {self.status}, {account})"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        (self.stop if kind is None else self.end)()  # what raised may have left orders behind

    @staticmethod
    def live() -> list[Orderly]:
        """All clients of this process that have not been stopped."""
        return [one for one in _LIVE if one.status != "stopped"]

    # The four verbs --------------------------------------------------------------------------------------------------

    @overload
    def on(
        self,
        topic: Topic[E],
        fn: Callable[[E], object],
        *,
        symbol: str | None = ...,
        order: int | None = ...,
        client_order_id: str | None = ...,
        timeout: float | None = ...,
    ) -> Hook: ...
    @overload
    def on(
        self,
        topic: Topic[E],
        fn: None = ...,
        *,
        symbol: str | None = ...,
        order: int | None = ...,
        client_order_id: str | None = ...,
        timeout: float | None = ...,
    ) -> Callable[[Callable[[E], object]], Callable[[E], object]]: ...
    @overload
    def on(self, topic: type[E], fn: Callable[[E], object]) -> Hook: ...
    @overload
    def on(
        self, topic: type[E], fn: None = ...
    ) -> Callable[[Callable[[E], object]], Callable[[E], object]]: ...

    def on(
        self,
        topic: Any,
        fn: Any = None,
        *,
        symbol: str | None = None,
        order: int | None = None,
        client_order_id: str | None = None,
        timeout: float | None = None,
    ) -> Any:
        """Call ``fn`` with each event of a topic, or of a class of session events; see ``Stream.on``."""
        options: dict[str, Any] = {"symbol": symbol, "order": order, "client_order_id": client_order_id}
        return self._stream.on(topic, fn, **options, timeout=timeout)

    def stream(
        self,
        topic: Topic[E] | type[E],
        *,
        symbol: str | None = None,
        order: int | None = None,
        client_order_id: str | None = None,
        maxlen: int = PRIVATE_MAXLEN,
        policy: str = "all",
        idle: float | None = None,
        timeout: float | None = None,
    ) -> Consumer[E]:
        """A queue of a topic's events, to iterate over or to ``get(timeout=…)`` from; see ``Stream.stream``."""
        consumer = self._stream.stream(
            topic,
            symbol=symbol,
            order=order,
            client_order_id=client_order_id,
            maxlen=maxlen,
            policy=policy,
            idle=idle,
            timeout=timeout,
        )
        consumer.owner = self
        return consumer

    def wait_for(
        self,
        topic: Topic[E] | type[E],
        predicate: Callable[[E], object] | None = None,
        *,
        timeout: float | None,
        symbol: str | None = None,
        order: int | None = None,
        client_order_id: str | None = None,
    ) -> E:
        """The first event for which ``predicate`` is true; see ``Stream.wait_for``."""
        return self._stream.wait_for(
            topic, predicate, timeout=timeout, symbol=symbol, order=order, client_order_id=client_order_id
        )

    @overload
    def place(self, order: OrderRequest, *, timeout: float | None = ...) -> OrderHandle: ...
    @overload
    def place(self, order: AlgoRequest, *, timeout: float | None = ...) -> AlgoHandle: ...

    def place(
        self, order: OrderRequest | AlgoRequest, *, timeout: float | None = CALL
    ) -> OrderHandle | AlgoHandle:
        """Place an order, such as ``Limit.buy("ETH", quantity="0.5", price="3000")``; its handle keeps up to date.

        Price and quantity are held against the symbol's rules first. Reports that overtake the venue's answer are kept
        for the handle. Should the answer be lost, the very order is looked for, never sent twice.

        Args:
            order: What to place.
            timeout: Seconds for all of it: reading the rules, waiting for its turn, sending, looking for a lost order.

        Raises:
            InvalidOrder: It breaks the symbol's rules; the message names the nearest valid value.
            InsufficientMargin: The account cannot carry it.
            Duplicate: Another open order has its client order id.
            OrderOutcomeUnknown: Its answer was lost and it cannot be found yet; ask for its client order id later.
            UsageError: There are no credentials, ``order`` is no order, or this client was stopped or made before a
                fork; nothing was sent.
            Disconnected: The stream has given up, so nobody would hear of fills; nothing was sent. Cancelling goes on.
        """
        if not isinstance(order, (OrderRequest, AlgoRequest)):
            raise UsageError(
                f"place takes an order, such as Market.buy('ETH', quantity='0.1'), not {ascii(order)[:60]}"
            )
        session = self._require_session("placing orders")
        self.rest.require_open("an order")
        self._require_live("placing orders")  # whose fills nobody would hear of
        handle = call_within(timeout, session.place, order)
        handle.owner = self
        return handle

    def resolve(self, lost: OrderOutcomeUnknown, timeout: float = RESOLVE) -> list[OrderHandle | AlgoHandle]:
        """What became of a write whose answer was lost; nothing is sent again.

        Of a placement, or of a batch, the handles of the orders that were placed: an order that is not among them was
        not placed and never will be. Of a cancel or an edit, the order as it stands. The venue is asked until that is
        certain, which an order of ``place`` is within about 20 s of its sending: the venue takes none that is older
        than its ``x-recv-window`` of 5 s. One sent by ``ex.rest`` without ``recv_window`` may take 10 minutes.

        Raises:
            OrderOutcomeUnknown: It is not certain after ``timeout`` seconds; ask again later.
            UsageError: The write named no order, such as a cancel of all.
        """
        session = self._require_session("orders")
        return call_within(timeout, lambda: session.resolve(lost, call_deadline()))

    def handle(self, order: int | str) -> OrderHandle | AlgoHandle:
        """The handle of an order of this account, by its id or its client order id, whoever placed it.

        Raises:
            NotFound: The venue knows no order by that name, neither an ordinary nor an algo order.
        """
        handle = call_within(CALL, self._require_session("orders").handle, order)
        handle.owner = self
        return handle

    @property
    def journal(self) -> Journal:
        """What is kept over the end of the process; see ``connect(journal=...)``."""
        return self._require_session("the journal").require_journal()

    # REST ------------------------------------------------------------------------------------------------------------

    @property
    def rest(self) -> Rest:
        """All operations of the API, one group a menu section."""
        self._use()
        return self._rest

    @property
    def history(self) -> History:
        """The account's past, whole: fills, orders, funding, transfers, candles."""
        # Imported here: few programs read the past.
        from orderly_sync.history.account_history import History

        self._use()
        if self._history is None:
            paper_time = None if self._paper is None else self._paper.now
            self._history = History(self._rest, self._stream.hub.watermark, paper_time)
        return self._history

    @property
    def margin(self) -> Margin:
        """What the account could still do: free collateral, liquidation prices, the largest order; see ``Margin``."""
        self._use()
        if self._margin is None:
            self._require_session("margin figures")
        assert self._margin is not None
        return self._margin

    @property
    def paper(self) -> PaperControl:
        """The paper venue's control: of ``connect("paper")``, or of one served apart that was named by its JSON line.

        Raises:
            UsageError: This is a real venue.
        """
        self._use()
        if self._paper is None:
            raise UsageError(
                "there is no control of this venue; connect('paper') has one, and connect(line) of a venue served apart"
            )
        return self._paper

    # Life ------------------------------------------------------------------------------------------------------------

    @property
    def status(self) -> str:
        """``stopped``, ``idle``, ``connecting``, ``ready``, ``resyncing``, ``stale``, ``down`` or ``failed``.

        ``idle`` is while no topic is wanted, so that nothing has been dialled yet.
        ``stale`` is for paper alone: the market that is followed has fallen silent, see ``Stale``.
        """
        status = self._stream.status
        if status == "ready" and self._session is not None and self._session.resyncing:
            return "resyncing"
        if status == "ready" and self._paper is not None and self._paper.stale:
            return "stale"
        return status

    def stats(self) -> dict[str, Any]:
        """Counters of the stream, the REST half and the recovery."""
        session = self._session
        gaps = session.stats() if session is not None else {}
        paper = {"paper": self._paper.health()} if self._paper is not None and self._paper.in_process else {}
        return {
            **self._stream.stats(),
            **gaps,
            "books": self._books.stats(),
            "rest": self._rest.stats(),
            **paper,
        }

    def run_forever(self) -> None:
        """Block until stopped or Ctrl-C, and return; see ``Stream.run_forever``, and "Stop a bot" for SIGTERM."""
        self._stream.run_forever()

    def stop(self) -> None:
        """End the threads and connections, and the paper venue; idempotent, bounded, callable from a hook.

        The timer of ``cancel_on_silence=`` is switched off. Where the client ends otherwise (with the process, by an
        error out of its ``with``, by ``end()``) it is left to run out.
        """
        if self._session is not None:
            self._session.disarm()
        self.end()

    def end(self) -> None:
        """As ``stop()``, but ``cancel_on_silence`` stays armed: the venue will cancel all orders."""
        self._end_watches()
        lifetime.finish(self._end)
        lifetime.forget(self)

    def close(self) -> None:
        """The same as ``stop()``."""
        self.stop()

    def parts(self) -> Sequence[object]:
        """What users may hold of it."""
        held = self._session
        live = () if held is None else (held.positions, held.holdings, held.orders, held.algo_orders)
        parts = (self, self._rest, self._history, self._margin, self._paper, *live)
        return [part for part in parts if part is not None]

    @property
    def is_used(self) -> bool:
        """Whether it has hooks or streams, or a part of it was taken."""
        return self._used or self._stream.is_used

    def _use(self) -> None:
        """Somebody takes a part of it: it lives on, though nobody may hold it."""
        if not self._used and self._end.alive:
            self._used = True
            lifetime.keep(self)

    def _require_live(self, what: str) -> Session:
        session = self._require_session(what)
        gone = self._stream.hub.standing.gone()
        if gone is not None:
            raise gone
        return session

    def _require_session(self, what: str) -> Session:
        self._use()
        if self._session is None:
            raise UsageError(f"{what} need credentials; pass credentials=Credentials.from_env() or the like")
        return self._session


for _verb in ("on", "stream", "wait_for"):
    # The same call with the same text, so that a prompt shows the whole of it whichever is asked.
    getattr(Orderly, _verb).__doc__ = getattr(Stream, _verb).__doc__


def _controlling(venue: VenueControl, session: Session | None, account: Credentials | None) -> PaperControl:
    # Imported here: only a paper venue is controlled.
    from orderly_sync.control.paper_control import PaperControl

    mark = None if session is None else session.positions.set_mark
    return PaperControl(venue, None if account is None else account.account_id, mark)
