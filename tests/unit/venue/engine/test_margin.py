"""Margin: the formulas with their worked numbers, and what follows for accounts."""

from __future__ import annotations

from decimal import Decimal

import attrs
import pytest

from orderly_sync.models.enums import MarginMode
from orderly_sync.venue.engine.commands import SetLeverage
from orderly_sync.venue.engine.facts import AccountChanged
from orderly_sync.venue.engine.ledger import Entry
from orderly_sync.venue.engine.margin import imr, max_notional, mmr, with_orders
from orderly_sync.venue.engine.symbols import SYMBOLS, SymbolRules
from tests.support.venue_kit import ETH, ExchangeKit

D = Decimal
RULES = {rules.symbol: rules for rules in SYMBOLS}


def test_imr_of_the_worked_example():
    """3 ETH short at 1638.41 with factor 3.754e-7 and leverage 10 need 10 %."""
    rules = attrs.evolve(RULES[ETH], base_imr=D("0.1"), imr_factor=D("3.754e-7"))
    assert imr(rules, 10, D(-3) * D("1638.41")) == D("0.1")


def test_maintenance_margin_of_the_worked_example():
    """0.2 BTC at 25986.2 with a base rate of 5 % need 259.86 USDC."""
    rules = attrs.evolve(RULES["PERP_BTC_USDC"], base_imr=D("0.1"), base_mmr=D("0.05"))
    notional = D("0.2") * D("25986.2")
    assert round(notional * mmr(rules, notional), 2) == D("259.86")


def test_total_collateral_of_the_worked_example():
    """2000 USDC and an unsettled loss of 18.34 make 1981.66."""
    kit = ExchangeKit()
    account = kit.exchange._state.account("alice")
    account.usdc = D(2000)
    account.entries[ETH, MarginMode.CROSS] = Entry(
        quantity=D(1), cost=D("3418.34"), average_open_price=D(3418)
    )
    state = kit.exchange.account("alice")
    assert (state.total_collateral, state.total_unsettled_pnl) == (D("1981.66"), D("-18.34"))
    assert state.total_account_value == D("1981.66")


@pytest.mark.parametrize("rules", SYMBOLS, ids=lambda rules: rules.symbol)
@pytest.mark.parametrize("leverage", [1, 3, 10, 17, 50, 100])
def test_the_ratios_are_the_formulas_everywhere(rules: SymbolRules, leverage: int):
    """Long and short, far below the bend of the curve, a hair to either side of it, and far above."""
    least = max(1 / D(leverage), rules.base_imr)
    bends = [(ratio / rules.imr_factor) ** D("1.25") for ratio in (least, rules.base_imr)]
    hairs = (
        "1e-9",
        "0.5",
        "0.9999989",
        "0.9999991",
        "0.99999999999",
        "1",
        "1.00000000001",
        "1.000001",
        "2",
        "1e4",
    )
    for notional in (bend * D(hair) * sign for bend in bends for hair in hairs for sign in (1, -1)):
        curve = abs(notional) ** D("0.8")
        assert imr(rules, leverage, notional) == max(least, rules.imr_factor * curve)
        wanted = rules.base_mmr / rules.base_imr * rules.imr_factor * curve
        assert mmr(rules, notional) == max(rules.base_mmr, wanted)


def test_large_positions_need_more():
    """Beyond the curve's knee both ratios grow with notional^0.8, in the proportion of the base ratios."""
    rules = RULES["PERP_NEAR_USDC"]
    notional = D(10_000_000)
    wanted = rules.imr_factor * notional ** D("0.8")
    assert imr(rules, 10, notional) == wanted > rules.base_imr
    assert mmr(rules, notional) == wanted / 2
    assert imr(rules, 1, D(100)) == 1
    assert imr(rules, 10, D(0)) == D("0.1")


@pytest.mark.parametrize("leverage", [1, 5, 10])
def test_the_largest_notional_is_where_the_curve_meets_the_leverage(leverage: int):
    """There the curve asks for exactly 1 / leverage."""
    rules = RULES["PERP_NEAR_USDC"]
    assert round(rules.imr_factor * max_notional(rules, leverage) ** D("0.8"), 12) == round(
        D(1) / leverage, 12
    )


def test_orders_count_on_the_side_that_makes_the_position_larger():
    """The larger of all buys filled and all sells filled."""
    assert with_orders(D(2), D(3), D(4)) == 5
    assert with_orders(D(-2), D(3), D(4)) == 6
    assert with_orders(D(2), D(0), D(5)) == 3


def test_free_collateral_is_what_positions_and_orders_leave(kit: ExchangeKit):
    """10 % of 3400 a contract held or ordered, at leverage 10."""
    kit.place("BUY", "LIMIT", 10, 3390)
    state = kit.exchange.account("alice")
    assert state.free_collateral == 100_000 - 3400
    assert (state.margin_ratio, state.initial_margin_ratio) == (D(10), D(0))
    assert state.margin_ratio_with_orders == round(D(100_000) / 34_000, 8)
    kit.place("SELL", "LIMIT", 4, 3410)
    assert kit.exchange.account("alice").free_collateral == 100_000 - 3400
    kit.place("BUY", "MARKET", 10)
    state = kit.exchange.account("alice")
    assert state.total_notional == 34_000
    assert state.total_initial_margin == 3400
    assert state.total_initial_margin_with_orders == 6800
    assert state.total_maintenance_margin == 34_000 * RULES[ETH].base_mmr
    assert (state.initial_margin_ratio, state.maintenance_margin_ratio) == (D("0.1"), D("0.012"))
    assert state.margin_ratio == round(state.total_collateral / 34_000, 8)


