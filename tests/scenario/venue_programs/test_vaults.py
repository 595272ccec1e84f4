"""Strategy vaults: money goes in and comes out again, and everyone's figures agree."""

from __future__ import annotations

from decimal import Decimal

import pytest

from orderly_sync import Credentials, Rest
from orderly_sync.credentials import Secret
from orderly_sync.errors import ApiError, AuthenticationError, BadRequest, NotFound
from orderly_sync.models.message import AddSpOrderlyKeyMessage, VaultAction
from orderly_sync.wallet.flows import request_vault, settle_provider_pnl, transfer
from orderly_sync.wallet.wallet import Wallet
from tests.support.venue_kit import DAY, ETH, whole

D = Decimal

CHAIN = 421614


def wallet(kit, index: int) -> Wallet:
    return Wallet(kit.account(index).wallet_key)


def ask(kit, index: int, action: VaultAction, amount, vault_id: str) -> None:
    request_vault(
        kit.clients[index],
        wallet(kit, index),
        action,
        vault_id=vault_id,
        token="USDC",
        amount=amount,
        decimals=6,
        chain_id=CHAIN,
    )


@pytest.fixture(scope="module")
def vault(kit):
    """The live vault; the second account has put 1000 USDC into it, and the day is not over."""
    found = whole(kit.admin.vault_host.vaults(status="live"))[0]
    ask(kit, 1, VaultAction.LP_DEPOSIT, 1000, found.vault_id)
    return found


def test_there_are_vaults_with_totals(kit, vault):
    """The totals are those of all vaults together."""
    host = kit.admin.vault_host
    everything = whole(host.vaults())
    (totals,) = whole(host.totals(broker_ids=["paper"]))
    assert totals.strategy_vaults_count == len(everything) == 2
    assert totals.strategy_vaults_tvl == sum(each.tvl for each in everything)
    assert totals.strategy_vaults_lp_count == sum(each.lp_counts for each in everything)
    assert host.totals(broker_ids=["orderly"])[0].strategy_vaults_count == 0
    assert {each.sp_address for each in everything} == {kit.address(0)}


def test_a_deposit_leaves_the_account_and_waits(kit, vault):
    """Until its period is over; everyone sees it waiting."""
    assert kit.user.assets.holding().holding[0].holding == 99_000
    (row,) = whole(kit.user.strategy_vault.transactions(type="deposit"))
    assert (row.status, row.amount_change, row.shares_change) == ("pending", 1000, None)
    pending = whole(kit.admin.vault_host.fund_pending(vault_id=vault.vault_id, wallet_address=kit.address(0)))
    assert (pending.lp_pending_deposit_amount, pending.sp_pending_deposit_amount) == (1000, 0)
    (mine,) = whole(kit.admin.vault_host.lp_info(wallet_address=kit.address(1)))
    assert (mine.lp_nav, mine.lp_tvl, mine.total_main_shares) == (0, 1000, 0)


def test_a_request_needs_its_wallet_its_nonce_and_enough(kit, vault):
    """Another vault, a small deposit, shares that are not there and what only the provider may do are refused."""
    for action, amount, vault_id in (
        (VaultAction.LP_DEPOSIT, 1000, "0x" + "00" * 32),
        (VaultAction.LP_DEPOSIT, 1, vault.vault_id),
        (VaultAction.LP_WITHDRAW, 5, vault.vault_id),
        (VaultAction.SP_DEPOSIT, 1000, vault.vault_id),
        (VaultAction.LP_DEPOSIT, 10**8, vault.vault_id),
    ):
        with pytest.raises(ApiError):
            ask(kit, 2, action, amount, vault_id)
    (closed,) = kit.admin.vault_host.vaults(status="pre_launch")
    with pytest.raises(BadRequest, match="not live"):
        ask(kit, 2, VaultAction.LP_DEPOSIT, 1000, closed.vault_id)
    assert kit.clients[2].assets.holding().holding[0].holding == 100_000


def test_a_deposit_becomes_shares_when_the_day_is_over(kit, vault):
    """At the price of that moment."""
    kit.venue.advance(DAY)
    (row,) = whole(kit.user.strategy_vault.transactions())
    price = kit.admin.vault_host.fund_info(
        vault_id=vault.vault_id, wallet_address=kit.address(0)
    ).est_strategy_share_price
    assert (row.status, row.shares_change) == ("completed", round(D(1000) / price, 6))
    (mine,) = kit.admin.vault_host.lp_info(wallet_address=kit.address(1), vault_id=vault.vault_id)
    assert mine.total_main_shares == row.shares_change
    (record,) = whole(
        kit.admin.vault_host.lp_transactions(vault_id=vault.vault_id, wallet_address=kit.address(1))
    )
    assert (record.status, record.shares_change, record.source) == ("completed", row.shares_change, "account")
    (transfer,) = whole(kit.admin.strategy_vault.venue_transfers())
    assert (transfer.amount, transfer.status) == (1000, "completed")


