"""What is refused, with which code, and what the message offers instead."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import attrs
import pytest

from orderly_sync.models.enums import OrderType, SymbolStatus
from orderly_sync.venue.engine.commands import CancelOrder, Command, SetLeverage
from orderly_sync.venue.engine.symbols import SYMBOLS
from tests.support.venue_kit import ETH, ExchangeKit

D = Decimal


@pytest.mark.parametrize(
    ("side", "kind", "quantity", "price", "more", "code", "says"),
    [
        ("BUY", "LIMIT", 1, "3400.55", {}, -1103, "the nearest valid price is 3400.5"),
        ("BUY", "LIMIT", 1, "3400.58", {}, -1103, "the nearest valid price is 3400.6"),
        ("BUY", "LIMIT", 1, 0, {}, -1103, "from 0.1 to 170000"),
        ("BUY", "LIMIT", 1, -5, {}, -1103, "from 0.1"),
        ("BUY", "LIMIT", 1, 170001, {}, -1103, "to 170000"),
        ("BUY", "LIMIT", "0.00015", 3400, {}, -1104, "the nearest valid quantity is 0.0001"),
        ("BUY", "LIMIT", "0.00018", 3400, {}, -1104, "the nearest valid quantity is 0.0002"),
        ("BUY", "LIMIT", "0.000000001", 3400, {}, -1104, "8 decimals"),
        ("BUY", "LIMIT", 0, 3400, {}, -1104, "from 0.0001 to 600"),
        ("BUY", "LIMIT", -1, 3400, {}, -1104, "from 0.0001"),
        ("BUY", "LIMIT", 601, 3400, {}, -1104, "to 600"),
        ("BUY", "LIMIT", "0.001", 3400, {}, -1102, "the smallest valid quantity is 0.003"),
        ("BUY", "MARKET", "0.001", None, {}, -1102, "minimum of 10"),
        ("BUY", "LIMIT", 1, "3502.1", {}, -1105, "the highest is 3502"),
        ("SELL", "LIMIT", 1, "3297.9", {}, -1105, "the lowest is 3298"),
        ("BUY", "LIMIT", 1, "2039.9", {}, -1105, "the lowest is 2040"),
        ("SELL", "LIMIT", 1, "4760.1", {}, -1105, "the highest is 4760"),
        ("BUY", "LIMIT", 400, 3400, {}, -1101, "136000"),
        ("BUY", "LIMIT", 1, None, {}, -1005, "order_price is required"),
        ("BUY", "LIMIT", None, 3400, {}, -1005, "exactly one of"),
        ("BUY", "MARKET", 1, None, {"amount": D(5)}, -1005, "exactly one of"),
        ("BUY", "LIMIT", None, 3400, {"amount": D(500)}, -1005, "takes order_quantity"),
        ("BUY", "MARKET", None, None, {"amount": D(0)}, -1005, "above 0"),
        ("BUY", "LIMIT", "NaN", 3400, {}, -1005, "not a number"),
        ("BUY", "LIMIT", 1, "Infinity", {}, -1005, "not a number"),
        ("BUY", "LIQUIDATE", 1, 3400, {}, -1005, "cannot be sent"),
        ("BUY", "LIMIT", 1, 3400, {"level": 1}, -1005, "ASK and BID"),
        ("BUY", "ASK", 1, None, {"level": 5}, -1005, "0 to 4"),
        ("BUY", "ASK", 1, None, {"level": 4}, -1103, "no ask4"),
        ("BUY", "MARKET", 1, None, {"slippage": D(0)}, -1005, "slippage"),
        ("BUY", "LIMIT", 1, 3400, {"post_only_adjust": True}, -1005, "POST_ONLY"),
        ("BUY", "LIMIT", 1, 3400, {"visible_quantity": D(2)}, -1104, "from 0 to 1"),
        ("BUY", "LIMIT", 1, 3400, {"visible_quantity": D(-1)}, -1104, "from 0 to 1"),
        ("BUY", "LIMIT", 1, 3400, {"visible_quantity": D("0.00015")}, -1104, "off the step"),
        ("BUY", "POST_ONLY", 1, 3390, {"visible_quantity": D(0)}, -1104, "visible whole"),
        ("BUY", "LIMIT", 1, 3400, {"client_order_id": "-a"}, -1005, "no hyphen first"),
        ("BUY", "LIMIT", 1, 3400, {"client_order_id": "a" * 37}, -1005, "1 to 36"),
        ("BUY", "LIMIT", 1, 3400, {"client_order_id": ""}, -1005, "1 to 36"),
        ("BUY", "LIMIT", 1, 3400, {"order_tag": "t" * 129}, -1005, "128"),
        ("BUY", "LIMIT", 1, 3400, {"symbol": "PERP_NO_USDC"}, -1005, "PERP_BTC_USDC"),
    ],
)
def test_a_broken_rule_is_named(
    kit: ExchangeKit, side: str, kind: str, quantity: Any, price: Any, more: Any, code: int, says: str
):
    """The code is the venue's, the sentence says what would do."""
    refused = kit.refusal(kit.order(side, kind, quantity, price, **more))
    assert (refused.code, says in refused.message) == (code, True), refused.message


