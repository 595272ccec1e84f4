"""Liquidations: an account out on a limb, who may take its positions, and what is told."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from orderly_sync.models.liquidation import SymbolRatio
from orderly_sync.wallet.flows import withdraw
from tests.scenario.venue_server.trader import Trader
from tests.support.venue_kit import BROKER, ETH, Person, VenueKit, leftovers, refused

CRASH = "3340"


@pytest.fixture
def carol(kit: VenueKit, venue: Any) -> Person:
    """Somebody with 1,000 USDC and a position of 13 ETH, whose market then falls."""
    person = kit.newcomer()
    person.rest.faucet.usdc(user_address=person.wallet.address, broker_id=BROKER)
    person.rest.config.set_leverage(symbol=ETH, leverage=50)
    person.rest.orders.create(symbol=ETH, order_type="MARKET", side="BUY", order_quantity="13")
    venue.set_mark_price(ETH, CRASH)
    return person


def told(venue: Any, person: Person, topic: str) -> list[Any]:
    return [entry["data"] for entry in venue.ledger(person.account_id) if entry["topic"] == topic]


def test_positions_of_an_unsafe_account_are_offered(carol, bob):
    """To everybody, by REST and by the public topic; the account itself can do nothing."""
    offers = bob.rest.liquidations.under_liquidation()

    offer = offers.rows[0]
    assert (offer.type, [each.symbol for each in offer.positions_by_perp]) == ("liquidated", [ETH])
    assert 0 < offer.positions_by_perp[0].position_qty <= 13
    assert (
        refused(
            carol.rest.orders.create, symbol=ETH, order_type="MARKET", side="SELL", order_quantity="1"
        ).code
        == -1012
    )
    assert refused(withdraw, carol.rest, carol.wallet, token="USDC", amount="5").code == -1012
    assert leftovers(offers.rows) == []


def test_the_offer_is_pushed(venue, kit):
    """The topic ``liquidation`` says it at once."""
    trader = Trader(venue)
    try:
        market = trader.market("liquidation")
        person = kit.newcomer()
        person.rest.faucet.usdc(user_address=person.wallet.address, broker_id=BROKER)
        person.rest.config.set_leverage(symbol=ETH, leverage=50)
        person.rest.orders.create(symbol=ETH, order_type="MARKET", side="BUY", order_quantity="13")
        venue.set_mark_price(ETH, CRASH)

        data = market.push("liquidation")["data"]

        assert [row["type"] for row in data] == ["liquidated"]
        assert data[0]["positionsByPerp"][0]["symbol"] == ETH
    finally:
        trader.close()


def test_a_liquidator_takes_what_is_offered(venue, carol, bob):
    """For the fee; both sides and the public see the same row, and both are told."""
    offer = bob.rest.liquidations.under_liquidation().rows[0]

    claimed = bob.rest.liquidations.claim(
        liquidation_id=offer.liquidation_id, ratio_qty_request=1, limit_price={ETH: "3400"}
    )

    taken = claimed.positions_by_perp[0]
    assert bob.rest.positions.get(ETH).position_qty == taken.position_qty
    assert carol.rest.positions.get(ETH).position_qty == 13 - taken.position_qty
    mine = bob.rest.liquidations.claimed().rows[0]
    lost = carol.rest.liquidations.history().rows[0]
    public = bob.rest.liquidations.liquidated().rows[0]
    assert {mine.liquidation_id, lost.liquidation_id, public.liquidation_id} == {offer.liquidation_id}
    assert mine.positions_by_perp[0] == taken
    assert lost.positions_by_perp[0].abs_liquidator_fee == taken.abs_liquidator_fee > 0
    assert lost.positions_by_perp[0].total_position == 13
    assert lost.margin_ratio < lost.account_mmr
    assert leftovers([claimed, mine, lost, public]) == []
    frame = told(venue, carol, "liquidationsaccount")[0][0]
    fees = lost.positions_by_perp[0].abs_liquidator_fee + lost.positions_by_perp[0].abs_insurance_fund_fee
    assert frame["positionsByPerp"][0]["absLiquidationFee"] == fees
    assert told(venue, bob, "liquidatorliquidations")[0]["liquidationId"] == offer.liquidation_id
    assert carol.rest.notifications.inbox(type="TRADE").rows[0].message_type == "LIQUIDATED"


def test_a_claim_is_held_against_the_offer(carol, bob):
    """-1202 an unknown id or one's own, -1201 nothing, -1005 out of range, -1105 beyond the limit price."""
    number = bob.rest.liquidations.under_liquidation().rows[0].liquidation_id

    def claim(person: Person = bob, **changed: Any) -> Any:
        values: dict[str, Any] = {
            "liquidation_id": number,
            "ratio_qty_request": "1",
            "limit_price": {ETH: "3400"},
        }
        return refused(person.rest.liquidations.claim, **{**values, **changed}).code

    assert claim(liquidation_id=1) == -1202
    assert claim(carol) in {-1012, -1202}
    assert claim(ratio_qty_request="0") == -1201
    assert claim(ratio_qty_request="1.5") == -1005
    assert claim(ratio_qty_request="0.5", extra_liquidation_ratio="0.1") == -1005
    assert claim(limit_price={ETH: "3300"}) == -1105
    assert claim(limit_price={"PERP_NO_USDC": "1"}) == -1005
    assert claim(symbols=[SymbolRatio(symbol="PERP_BTC_USDC", ratio_qty_request=Decimal(1))]) == -1005


