"""Control calls that bring in what happens elsewhere: another market's prices, and any frame at all."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from orderly_sync.errors import UsageError
from tests.scenario.venue_server.trader import ETH


def test_a_market_told_from_elsewhere_stands_there(trader):
    """Mark and index price are as told, the makers' best prices too."""
    trader.control(
        "POST", "/venue/market", {"symbol": ETH, "mark": 3100.5, "index": 3101, "bid": 3100, "ask": 3102}
    )

    book = trader.get(f"/v1/orderbook/{ETH}")
    info = trader.public(f"/v1/public/futures/{ETH}")
    assert max(level["price"] for level in book["bids"]) == 3100
    assert min(level["price"] for level in book["asks"]) == 3102
    assert (info["mark_price"], info["index_price"]) == (Decimal("3100.5"), 3101)


def test_a_mark_price_set_afterwards_takes_the_makers_along(trader, venue):
    """The best prices told from elsewhere no longer hold then."""
    trader.control("POST", "/venue/market", {"symbol": ETH, "mark": 3100, "bid": 3099, "ask": 3101})
    venue.set_mark_price(ETH, 3200)

    book = trader.get(f"/v1/orderbook/{ETH}")
    assert (
        max(level["price"] for level in book["bids"]) < 3200 < min(level["price"] for level in book["asks"])
    )
    assert max(level["price"] for level in book["bids"]) > 3190


@pytest.mark.parametrize("wrong", [{"mark": 0}, {"bid": -1}, {"symbol": "PERP_NO_USDC"}, {"index": "x"}])
def test_senseless_prices_are_refused(trader, wrong):
    """-1005, and nothing has moved."""
    before = trader.public(f"/v1/public/futures/{ETH}")

    assert trader.control("POST", "/venue/market", {"symbol": ETH, **wrong}).code == -1005

    assert trader.public(f"/v1/public/futures/{ETH}") == before


def test_any_frame_can_be_told(trader, venue):
    """To all, or to one account and into its ledger."""
    socket = trader.market("liquidation")
    trader.control("POST", "/venue/tell", {"topic": "liquidation", "data": [{"type": "new"}]})
    account = venue.accounts[0].account_id
    trader.control("POST", "/venue/tell", {"topic": "settle", "data": {"a": 1}, "account_id": account})

    assert socket.push("liquidation")["data"] == [{"type": "new"}]
    assert venue.ledger(account)[-1]["topic"] == "settle"
    assert trader.control("POST", "/venue/tell", {"topic": "liquidation"}).code == -1005


@pytest.mark.parametrize("topic", ["wallet", "assetconvert", "notifications"])
def test_a_private_topic_told_without_an_account_goes_to_each(trader, venue, topic):
    """Into every account's ledger, not to nobody."""
    trader.control("POST", "/venue/tell", {"topic": topic, "data": {"a": 1}})

    assert len(venue.accounts) > 1
    assert all(venue.ledger(one.account_id)[-1]["topic"] == topic for one in venue.accounts)


@pytest.mark.parametrize(
    ("topic", "near"),
    [
        ("walet", "wallet"),
        (f"{ETH}@tradee", f"{ETH}@trade"),
        ("PERP_ETHH_USDC@bbo", f"{ETH}@bbo"),
        ("bboss", "bbos"),
    ],
)
def test_a_topic_that_does_not_exist_is_not_told(trader, venue, topic, near):
    """In process and over the wire: refused with the names that are like it, with an account as without."""
    for account in (None, venue.accounts[0].account_id):
        with pytest.raises(UsageError, match=re.escape(near)):
            venue.tell(topic, {"a": 1}, account)
    answer = trader.control("POST", "/venue/tell", {"topic": topic, "data": {"a": 1}})

    assert answer.code == -1005
    assert near in answer.json["message"]
