"""Settlements, deposits, withdrawals and transfers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from orderly_sync.models.enums import AssetSide, AssetStatus, MarginMode
from orderly_sync.venue.engine.commands import Command, Deposit, Settle, Transfer, Withdraw
from orderly_sync.venue.engine.facts import BalanceChanged, Settled, Transferred, WalletChanged
from tests.support.venue_kit import ETH, ExchangeKit

D = Decimal


def test_settling_moves_unsettled_pnl_to_the_balance(kit: ExchangeKit):
    """Margin figures stay, the settle price is mark, and the row says what each symbol added."""
    kit.place("BUY", "MARKET", 2)
    kit.mark(3450)
    before, pnl = kit.exchange.account("alice"), kit.exchange.position("alice", ETH).unsettled_pnl
    kit.submit(Settle())
    (row,) = kit.exchange.settlements("alice")
    assert kit.answer == {"settle_pnl_id": row.id}
    assert (row.old_balance, row.new_balance, row.settled_amount) == (100_000, 100_000 + pnl, pnl)
    assert row.symbols == ((ETH, pnl),)
    after, position = kit.exchange.account("alice"), kit.exchange.position("alice", ETH)
    assert (position.unsettled_pnl, position.settle_price, position.average_open_price) == (0, 3450, 3401)
    assert after.margin_ratio == before.margin_ratio
    assert after.total_collateral == before.total_collateral
    assert after.withdrawable > before.withdrawable
    told = [type(fact).__name__ for fact in kit.facts]
    assert told == ["Settled", "PositionChanged", "BalanceChanged", "AccountChanged"]
    (fact,) = (fact for fact in kit.facts if isinstance(fact, Settled))
    assert fact.settlement == row


def test_settling_a_flat_position_takes_it_off_the_list(kit: ExchangeKit):
    """Its PnL was all it had."""
    kit.place("BUY", "MARKET", 2)
    kit.place("SELL", "MARKET", 2)
    kit.submit(Settle())
    assert kit.exchange.positions("alice") == []
    assert kit.exchange.holding("alice").holding == 100_000 - 4 - kit.exchange.fees_collected


def test_settling_an_isolated_position_feeds_its_own_margin(kit: ExchangeKit):
    """The balance does not move."""
    kit.place("BUY", "MARKET", 2, margin_mode=MarginMode.ISOLATED)
    kit.mark(3450)
    before, held = kit.exchange.position("alice", ETH, "ISOLATED"), kit.exchange.holding("alice").holding
    kit.submit(Settle())
    after = kit.exchange.position("alice", ETH, "ISOLATED")
    assert (after.margin, after.unsettled_pnl) == (before.margin + before.unsettled_pnl, 0)
    assert kit.exchange.holding("alice").holding == held
    assert after.est_liq_price == before.est_liq_price
    assert kit.exchange.settlements("alice")[0].symbols == ()


def test_a_deposit_is_credited_at_once(kit: ExchangeKit):
    """And listed."""
    kit.submit(Deposit(amount=D("500.5"), chain_id="421614"))
    (row,) = kit.exchange.assets("alice")
    assert kit.answer == {"id": row.id}
    assert (row.side, row.trans_status, row.amount) == (AssetSide.DEPOSIT, AssetStatus.COMPLETED, D("500.5"))
    assert (row.chain_id, len(row.tx_id)) == ("421614", 66)
    assert kit.exchange.holding("alice").holding == D("100500.5")
    assert [type(fact).__name__ for fact in kit.facts] == [
        "WalletChanged",
        "BalanceChanged",
        "AccountChanged",
    ]


def test_a_withdrawal_is_frozen_until_it_completes(kit: ExchangeKit):
    """PENDING, PROCESSING after 2 s, COMPLETED after 5 s; then the balance falls."""
    kit.submit(Withdraw(amount=D(1_000), fee=D(1)))
    asked = kit.now
    (row,) = kit.exchange.assets("alice")
    assert kit.answer == {"withdraw_id": row.id}
    assert (row.side, row.trans_status, row.fee) == (AssetSide.WITHDRAW, AssetStatus.PENDING, 1)
    holding = kit.exchange.holding("alice")
    assert (holding.holding, holding.frozen) == (100_000, 1_000)
    assert kit.exchange.account("alice").free_collateral == 99_000
    assert kit.exchange.account("alice").withdrawable == 99_000
    assert kit.exchange.advance(asked + 1_999) == ()
    (fact,) = kit.exchange.advance(asked + 2_000)
    assert isinstance(fact, WalletChanged)
    assert fact.row == kit.exchange.assets("alice")[0]
    assert kit.exchange.assets("alice")[0].trans_status is AssetStatus.PROCESSING
    facts = kit.exchange.advance(asked + 5_000)
    assert [type(fact).__name__ for fact in facts] == ["WalletChanged", "BalanceChanged", "AccountChanged"]
    holding = kit.exchange.holding("alice")
    assert (holding.holding, holding.frozen) == (99_000, 0)
    assert kit.exchange.assets("alice")[0].trans_status is AssetStatus.COMPLETED


def test_a_long_wait_tells_every_step_of_a_withdrawal(kit: ExchangeKit):
    """None is left out."""
    kit.submit(Withdraw(amount=D(1_000)))
    rows: list[Any] = [
        fact.row for fact in kit.exchange.advance(kit.now + 60_000) if isinstance(fact, WalletChanged)
    ]
    assert [row.trans_status for row in rows] == [AssetStatus.PROCESSING, AssetStatus.COMPLETED]
    assert kit.exchange.advance(kit.now + 120_000) == ()


def test_a_transfer_reaches_all_receivers(kit: ExchangeKit):
    """Both sides hear of it and list it."""
    kit.submit(Transfer(receivers=(("bob", D(100)), ("maker", D(50)))))
    assert kit.exchange.holding("alice").holding == 99_850
    assert kit.exchange.holding("bob").holding == 100_100
    second, first = kit.exchange.transfers("alice")
    assert first.internal_transfer_request_id == second.internal_transfer_request_id
    assert kit.answer == {"internal_transfer_request_id": first.internal_transfer_request_id}
    assert kit.exchange.transfers("bob") == [first]
    assert (first.from_account_id, first.to_account_id, first.status) == ("alice", "bob", "COMPLETED")
    told = [fact.account_id for fact in kit.facts if isinstance(fact, Transferred)]
    assert told == ["alice", "bob", "alice"]
    assert {fact.account_id for fact in kit.facts if isinstance(fact, BalanceChanged)} == {"alice", "bob"}


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (Deposit(amount=D(0)), -1005),
        (Deposit(amount=D("NaN")), -1005),
        (Deposit(amount=D("0.0000001")), -1005),
        (Deposit(amount=D(1), token="ETH"), -1005),
        (Withdraw(amount=D(-5)), -1005),
        (Withdraw(amount=D(1), fee=D(1)), -1005),
        (Withdraw(amount=D(100_001)), -1101),
        (Transfer(receivers=()), -1005),
        (Transfer(receivers=(("alice", D(1)),)), -1005),
        (Transfer(receivers=(("nobody", D(1)),)), -1005),
        (Transfer(receivers=(("bob", D(0)),)), -1005),
        (Transfer(receivers=(("bob", D(1)),), token="ETH"), -1005),
        (Transfer(receivers=(("bob", D(60_000)), ("maker", D(60_000)))), -1101),
        (Transfer(receivers=(("bob", D(1)),) * 51), -1005),
    ],
)
def test_money_that_cannot_move_stays(kit: ExchangeKit, command: Command, code: int):
    """Refused whole."""
    assert kit.refusal(command).code == code


def test_unsettled_profit_and_margin_block_a_withdrawal(kit: ExchangeKit):
    """-1009 tells how much is left; after settling more is."""
    kit.quote(size=100)
    kit.place("BUY", "MARKET", 100)
    kit.mark(3500)
    refused = kit.refusal(Withdraw(amount=D(70_000)))
    assert (refused.code, "settle" in refused.message) == (-1009, True)
    kit.submit(Settle())
    kit.submit(Withdraw(amount=D(70_000)))
    kit.refusal(Withdraw(amount=D(10_000)))
