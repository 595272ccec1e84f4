"""Settlements, deposits, withdrawals and transfers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from orderly_sync.models.account_enums import AssetSide, AssetStatus
from orderly_sync.models.enums import MarginMode
from orderly_sync.venue.engine.commands import Command, Deposit, Settle, Transfer, Withdraw
from orderly_sync.venue.engine.facts import BalanceChanged, Settled, Transferred, WalletChanged
from tests.unit.venue.engine.floor import ETH, Floor

D = Decimal


def test_settling_moves_unsettled_pnl_to_the_balance(floor: Floor):
    """Margin figures stay, the settle price is mark, and the row says what each symbol added."""
    floor.place("BUY", "MARKET", 2)
    floor.move(3450)
    before, pnl = floor.exchange.account("alice"), floor.exchange.position("alice", ETH).unsettled_pnl
    floor.submit(Settle())
    (row,) = floor.exchange.settlements("alice")
    assert floor.answer == {"settle_pnl_id": row.id}
    assert (row.old_balance, row.new_balance, row.settled_amount) == (100_000, 100_000 + pnl, pnl)
    assert row.symbols == ((ETH, pnl),)
    after, position = floor.exchange.account("alice"), floor.exchange.position("alice", ETH)
    assert (position.unsettled_pnl, position.settle_price, position.average_open_price) == (0, 3450, 3401)
    assert after.margin_ratio == before.margin_ratio
    assert after.total_collateral == before.total_collateral
    assert after.withdrawable > before.withdrawable
    told = [type(fact).__name__ for fact in floor.facts]
    assert told == ["Settled", "PositionChanged", "BalanceChanged", "AccountChanged"]
    (fact,) = (fact for fact in floor.facts if isinstance(fact, Settled))
    assert fact.settlement == row


def test_settling_a_flat_position_takes_it_off_the_list(floor: Floor):
    """Its PnL was all it had."""
    floor.place("BUY", "MARKET", 2)
    floor.place("SELL", "MARKET", 2)
    floor.submit(Settle())
    assert floor.exchange.positions("alice") == []
    assert floor.exchange.holding("alice").holding == 100_000 - 4 - floor.exchange.fees_collected


def test_settling_an_isolated_position_feeds_its_own_margin(floor: Floor):
    """The balance does not move."""
    floor.place("BUY", "MARKET", 2, margin_mode=MarginMode.ISOLATED)
    floor.move(3450)
    before, held = floor.exchange.position("alice", ETH, "ISOLATED"), floor.exchange.holding("alice").holding
    floor.submit(Settle())
    after = floor.exchange.position("alice", ETH, "ISOLATED")
    assert (after.margin, after.unsettled_pnl) == (before.margin + before.unsettled_pnl, 0)
    assert floor.exchange.holding("alice").holding == held
    assert after.est_liq_price == before.est_liq_price
    assert floor.exchange.settlements("alice")[0].symbols == ()


def test_a_deposit_is_credited_at_once(floor: Floor):
    """And listed."""
    floor.submit(Deposit(amount=D("500.5"), chain_id="421614"))
    (row,) = floor.exchange.assets("alice")
    assert floor.answer == {"id": row.id}
    assert (row.side, row.trans_status, row.amount) == (AssetSide.DEPOSIT, AssetStatus.COMPLETED, D("500.5"))
    assert (row.chain_id, len(row.tx_id)) == ("421614", 66)
    assert floor.exchange.holding("alice").holding == D("100500.5")
    assert [type(fact).__name__ for fact in floor.facts] == [
        "WalletChanged",
        "BalanceChanged",
        "AccountChanged",
    ]


def test_a_withdrawal_is_frozen_until_it_completes(floor: Floor):
    """PENDING, PROCESSING after 2 s, COMPLETED after 5 s; then the balance falls."""
    floor.submit(Withdraw(amount=D(1_000), fee=D(1)))
    asked = floor.now
    (row,) = floor.exchange.assets("alice")
    assert floor.answer == {"withdraw_id": row.id}
    assert (row.side, row.trans_status, row.fee) == (AssetSide.WITHDRAW, AssetStatus.PENDING, 1)
    holding = floor.exchange.holding("alice")
    assert (holding.holding, holding.frozen) == (100_000, 1_000)
    assert floor.exchange.account("alice").free_collateral == 99_000
    assert floor.exchange.account("alice").withdrawable == 99_000
    assert floor.exchange.advance(asked + 1_999) == ()
    (fact,) = floor.exchange.advance(asked + 2_000)
    assert isinstance(fact, WalletChanged)
    assert fact.row == floor.exchange.assets("alice")[0]
    assert floor.exchange.assets("alice")[0].trans_status is AssetStatus.PROCESSING
    facts = floor.exchange.advance(asked + 5_000)
    assert [type(fact).__name__ for fact in facts] == ["WalletChanged", "BalanceChanged", "AccountChanged"]
    holding = floor.exchange.holding("alice")
    assert (holding.holding, holding.frozen) == (99_000, 0)
    assert floor.exchange.assets("alice")[0].trans_status is AssetStatus.COMPLETED


def test_a_long_wait_tells_every_step_of_a_withdrawal(floor: Floor):
    """None is left out."""
    floor.submit(Withdraw(amount=D(1_000)))
    rows: list[Any] = [
        fact.row for fact in floor.exchange.advance(floor.now + 60_000) if isinstance(fact, WalletChanged)
    ]
    assert [row.trans_status for row in rows] == [AssetStatus.PROCESSING, AssetStatus.COMPLETED]
    assert floor.exchange.advance(floor.now + 120_000) == ()


def test_a_transfer_reaches_all_receivers(floor: Floor):
    """Both sides hear of it and list it."""
    floor.submit(Transfer(receivers=(("bob", D(100)), ("maker", D(50)))))
    assert floor.exchange.holding("alice").holding == 99_850
    assert floor.exchange.holding("bob").holding == 100_100
    second, first = floor.exchange.transfers("alice")
    assert first.internal_transfer_request_id == second.internal_transfer_request_id
    assert floor.answer == {"internal_transfer_request_id": first.internal_transfer_request_id}
    assert floor.exchange.transfers("bob") == [first]
    assert (first.from_account_id, first.to_account_id, first.status) == ("alice", "bob", "COMPLETED")
    told = [fact.account_id for fact in floor.facts if isinstance(fact, Transferred)]
    assert told == ["alice", "bob", "alice"]
    assert {fact.account_id for fact in floor.facts if isinstance(fact, BalanceChanged)} == {"alice", "bob"}


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
def test_money_that_cannot_move_stays(floor: Floor, command: Command, code: int):
    """Refused whole."""
    assert floor.refusal(command).code == code


def test_unsettled_profit_and_margin_block_a_withdrawal(floor: Floor):
    """-1009 tells how much is left; after settling more is."""
    floor.quote(size=100)
    floor.place("BUY", "MARKET", 100)
    floor.move(3500)
    refused = floor.refusal(Withdraw(amount=D(70_000)))
    assert (refused.code, "settle" in refused.message) == (-1009, True)
    floor.submit(Settle())
    floor.submit(Withdraw(amount=D(70_000)))
    floor.refusal(Withdraw(amount=D(10_000)))