def test_fund_and_periods_agree(kit, vault):
    """Every period is a day; the one before the present one took the deposit."""
    who = {"vault_id": vault.vault_id, "wallet_address": kit.address(0)}
    fund = whole(kit.admin.vault_host.fund_info(**who))
    periods = whole(kit.admin.vault_host.fund_periods(**who, size=2))
    assert periods[0].period_number == fund.current_period_number == periods.meta.total
    assert (periods[0].start_time, periods[0].total_withdrawal_amount) == (fund.period_start_time, None)
    assert (periods[1].end_time, periods[1].total_deposit_amount) == (fund.period_start_time, 1000)
    assert len(kit.admin.vault_host.fund_periods(**who, period_number=7)) == 1
    assert fund.fund_nav == whole(kit.admin.vault_host.vaults(vault_id=vault.vault_id))[0].tvl


def test_a_withdrawal_is_delivered_by_hand_with_its_profit(kit, vault):
    """Shares leave, money comes back to the account, the provider gets its part of the profit."""
    shares = kit.admin.vault_host.lp_info(wallet_address=kit.address(1))[0].total_main_shares
    kit.venue.advance(30 * DAY)
    ask(kit, 1, VaultAction.LP_WITHDRAW, shares, vault.vault_id)
    (plan,) = whole(kit.admin.strategy_vault.venue_withdrawals())
    assert (plan.status, plan.executed_time, plan.trigger_by) == ("pending", None, None)
    assert kit.user.strategy_vault.transactions(type="withdrawal")[0].amount_change is None

    with pytest.raises(AuthenticationError):
        kit.user.strategy_vault.deliver_period(plan_id=plan.plan_id)
    kit.admin.strategy_vault.deliver_period(plan_id=plan.plan_id)
    with pytest.raises(NotFound):
        kit.admin.strategy_vault.deliver_period(plan_id=plan.plan_id)

    (done,) = whole(kit.user.strategy_vault.transactions(type="withdrawal"))
    assert kit.user.assets.holding().holding[0].holding == 99_000 + done.amount_change
    who = {"vault_id": vault.vault_id, "wallet_address": kit.address(1)}
    (paid,) = whole(kit.admin.vault_host.lp_fees(**who))
    (earned,) = whole(
        kit.admin.vault_host.provider_fees(vault_id=vault.vault_id, wallet_address=kit.address(0))
    )
    assert paid.amount_change == earned.amount_change == round((done.amount_change - 1000) / 9, 6)
    assert kit.admin.strategy_vault.venue_withdrawals()[0].amount == done.amount_change
    assert kit.admin.vault_host.lp_info(wallet_address=kit.address(1)) == ()


def test_the_provider_stands_with_its_own_shares(kit, vault):
    """It may add to them; its figures and those of its wallet agree."""
    ask(kit, 0, VaultAction.SP_DEPOSIT, 500, vault.vault_id)
    who = {"vault_id": vault.vault_id, "wallet_address": kit.address(0)}
    provider = whole(kit.admin.vault_host.provider_info(**who))
    (totals,) = whole(kit.admin.vault_host.user_totals(wallet_address=kit.address(0)))
    assert provider.sp_tvl == provider.sp_nav + 500 == totals.vaults_sp_tvl == totals.total_vaults_tvl
    assert provider.total_performance_fees > 0
    assert whole(kit.admin.vault_host.provider_transactions(**who, type="deposit"))[0].status == "pending"
    for claim in ("provider_claimable", "lp_claimable"):
        assert whole(getattr(kit.admin.vault_host, claim)(**who, chain_id=str(CHAIN))).claimable_amount == 0
    stranger = kit.admin.vault_host.provider_info(vault_id=vault.vault_id, wallet_address=kit.address(3))
    assert stranger.sp_nav == 0


