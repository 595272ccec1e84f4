"""Control calls that bring in what happens elsewhere: another market's prices, and any frame at all."""

from __future__ import annotations

from decimal import Decimal

import pytest

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
    trader.control("POST", "/venue/tell", {"topic": "newthing", "data": {"a": 1}, "account_id": account})

    assert socket.push("liquidation")["data"] == [{"type": "new"}]
    assert venue.ledger(account)[-1]["topic"] == "newthing"
    assert trader.control("POST", "/venue/tell", {"topic": "liquidation"}).code == -1005
