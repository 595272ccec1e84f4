"""Private topics that tell no order, after a gap: what it hid is told once and flagged, what was heard is not repeated."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from orderly_sync import Connected, Orderly, Rest, Stream
from orderly_sync.live.session import Session
from orderly_sync.venue.server.serve import Venue
from orderly_sync.wallet.flows import settle_pnl
from orderly_sync.wire.topic import Topic
from tests.support.paper import WAIT, eventually
from tests.support.streams import quick
from tests.support.topics import PATTERNS, PRIVATE_PATTERNS
from tests.support.venue_kit import BROKER, ETH, Person, VenueKit

ORDER = {"symbol": ETH, "order_type": "MARKET", "side": "BUY"}
PRIVATE = {name: PATTERNS[name] for name in PRIVATE_PATTERNS}
REPORTS = {"executionreport", "algoexecutionreport", "algoexecutionreportv2"}
"""Told of in ``test_recovery.py`` and ``tests/faults/test_reconnect.py``."""
NEVER_THERE = {"assetconvert"}
"""The paper venue converts nothing; see ``tests/unit/reports/test_other_rows.py``."""


class World:
    """A venue of two people, and a client of one of them."""

    def __init__(self, kit: VenueKit, venue: Venue) -> None:
        self.venue, self.kit = venue, kit
        self.alice, self.carol = kit.owners[0], kit.newcomer()
        self.ex: Orderly | None = None

    def client(self, person: Person) -> Orderly:
        rest = Rest(self.kit.network, person.credentials, rate_limits=False)
        stream = Stream(self.kit.network, person.credentials, delays=quick)
        session = Session(rest, stream.hub, later=(0.1, 0.2))
        session._others._after = (0.0, 0.1, 0.2)
        self.ex = Orderly(rest, stream, session, None)
        session.start()
        return self.ex

    def gap(self, happens: Callable[[World], object] | None = None) -> None:
        """The connection is lost, something happens, and it is back and all lists were read for the last time."""
        assert self.ex is not None
        back = self.ex.stream(Connected)
        self.venue.faults(refuse_upgrade=100_000)
        self.venue.drop_connections()
        if happens is not None:
            happens(self)
        self.venue.faults(refuse_upgrade=0)
        while back.get(timeout=WAIT).connection != "private":
            pass
        others, recovery = self.ex._session._others, self.ex._session.recovery  # type: ignore[union-attr]
        eventually(lambda: others._thread is None)
        eventually(lambda: recovery.tally.stats()["readings"]["disconnect"] >= 3)  # type: ignore[index]


@pytest.fixture
def world() -> Iterator[World]:
    with Venue(seed=7, market="frozen", rate_limits=False) as venue:
        kit = VenueKit(venue)
        made = World(kit, venue)
        yield made
        if made.ex is not None:
            made.ex.stop()
        kit.close()


def money(world: World) -> None:
    world.alice.rest.faucet.usdc(user_address=world.alice.wallet.address, broker_id=BROKER)


def trade(world: World) -> None:
    world.alice.rest.orders.create(**ORDER, order_quantity="0.5")


def settlement(world: World) -> None:
    trade(world)
    world.venue.set_mark_price(ETH, "3410")
    settle_pnl(world.alice.rest, world.alice.wallet)


def ruin(world: World) -> None:
    carol = world.carol
    carol.rest.faucet.usdc(user_address=carol.wallet.address, broker_id=BROKER)
    carol.rest.config.set_leverage(symbol=ETH, leverage=50)
    carol.rest.orders.create(**ORDER, order_quantity="13")
    world.venue.set_mark_price(ETH, "3340")


def claim(world: World) -> None:
    ruin(world)
    offer = world.alice.rest.liquidations.under_liquidation().rows[0]
    world.alice.rest.liquidations.claim(
        liquidation_id=offer.liquidation_id, ratio_qty_request=1, limit_price={ETH: "3400"}
    )


def setting(world: World) -> None:
    world.alice.rest.config.set_maintenance_cancel(maintenance_cancel_order_flag=True)


HAPPENS: dict[str, Callable[[World], None]] = {
    "wallet": money,
    "balance": money,
    "position": trade,
    "settle": settlement,
    "notifications": trade,
    "liquidationsaccount": claim,
    "liquidatorliquidations": claim,
    "account": setting,
}


def test_every_private_topic_is_tried():
    """Of all that the list of topics has, none is left out."""
    assert HAPPENS.keys() | REPORTS | NEVER_THERE == PRIVATE.keys()


def heard(world: World, topic: Topic[Any]) -> list[Any]:
    """What a hook of the topic is given, of whoever is concerned."""
    person = world.carol if topic.name == "liquidationsaccount" else world.alice
    seen: list[Any] = []
    world.client(person).on(topic, seen.append)
    return seen


@pytest.mark.parametrize("name", sorted(HAPPENS))
def test_what_a_gap_hid_is_told_once_and_flagged(world: World, name: str):
    """Though nobody repeats the push; by what it says and by its id it is the event that the venue has emitted."""
    seen = heard(world, PRIVATE[name])
    world.gap(HAPPENS[name])
    eventually(lambda: seen)
    world.gap()
    assert {(one.recovered, one.origin, one.topic) for one in seen} == {(True, "rest", name)}
    ids = [one.event_id for one in seen]
    assert len(ids) == len(set(ids))
    assert all(type(one) is PRIVATE[name].event for one in seen)


@pytest.mark.parametrize("name", sorted(HAPPENS))
def test_what_was_heard_is_not_repeated(world: World, name: str):
    """It lies within the time that is read over, and was told."""
    seen = heard(world, PRIVATE[name])
    HAPPENS[name](world)
    eventually(lambda: seen)
    before = world.ex.stats()["topics"][name]["pushes"]  # type: ignore[union-attr]
    world.gap()
    world.gap()
    assert len(seen) == before
    assert not any(one.recovered for one in seen)


@pytest.mark.parametrize("name", sorted(HAPPENS))
def test_what_was_over_before_anybody_listened_is_no_news(world: World, name: str):
    """A gap does not bring up the past."""
    HAPPENS[name](world)
    seen = heard(world, PRIVATE[name])
    world.gap()
    assert seen == []