@pytest.mark.parametrize(("side", "price"), [("BUY", 3502), ("SELL", 3298), ("BUY", 2040), ("SELL", 4760)])
def test_the_prices_offered_are_accepted(kit: ExchangeKit, side: str, price: int):
    """The bands include their ends."""
    kit.place(side, "LIMIT", 1, price)


def test_a_notional_of_the_minimum_is_accepted(kit: ExchangeKit):
    """10 USDC exactly."""
    kit.place("BUY", "LIMIT", "0.004", 2500)


def test_a_client_order_id_is_free_again_when_its_order_is_done(kit: ExchangeKit):
    """While it is open a second one is refused with -1007."""
    first = kit.place("BUY", "LIMIT", 1, 3390, client_order_id="abc")
    again = kit.order("BUY", "MARKET", 1, client_order_id="abc")
    assert kit.refusal(again).code == -1007
    kit.submit(again, "bob")
    kit.submit(CancelOrder(order_id=first.order_id))
    assert kit.place("BUY", "MARKET", 1, client_order_id="abc").is_done


def test_the_first_broken_rule_wins(kit: ExchangeKit):
    """Price before size before notional before distance before margin."""
    codes = [
        kit.refusal(kit.order("BUY", "LIMIT", quantity, price)).code
        for quantity, price in [
            ("0.00015", "9000.05"),
            ("0.00015", 9000),
            ("0.001", 9000),
            (599, 9000),
            (599, 3400),
        ]
    ]
    assert codes == [-1103, -1104, -1102, -1105, -1101]


@pytest.mark.parametrize(
    ("status", "opens", "limits", "closes"),
    [
        (SymbolStatus.NEW, False, False, False),
        (SymbolStatus.PENDING, False, False, False),
        (SymbolStatus.POST_ONLY, False, True, False),
        (SymbolStatus.ACTIVE, True, True, True),
        (SymbolStatus.REDUCE_ONLY, False, False, True),
        (SymbolStatus.DELISTING, False, False, True),
        (SymbolStatus.DELISTED, False, False, False),
    ],
)
def test_a_market_takes_what_its_status_allows(
    kit: ExchangeKit, status: SymbolStatus, opens: bool, limits: bool, closes: bool
):
    """Any order, limit orders, closing orders."""
    kit.place("BUY", "MARKET", 2)
    market = kit.exchange._state.market(ETH)
    market.rules = attrs.evolve(market.rules, status=status)
    for allowed, order in (
        (opens, kit.order("BUY", "MARKET", 1)),
        (limits, kit.order("BUY", "LIMIT", 1, 3390)),
        (closes, kit.order("SELL", "MARKET", 1)),
    ):
        if allowed:
            kit.submit(order)
        else:
            assert kit.refusal(order).code == -1005


def test_open_interest_has_a_cap():
    """One account cannot hold more than the market may, whatever its margin."""
    small = tuple(attrs.evolve(rules, global_max_oi_cap=D(10_000)) for rules in SYMBOLS)
    kit = ExchangeKit(symbols=small)
    kit.place("BUY", "LIMIT", 2, 3400)
    refused = kit.refusal(kit.order("BUY", "LIMIT", 1, 3400))
    assert (refused.code, "10000 USDC" in refused.message) == (-1101, True)


def test_orders_that_only_reduce_need_no_margin(kit: ExchangeKit):
    """With no collateral left a position can still be closed, and no more than that."""
    kit.place("BUY", "MARKET", 5)
    account = kit.exchange._state.account("alice")
    account.usdc = D(10)
    assert kit.place("SELL", "MARKET", 5).status == "FILLED"
    assert kit.refusal(kit.order("SELL", "MARKET", 1)).code == -1101


def test_an_unknown_command_is_refused(kit: ExchangeKit):
    """Never a made-up success."""

    @attrs.frozen(kw_only=True)
    class Unheard(Command):
        pass

    assert kit.refusal(Unheard()).code == -1000


def test_unknown_accounts_are_refused(kit: ExchangeKit):
    """-1006."""
    with pytest.raises(Exception, match="nobody"):
        kit.exchange.submit("nobody", SetLeverage(leverage=1), 1)


def test_order_types_come_back_without_a_suffix():
    """The tests above can trust the enumeration."""
    assert OrderType("LIMIT_ORDER") is OrderType.LIMIT