def test_charts_end_where_the_vault_stands(kit, vault):
    """The value's last point is the vault's, the PnL's is the performance's."""
    host = kit.admin.vault_host
    tvl = whole(host.performance_chart(vault_id=vault.vault_id, type="TVL", time_range="30d"))
    gain = whole(host.performance_chart(vault_id=vault.vault_id, type="PNL", time_range="7d"))
    results = {row.time_range: row for row in whole(host.performance(vault_id=vault.vault_id))}
    fund = host.fund_info(vault_id=vault.vault_id, wallet_address=kit.address(0))
    assert tvl[-1].value == fund.fund_nav
    assert (gain[0].value, gain[-1].value) == (0, results["7d"].incremental_net_pnl)
    assert set(results) == {"24h", "7d", "30d", "all_time"}
    who = {"vault_id": vault.vault_id, "wallet_address": kit.address(1)}
    assert {row.incremental_net_pnl for row in whole(host.lp_performance(**who))} == {0}
    assert len(whole(host.lp_performance_chart(**who, type="TVL", time_range="24h"))) == 25


def test_a_vault_trades_what_its_provider_trades(kit, vault):
    """Its positions, orders and fills are the provider's own."""
    kit.buy(0, "0.5")
    rest = kit.admin.orders.create(
        symbol=ETH, order_type="LIMIT", side="BUY", order_quantity="0.1", order_price="3350"
    )
    host, vault_id = kit.admin.vault_host, vault.vault_id
    (position,) = whole(host.positions(vault_id=vault_id))
    (open_order,) = whole(host.open_orders(vault_id=vault_id, symbol=ETH))
    (fill,) = whole(host.fills(vault_id=vault_id))
    assert (position.symbol, position.position_qty) == (ETH, D("0.5"))
    assert (open_order.order_id, open_order.is_triggered) == (rest.order_id, False)
    assert str(fill.match_id) == kit.admin.orders.fills()[0].match_id
    assert [row.status for row in whole(host.orders(vault_id=vault_id))] == ["FILLED"]
    assert whole(host.liquidations(vault_id=vault_id)).meta.total == 0
    assert host.performance(vault_id=vault_id)[0].volume == fill.executed_price * fill.executed_quantity


def test_only_the_provider_sees_the_funds_books(kit, vault):
    """Shares of revenue and fees, and who sent it money."""
    transfer(
        kit.clients[2],
        wallet(kit, 2),
        receiver=kit.account(0).account_id,
        token="USDC",
        amount=25,
        decimals=6,
        chain_id=CHAIN,
    )
    books = kit.admin.strategy_vault
    assert whole(books.protocol_revenue()).meta.total == whole(books.liquidation_fees()).meta.total == 4
    (sent,) = whole(books.internal_transfers())
    assert (sent.from_account, sent.amount) == (kit.account(2).account_id, 25)
    for name in ("protocol_revenue", "liquidation_fees", "internal_transfers", "venue_transfers"):
        with pytest.raises(AuthenticationError):
            getattr(kit.user.strategy_vault, name)()


def test_a_nonce_counts_once(kit):
    """Each is another."""
    first, second = (whole(kit.admin.strategy_vault.nonce()).nonce for _ in range(2))
    assert first != second


def test_a_key_of_the_provider_is_added_by_its_wallet(kit, vault):
    """Verified by the provider's contract, and then it acts for the account."""
    secret, contract = Secret.generate(), "0x" + "11" * 20
    message = AddSpOrderlyKeyMessage(
        broker_id="paper",
        chain_id=CHAIN,
        orderly_key=secret.public,
        scope="read",
        timestamp=kit.admin.clock.time_ms(),
        expiration=kit.admin.clock.time_ms() + DAY,
        contract=contract,
    )
    signed = wallet(kit, 0).sign(message)
    kit.admin.strategy_vault.add_provider_key(
        message=message, signature=signed.signature, user_address=signed.user_address
    )
    credentials = Credentials(account_id=kit.account(0).account_id, secret=secret.reveal(), broker_id="paper")
    with Rest(kit.admin.network, credentials, rate_limits=False) as client:
        assert client.account.info().account_id == kit.account(0).account_id
    stranger = wallet(kit, 1).sign(message)
    with pytest.raises(ApiError):
        kit.admin.strategy_vault.add_provider_key(
            message=message, signature=stranger.signature, user_address=stranger.user_address
        )


def test_the_provider_settles_its_pnl(kit, vault):
    """Signed for its contract; others have nothing to settle so."""
    kit.mark("3450")
    before = kit.admin.assets.settlements().meta.total
    settle_provider_pnl(kit.admin, wallet(kit, 0), contract="0x" + "11" * 20, chain_id=CHAIN)
    assert kit.admin.assets.settlements().meta.total == before + 1
    with pytest.raises(AuthenticationError):
        settle_provider_pnl(kit.user, wallet(kit, 1), contract="0x" + "11" * 20, chain_id=CHAIN)
