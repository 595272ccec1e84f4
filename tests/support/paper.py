"""A client of a paper venue that dials again at once, and the venue's own word on what it should have seen."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from orderly_sync import Credentials, Orderly, Rest, Stream
from orderly_sync.config import Network
from orderly_sync.live.session import Session
from orderly_sync.paper.start import start_paper
from orderly_sync.venue.server.serve import Venue
from tests.support.streams import quick

ETH = "PERP_ETH_USDC"
WAIT = 30.0
FINAL = {"FILLED", "CANCELLED", "REJECTED", "COMPLETED", "EXPIRED"}


@contextmanager
def paper(*, seed: int = 7, later: Sequence[float] = (0.2, 1.0)) -> Iterator[Orderly]:
    """A client on a frozen market of its own."""
    venue, network, credentials = start_paper(seed=seed, market="frozen", venue_rate_limits=False)
    with joined(venue, network, credentials, later=later) as ex:
        yield ex


@contextmanager
def joined(venue: Venue, network: Network, credentials: Credentials, **options: Any) -> Iterator[Orderly]:
    """A client of a venue that was started, and is stopped with it; ``options`` are those of its session."""
    rest = Rest(network, credentials, rate_limits=False)
    stream = Stream(network, credentials, delays=quick)
    session = Session(rest, stream.hub, **options)
    ex = Orderly(rest, stream, session, venue)
    try:
        session.start()
        yield ex
    finally:
        ex.stop()


def eventually(condition: Callable[[], Any], timeout: float = WAIT) -> Any:
    """Poll until something is true: state arrives on another thread."""
    end = time.monotonic() + timeout
    while not (value := condition()):
        assert time.monotonic() < end, "it never came true"
        threading.Event().wait(0.005)
    return value


def mark(ex: Orderly, symbol: str = ETH) -> Decimal:
    price = ex.rest.market.futures_info(symbol).mark_price
    assert price is not None
    return price.quantize(Decimal(1))


def account_of(ex: Orderly) -> str:
    credentials = ex._stream.hub.options.credentials
    assert credentials is not None
    return credentials.account_id


def nodes_of(tree: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield tree
    for child in tree.get("childOrders") or ():
        yield from nodes_of(child)


class Told:
    """What the venue emitted for the client's account after a certain moment."""

    def __init__(self, ex: Orderly, after: int) -> None:
        entries = ex.paper.ledger(account_of(ex), after)
        self.reports = [one["data"] for one in entries if one["topic"] == "executionreport"]
        trees = [one["data"] for one in entries if one["topic"] == "algoexecutionreportv2"]
        self.nodes = [node for tree in trees for node in nodes_of(tree)]

    @property
    def fills(self) -> list[tuple[int, int]]:
        return [(one["orderId"], one["tradeId"]) for one in self.reports if one["tradeId"]]

    @property
    def ends(self) -> dict[int, str]:
        return {one["orderId"]: one["status"] for one in self.reports if one["status"] in FINAL}

    @property
    def algo_fills(self) -> list[tuple[int, int]]:
        return [(one["algoOrderId"], one["tradeId"]) for one in self.nodes if one["tradeId"]]

    @property
    def algo_ends(self) -> dict[int, str]:
        return {one["algoOrderId"]: one["algoStatus"] for one in self.nodes if one["algoStatus"] in FINAL}


class Seen:
    """What hooks of a client saw."""

    def __init__(self) -> None:
        self.reports: list[Any] = []
        self.nodes: list[Any] = []

    @property
    def fills(self) -> list[tuple[int, int]]:
        return [(one.order_id, one.trade_id) for one in list(self.reports) if one.is_fill]

    @property
    def ends(self) -> list[tuple[int, str]]:
        """Reports that tell that an order ended, save those that tell of a late fill."""
        return [(one.order_id, str(one.status)) for one in list(self.reports) if one.is_final]

    @property
    def algo_fills(self) -> list[tuple[int, int]]:
        return [(one.algo_order_id, one.trade_id) for one in list(self.nodes) if one.is_fill]

    @property
    def algo_ends(self) -> dict[int, str]:
        return {one.algo_order_id: str(one.algo_status) for one in list(self.nodes) if one.is_final}

    def check_order(self) -> None:
        """Per order, each fill follows the one before it, and nothing follows the end."""
        told: dict[int, Decimal] = {}
        ended: set[int] = set()
        for one in self.reports:
            total = one.total_executed_quantity or Decimal(0)
            before = total - one.executed_quantity if one.is_fill else total
            assert told.get(one.order_id, Decimal(0)) == before, f"out of order: {one}"
            assert one.order_id not in ended, f"after its end: {one}"
            told[one.order_id] = total
            if one.is_final:
                ended.add(one.order_id)
        filled: dict[int, Decimal] = {}
        for node in self.nodes:
            if node.is_fill:
                total = node.total_executed_quantity
                assert filled.get(node.algo_order_id, Decimal(0)) == total - node.executed_quantity, f"{node}"
                filled[node.algo_order_id] = total