def test_profit_cannot_be_withdrawn_before_it_is_settled(kit: ExchangeKit):
    """Withdrawable is the balance at most, and less what unsettled profit made free."""
    kit.place("BUY", "MARKET", 1)
    kit.mark(3500)
    state = kit.exchange.account("alice")
    assert state.total_unsettled_pnl > 90
    assert state.withdrawable == 100_000 - 350
    kit.mark(3000)
    state = kit.exchange.account("alice")
    assert state.withdrawable == state.free_collateral < 100_000 - 300


def test_an_order_needs_margin_for_all_open_orders_of_its_side(kit: ExchangeKit):
    """At leverage 10, 294 ETH is what 100,000 USDC carry."""
    kit.place("BUY", "LIMIT", 200, 3390)
    assert kit.refusal(kit.order("BUY", "LIMIT", 95, 3390)).code == -1101
    kit.place("BUY", "LIMIT", 94, 3390)
    kit.place("SELL", "LIMIT", 294, 3410)
    assert kit.refusal(kit.order("SELL", "LIMIT", "0.2", 3410)).code == -1101


def test_the_liquidation_price_is_where_collateral_meets_maintenance(kit: ExchangeKit):
    """There collateral equals 1.2 % of the notional; without danger it is 0."""
    kit.place("BUY", "MARKET", 5)
    assert kit.exchange.position("alice", ETH).est_liq_price == 0
    kit.exchange._state.account("alice").usdc = D(2000)
    position = kit.exchange.position("alice", ETH)
    price = position.est_liq_price
    assert 2900 < price < 3100
    left = 2000 + position.position_qty * price - position.cost_position
    assert abs(left - 5 * price * D("0.012")) < D("0.0001")
    short = ExchangeKit()
    short.quote()
    short.place("SELL", "MARKET", 5)
    short.exchange._state.account("alice").usdc = D(2000)
    assert short.exchange.position("alice", ETH).est_liq_price > 3700


def test_leverage_is_set_for_one_symbol_and_told(kit: ExchangeKit):
    """It changes the margin of the position at once."""
    kit.place("BUY", "MARKET", 5)
    kit.submit(SetLeverage(symbol=ETH, leverage=50))
    assert kit.facts == (
        AccountChanged(ts=kit.now, account_id="alice", symbol=ETH, leverage=50, margin_mode="CROSS"),
    )
    assert kit.answer["leverage"] == 50
    assert kit.exchange.position("alice", ETH).imr == D("0.02")
    assert kit.exchange.account("alice").leverages[ETH, "CROSS"] == 50


def test_leverage_without_a_symbol_sets_all_as_far_as_each_allows(kit: ExchangeKit):
    """BTC takes 50, SOL 20, NEAR 10."""
    kit.submit(SetLeverage(leverage=50))
    set_to = kit.exchange.account("alice").leverages
    assert [set_to[f"PERP_{base}_USDC", "CROSS"] for base in ("BTC", "SOL", "NEAR")] == [50, 20, 10]
    assert len(kit.facts) == len(SYMBOLS)


def test_leverage_is_refused_out_of_range_or_without_margin(kit: ExchangeKit):
    """-1005 says how far it may go, -1101 what it would need."""
    assert kit.refusal(SetLeverage(symbol=ETH, leverage=0)).code == -1005
    assert "at most 50" in kit.refusal(SetLeverage(symbol=ETH, leverage=51)).message
    assert kit.refusal(SetLeverage(symbol="PERP_NO_USDC", leverage=5)).code == -1005
    kit.place("BUY", "LIMIT", 200, 3390)
    refused = kit.refusal(SetLeverage(symbol=ETH, leverage=5))
    assert (refused.code, "136000" in refused.message) == (-1101, True)


def test_leverage_is_refused_above_the_notional_it_allows(kit: ExchangeKit):
    """The curve allows 1.3 million of NEAR at 10, 495 thousand of WOO."""
    account = kit.exchange._state.account("alice")
    account.entries["PERP_WOO_USDC", MarginMode.CROSS] = Entry(quantity=D(3_000_000), cost=D(750_000))
    account.usdc = D(10_000_000)
    assert kit.refusal(SetLeverage(symbol="PERP_WOO_USDC", leverage=10)).code == -1101
    kit.submit(SetLeverage(symbol="PERP_WOO_USDC", leverage=5))


def test_accounts_open_once(kit: ExchangeKit):
    """A second one of the name is refused."""
    with pytest.raises(Exception, match="exists already"):
        kit.exchange.open_account("alice", usdc=D(1))


def test_other_tokens_are_not_held(kit: ExchangeKit):
    """Their balance reads 0."""
    assert kit.exchange.holding("alice", "ETH").holding == 0


def test_the_liquidation_price_counts_with_the_ratio_it_leads_to():
    """Where the curve rules, the ratio at that price is not today's: collateral meets it there all the same."""
    kit = ExchangeKit()
    near, rules = "PERP_NEAR_USDC", RULES["PERP_NEAR_USDC"]
    account = kit.exchange._state.account("alice")
    for quantity in (D(800_000), D(-800_000)):
        account.usdc = D(900_000)
        account.entries[near, MarginMode.CROSS] = Entry(quantity=quantity, cost=quantity * D("5.2"))
        price = kit.exchange.position("alice", near).est_liq_price
        notional = 800_000 * price
        left = 900_000 + quantity * (price - D("5.2"))
        assert mmr(rules, notional) > rules.base_mmr
        assert abs(left - notional * mmr(rules, notional)) < 10
