"""``ex.paper``: the same methods of a venue in this process and of one served apart, all of them documented."""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from orderly_sync import Limit, Orderly, UsageError, connect, topics
from orderly_sync.control.paper_control import PaperControl
from orderly_sync.control.served import ServedControl
from orderly_sync.control.venue_control import VenueControl
from orderly_sync.testing import PaperVenue, until
from orderly_sync.venue.server.serve import Venue
from tests.support.paper import paper

REFERENCE = Path(__file__).parents[3] / "docs" / "reference" / "testing.md"


@pytest.fixture(params=["in this process", "served apart"])
def ex(request: pytest.FixtureRequest) -> Iterator[Orderly]:
    if request.param == "in this process":
        with paper() as client:
            yield client
        return
    with Venue(seed=7, market="frozen") as venue, connect(venue.line()) as client:
        yield client


def _public(kind: type) -> set[str]:
    annotated = {name for base in kind.__mro__ for name in vars(base).get("__annotations__", ())}
    return {name for name in {*dir(kind), *annotated} if not name.startswith("_")} - {"at_stop"}


def test_it_has_what_its_venue_has_and_says_of_each_what_is_promised() -> None:
    """In ``help()`` and in the reference, whose page holds the class: no method stands in a base that nobody sees."""
    own = {name for name in vars(PaperControl) if not name.startswith("_")} | {"faults"}

    assert own == _public(VenueControl) | {"accounts"}
    assert [name for name in own - {"faults"} if not inspect.getdoc(getattr(PaperControl, name))] == []
    assert "automodule:: orderly_sync.control.paper_control" in REFERENCE.read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", [Venue, ServedControl])
def test_both_venues_have_all_that_it_asks_of_one(kind: type) -> None:
    """Methods and properties; the fields of an instance are held by the type checker."""
    fields = {"urls", "in_process", "at_stop", "console"}

    assert [name for name in _public(VenueControl) - fields if not hasattr(kind, name)] == []


def test_nothing_else_can_be_taken_from_it(ex: Orderly) -> None:
    """What completion offers is what is promised; the venue's own parts are not."""
    offered = {name for name in dir(ex.paper) if not name.startswith("_")}

    assert offered == _public(VenueControl) | {"accounts"}
    with pytest.raises(AttributeError):
        _ = ex.paper.token  # type: ignore[attr-defined]


def test_ledger_and_snapshot_are_of_the_clients_own_account(ex: Orderly) -> None:
    """Unless another is named."""
    order = ex.place(Limit.buy("ETH", quantity="0.1", price=3300))
    first, second = ex.paper.accounts

    assert first.account_id == ex.account.account_id
    assert ex.paper.ledger() == ex.paper.ledger(first.account_id) != []
    assert ex.paper.ledger(after=1) == ex.paper.ledger()[1:]
    assert ex.paper.ledger(second.account_id) == []
    assert ex.paper.snapshot() == ex.paper.snapshot(first.account_id)
    assert [row["order_id"] for row in ex.paper.snapshot()["orders"]] == [order.order_id]


def test_without_an_account_one_must_be_named() -> None:
    """A client of market data alone has none."""
    with Venue(seed=7, market="frozen") as venue:
        line: dict[str, Any] = {**json.loads(venue.line()), "accounts": []}
        with connect(line) as ex:
            with pytest.raises(UsageError, match="pass the account_id that is meant"):
                ex.paper.ledger()
            assert ex.paper.ledger(venue.accounts[0].account_id) == []
            assert ex.paper.accounts == ()


def test_a_mark_price_is_read_as_it_was_set(ex: Orderly) -> None:
    """In any spelling of the symbol; an unknown one is refused."""
    assert ex.paper.mark_price() == ex.paper.mark_price("PERP_ETH_USDC")
    ex.paper.set_mark_price("eth", 3456.5)
    assert ex.paper.mark_price("ETH-PERP") == Decimal("3456.5")
    with pytest.raises(UsageError, match="not listed"):
        ex.paper.mark_price("DOGE2")


def test_a_market_is_set_whole(ex: Orderly) -> None:
    """Mark, index, bid and ask at once; hooks hear them, though nobody set the mark price alone."""
    heard: list[Decimal] = []
    ex.on(topics.mark_price("ETH"), lambda one: heard.append(one.price))
    until(lambda: heard)
    ex.paper.set_market({"ETH": {"mark": 3450, "index": "3449.5", "bid": 3440, "ask": 3460}})

    until(lambda: Decimal(3450) in heard)
    assert ex.rest.market.futures_info("ETH").index_price == Decimal("3449.5")
    with pytest.raises(UsageError, match="bid"):
        ex.paper.set_market({"ETH": {"bid": "much"}})


def test_the_time_is_read_and_moved(ex: Orderly) -> None:
    """``advance`` tells the time then."""
    before = ex.paper.now()

    assert ex.paper.advance(5_000) == ex.paper.now() == before + 5_000


def test_the_line_connects_another_client_and_is_the_same_when_called(ex: Orderly) -> None:
    """A property as of ``PaperVenue``; called, as before, it gives the same text."""
    assert ex.paper.line == ex.paper.line()
    second = ex.paper.accounts[1]
    with connect(ex.paper.line, credentials=second) as other:
        assert other.account.account_id == second.account_id
        assert other.paper.line == ex.paper.line or "ws_oracle" in ex.paper.line


def test_the_kit_has_the_same_control() -> None:
    """Its ledger is of the first account; it ends with the kit."""
    venue = PaperVenue()
    ex = venue.connect()
    assert isinstance(venue.control, PaperControl)
    assert venue.control.ledger() == ex.paper.ledger()
    assert venue.line == venue.control.line
    venue.stop()
    for control in (venue.control, ex.paper):
        with pytest.raises(UsageError, match="this paper venue has stopped"):
            control.ledger()
