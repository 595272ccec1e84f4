"""Each topic of the API, subscribed to on the venue, brings typed events: what happens there is told on all of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from orderly_sync import Stream, connect, topics
from orderly_sync.live.book import Book
from orderly_sync.models.base import Push
from orderly_sync.venue.server.serve import Venue
from orderly_sync.wallet.flows import settle_pnl
from orderly_sync.wire.topic import Topic
from tests.support.topics import PATTERNS
from tests.support.venue_kit import BROKER, ETH, Person, VenueKit

WAIT = 30.0
CONVERSION = {
    "convertId": 123456789,
    "transactionId": 202,
    "timestamp": 1663313562090,
    "type": "auto",
    "convertedAsset": "ETH",
    "convertedQty": 1.23,
    "receivedAsset": "USDC",
    "receivedQty": 18123.43,
}


class Listener:
    """Streams of all topics of one account."""

    def __init__(self, kit: VenueKit, person: Person) -> None:
        self.stream = Stream(kit.network, person.credentials).start()
        self.heard = {one.name: self.stream.stream(one) for one in PATTERNS.values()}


@pytest.fixture(scope="module")
def told() -> Iterator[Mapping[str, Any]]:
    """One stream for each topic, on a venue where everything that any topic tells of has happened."""
    with Venue(seed=7, market="frozen", rate_limits=False) as venue:
        kit = VenueKit(venue)
        alice, carol = kit.owners[0], kit.newcomer()
        hers, carols = Listener(kit, alice), Listener(kit, carol)
        happen(venue, alice, carol)
        # Alice takes what Carol loses.
        yield {**hers.heard, "liquidationsaccount": carols.heard["liquidationsaccount"]}
        hers.stream.stop()
        carols.stream.stop()
        kit.close()


def happen(venue: Venue, alice: Person, carol: Person) -> None:
    """Trading, money in, a settlement, a liquidation, and news of the venue."""
    order = {"symbol": ETH, "order_type": "MARKET", "side": "BUY"}
    alice.rest.config.set_leverage(symbol=ETH, leverage=5)
    alice.rest.orders.create(**order, order_quantity="0.5")
    alice.rest.orders.create_algo(
        symbol=ETH, algo_type="STOP", type="MARKET", side="SELL", quantity="0.1", trigger_price="3000"
    )
    alice.rest.faucet.usdc(user_address=alice.wallet.address, broker_id=BROKER)
    settle_pnl(alice.rest, alice.wallet)
    carol.rest.faucet.usdc(user_address=carol.wallet.address, broker_id=BROKER)
    carol.rest.config.set_leverage(symbol=ETH, leverage=50)
    carol.rest.orders.create(**order, order_quantity="13")
    venue.set_mark_price(ETH, "3340")
    offer = alice.rest.liquidations.under_liquidation().rows[0]
    alice.rest.liquidations.claim(
        liquidation_id=offer.liquidation_id, ratio_qty_request=1, limit_price={ETH: "3400"}
    )
    venue.set_maintenance(0)
    venue.announce("A new market opens.")
    # The venue holds USDC only, so that nothing is ever converted there.
    venue.tell("assetconvert", CONVERSION, alice.account_id)


@pytest.mark.parametrize("topic", PATTERNS.values(), ids=PATTERNS)
def test_a_topic_brings_typed_events(told: Mapping[str, Any], topic: Topic[Any]):
    """Of the declared type, under the subscribed name, with the frame's own time and nothing left unread."""
    event = told[topic.name].get(timeout=WAIT)

    assert type(event) is topic.event
    assert isinstance(event, Push)
    assert event.topic == topic.name
    assert event.ts is not None
    assert event.ts == event.frame.ts
    assert event.origin == "stream"
    assert event.extra == {}


def test_the_request_is_answered_with_a_book():
    """The one command of the table: a whole book, once."""
    with connect("paper", market="frozen", rate_limits=False) as ex:
        book = ex.book(ETH)

        assert type(book) is Book
        assert book.bids


def test_every_row_of_the_table_was_tried():
    """All rows but one, which is a command; none has gone."""
    assert len(PATTERNS) == len(topics.ALL) - 1 >= 34
