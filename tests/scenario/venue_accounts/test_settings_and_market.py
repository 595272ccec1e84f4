"""Settings of accounts, and all that the market and the system tell, read by the real client to the last field."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from orderly_sync.rest import Rest
from tests.support.venue_kit import CHAIN, ETH, Person, leftovers, refused

READS: dict[str, Callable[[Rest], Any]] = {
    "leverage": lambda rest: rest.config.leverage(symbol=ETH),
    "leverages": lambda rest: rest.config.leverages(),
    "max_leverage": lambda rest: rest.config.max_leverage(),
    "leverage_options": lambda rest: rest.config.leverage_options(),
    "margin_modes": lambda rest: rest.config.margin_modes(),
    "symbols": lambda rest: rest.market.symbols(),
    "rules": lambda rest: rest.market.rules(ETH),
    "futures": lambda rest: rest.market.futures(),
    "futures_info": lambda rest: rest.market.futures_info(ETH),
    "trades": lambda rest: rest.market.trades(symbol=ETH, limit=5),
    "price_changes": lambda rest: rest.market.price_changes(),
    "open_interests": lambda rest: rest.market.open_interests(),
    "price_history": lambda rest: rest.market.price_history(time_interval="1h"),
    "tokens": lambda rest: rest.market.tokens(chain_id=CHAIN),
    "index_price_sources": lambda rest: rest.market.index_price_sources(),
    "book": lambda rest: rest.market.book(ETH, max_level=5),
    "klines": lambda rest: rest.market.klines(symbol=ETH, type="1h", limit=5),
    "system": lambda rest: rest.system.info(),
    "ip_info": lambda rest: rest.system.ip_info(),
    "insurance_fund": lambda rest: rest.system.insurance_fund(),
    "vault_balances": lambda rest: rest.system.vault_balances(),
    "positions": lambda rest: rest.positions.list(),
    "positions_lite": lambda rest: rest.positions.list_lite(),
    "overview": lambda rest: rest.account.overview(),
    "account": lambda rest: rest.account.info(),
}


@pytest.mark.parametrize("name", READS)
def test_an_answer_is_read_to_the_last_field(alice, name):
    """Something comes, and nothing of it is unknown to the models."""
    alice.rest.orders.create(symbol=ETH, order_type="MARKET", side="BUY", order_quantity="1")

    answer = READS[name](alice.rest)

    assert answer is not None
    assert leftovers(answer) == []
    if isinstance(answer, tuple):
        assert len(answer) > 0


def test_the_leverage_of_one_symbol_or_of_all(alice):
    """Each margin mode has its own; beyond the symbol's most it is -1005."""
    config = alice.rest.config

    config.set_leverage(symbol=ETH, leverage=7)
    config.set_leverage(symbol=ETH, leverage=3, margin_mode="ISOLATED")

    assert config.leverage(symbol=ETH).leverage == 7
    assert config.leverage(symbol=ETH, margin_mode="ISOLATED").leverage == 3
    config.set_leverage(leverage=20)
    cross = {row.symbol: row.leverage for row in config.leverages() if row.margin_mode == "CROSS"}
    assert (cross[ETH], cross["PERP_NEAR_USDC"]) == (20, 10)
    assert refused(config.set_leverage, symbol=ETH, leverage=51).code == -1005


def test_isolated_margin_is_added_and_taken_out(alice):
    """Orders follow the symbol's default mode, which stays while a position is open."""
    config = alice.rest.config
    config.set_margin_mode(symbol=ETH, default_margin_mode="ISOLATED")
    alice.rest.orders.create(symbol=ETH, order_type="MARKET", side="BUY", order_quantity="1")

    def position(person: Person) -> Any:
        return person.rest.positions.get(ETH, margin_mode="ISOLATED")

    before = position(alice)
    config.change_position_margin(symbol=ETH, amount="100", type="ADD")
    more = position(alice)
    config.change_position_margin(symbol=ETH, amount="50", type="REDUCE")

    assert before.position_qty == 1
    assert (more.margin - before.margin, position(alice).margin - more.margin) == (100, -50)
    assert more.est_liq_price < before.est_liq_price
    holding = alice.rest.assets.holding().holding[0]
    assert holding.isolated_margin == position(alice).margin
    assert {row.symbol: row.default_margin_mode for row in config.margin_modes()}[ETH] == "ISOLATED"
    assert refused(config.set_margin_mode, symbol=ETH, default_margin_mode="CROSS").code < 0
    assert refused(config.change_position_margin, symbol=ETH, amount="9999999", type="ADD").code == -1101
    none = refused(config.change_position_margin, symbol="PERP_BTC_USDC", amount="1", type="ADD")
    assert none.code == -1006


def test_orders_can_be_pulled_when_maintenance_starts(alice):
    """A setting of the account, told on its topic."""
    answer = alice.rest.config.set_maintenance_cancel(maintenance_cancel_order_flag=True)

    assert answer.success_alter
    assert alice.rest.account.info().maintenance_cancel_orders is True


def test_the_insurance_fund_is_an_account_like_any(alice):
    """It starts with money and without positions."""
    fund = alice.rest.system.insurance_fund()

    assert fund.balance == fund.total_account_value == Decimal(10_000_000)
    assert {row.position_qty for row in fund.rows} == {0}
    assert fund.min_insurance_fund_margin_ratio == Decimal("0.25")