def test_symbols_can_be_claimed_one_by_one(carol, bob):
    """A ratio of its own for each."""
    offer = bob.rest.liquidations.under_liquidation().rows[0]

    claimed = bob.rest.liquidations.claim(
        liquidation_id=offer.liquidation_id,
        ratio_qty_request=1,
        limit_price={},
        symbols=[SymbolRatio(symbol=ETH, ratio_qty_request=Decimal("0.5"))],
    )

    offered = offer.positions_by_perp[0].position_qty
    assert 0 < claimed.positions_by_perp[0].position_qty <= offered / 2 + 1


def test_the_insurance_fund_takes_what_nobody_claims(venue, carol, bob):
    """After ten seconds; it shows the position and sells it at a discount."""
    venue.advance(10_000)

    fund = bob.rest.system.insurance_fund()
    held = next(row for row in fund.rows if row.symbol == ETH)
    claims = [row for row in bob.rest.liquidations.under_liquidation().rows if row.type == "claim"]
    assert held.position_qty > 0
    assert [row.positions_by_perp[0].position_qty for row in claims] == [held.position_qty]
    assert leftovers(fund) == []

    bought = bob.rest.liquidations.claim_insurance_fund(
        claim_id=claims[0].liquidation_id, symbol=ETH, qty_request="1", limit_price={ETH: "3400"}
    )

    assert bought.positions_by_perp[0].position_qty == 1
    assert bob.rest.positions.get(ETH).position_qty == 1
    wrong = refused(
        bob.rest.liquidations.claim_insurance_fund,
        claim_id=claims[0].liquidation_id,
        symbol=ETH,
        qty_request="1000",
    )
    assert wrong.code == -1005
    assert leftovers(bought) == []


def test_the_history_of_positions_says_that_it_was_liquidated(venue, kit, bob):
    """With the fees, and the number of the liquidation."""
    person = kit.newcomer()
    person.rest.faucet.usdc(user_address=person.wallet.address, broker_id=BROKER)
    person.rest.config.set_leverage(symbol=ETH, leverage=50)
    person.rest.orders.create(symbol=ETH, order_type="MARKET", side="BUY", order_quantity="2")
    venue.set_mark_price(ETH, "2900")
    number = bob.rest.liquidations.under_liquidation()
    venue.advance(10_000)

    past = person.rest.positions.history(limit=5)[0]

    lost = person.rest.liquidations.history().rows[0]
    assert (past.type, past.status, past.liquidation_id) == ("liquidated", "closed", lost.liquidation_id)
    assert past.realized_pnl < -900
    assert len(number.rows) in {0, 1}


def test_liquidations_can_be_filtered(venue, carol, bob):
    """By symbol, id and time."""
    venue.advance(10_000)
    history = carol.rest.liquidations.history
    first = history().rows[-1]

    assert history(symbol="PERP_BTC_USDC").rows == ()
    assert {row.liquidation_id for row in history(liquidation_id=first.liquidation_id).rows} == {
        first.liquidation_id
    }
    assert history(start=first.timestamp + 1).rows != history().rows
    assert history(sort_by="liquidation_id").rows
    assert bob.rest.liquidations.claimed().rows == ()
    assert bob.rest.liquidations.liquidated(symbol=ETH).rows
