"""An admin reads about its users what they read about themselves, row for row."""

from __future__ import annotations

from decimal import Decimal

import pytest

from orderly_sync.errors import AuthenticationError, BadRequest, NotFound
from orderly_sync.wallet.flows import transfer
from orderly_sync.wallet.wallet import Wallet
from tests.support.venue_kit import DAY, ETH, WOO, whole

START = 1_767_225_600_000
SPAN = {"start": START, "end": START + 20 * DAY}


@pytest.fixture(scope="module")
def users(kit):
    """Two users with fills, open orders, algo orders, funding and a transfer between them."""
    kit.buy(1, "1")
    kit.buy(1, "0.5")
    kit.sell(2, "300", WOO)
    for index in (1, 2):
        client = kit.clients[index]
        client.orders.create(
            symbol=ETH, order_type="LIMIT", side="BUY", order_quantity="0.1", order_price="3350"
        )
        client.orders.create_algo(
            symbol=ETH, algo_type="STOP", type="MARKET", side="BUY", quantity="0.2", trigger_price="3600"
        )
    kit.venue.advance(DAY)
    return kit


def test_one_users_settings_and_balances_are_its_own(users):
    """Info, holding, leverage, positions, volume."""
    admin, user = users.admin.admin, users.user
    who = {"user_account": users.account(1).account_id}
    assert whole(admin.client_info(**who)) == user.account.info()
    assert whole(admin.holding(**who)) == user.assets.holding()
    assert whole(admin.leverage(ETH, **who)) == user.config.leverage(symbol=ETH)
    assert whole(admin.position(ETH, **who)).position_qty == user.positions.get(ETH).position_qty
    assert whole(admin.positions(**who)).free_collateral == user.positions.list().free_collateral
    stats = whole(admin.volume_stats(**who, broker_id="paper"))
    assert stats.perp_volume_ltd == user.account.volume_statistics().perp_volume_ltd > 0


def test_one_users_lists_are_its_own(users):
    """Orders, algo orders, fills, funding: the same rows, with whose they are."""
    admin, user, who = users.admin.admin, users.user, {"user_address": users.address(1)}
    orders = whole(admin.orders(**who))
    assert [row.order_id for row in orders] == [row.order_id for row in user.orders.list()]
    assert {row.user_address for row in orders} == {users.address(1)}
    algos = whole(admin.algo_orders(**who))
    assert [row.algo_order_id for row in algos] == [row.algo_order_id for row in user.orders.list_algo()]
    fills = whole(admin.trades(**who))
    assert [row.match_id for row in fills] == [row.match_id for row in user.orders.fills()]
    assert {row.user_id for row in fills} == {user.orders.list()[0].user_id}
    funding = whole(admin.funding_fee_history(**who))
    assert [row.funding_fee for row in funding] == [row.funding_fee for row in user.funding.history()]
    assert funding.meta.total > 0


def test_lists_of_all_users_are_theirs_together(users):
    """Newest first, in a window of 180 days at most."""
    admin = users.admin.admin
    fills = whole(admin.trades(**SPAN))
    own = [fill for client in users.clients for fill in client.orders.fills()]
    assert sorted(row.id for row in fills) == sorted(row.id for row in own)
    assert [row.executed_timestamp for row in fills] == sorted(
        (row.executed_timestamp for row in own), reverse=True
    )
    assert {row.account_id for row in whole(admin.algo_orders(**SPAN))} == {
        users.account(1).account_id,
        users.account(2).account_id,
    }
    with pytest.raises(BadRequest):
        admin.trades()
    with pytest.raises(BadRequest):
        admin.trades(start=START, end=START + 181 * DAY)


def test_orders_are_filtered_sorted_and_paged(users):
    """As the users' own, and by the time of their change."""
    admin = users.admin.admin
    by_age = whole(admin.orders(**SPAN, sort_by="CREATED_TIME_ASC"))
    assert [row.created_time for row in by_age] == sorted(row.created_time for row in by_age)
    assert {row.status for row in admin.orders(**SPAN, status="INCOMPLETE")} == {"NEW"}
    assert {row.symbol for row in admin.orders(**SPAN, symbol=WOO)} == {WOO}
    late = START + 10 * DAY
    assert admin.orders(**SPAN, update_start=late, update_end=late).meta.total == 0
    pages = [admin.orders(**SPAN, page=page, size=2) for page in (1, 2, 3)]
    assert [row.order_id for page in pages for row in page] == [row.order_id for row in admin.orders(**SPAN)]
    with pytest.raises(BadRequest):
        admin.orders(**SPAN, sort_by="PRICE")


def test_money_and_liquidations_are_listed(users):
    """Deposits with their block's time, transfers as the user sees them; conversions there never are."""
    users.user.faucet.usdc(user_address=users.address(1), broker_id="paper", chain_id=421614)
    transfer(
        users.clients[2],
        Wallet(users.account(2).wallet_key),
        receiver=users.account(1).account_id,
        token="USDC",
        amount=25,
        decimals=6,
        chain_id=421614,
    )
    admin, who = users.admin.admin, {"user_account": users.account(1).account_id}
    (deposit,) = whole(admin.asset_history(**SPAN))
    assert (deposit.user_address, deposit.id) == (users.address(1), users.user.assets.history()[0].id)
    (sent,) = whole(admin.internal_transfer_history(side="IN", **who))
    assert (sent.amount, sent.from_account_id) == (25, users.account(2).account_id)
    assert whole(admin.liquidations(**SPAN)).meta.total == 0
    page = whole(admin.convert_history(**SPAN))
    assert (len(page), page.next_cursor) == (0, None)
    with pytest.raises(BadRequest):
        admin.convert_history(start=START, end=START + 200 * DAY)


def test_whom_it_is_about_must_be_clear(users):
    """One user, named once, of this builder; and an admin asks."""
    admin = users.admin.admin
    with pytest.raises(BadRequest):
        admin.client_info()
    with pytest.raises(BadRequest):
        admin.positions(user_account=users.account(1).account_id, user_address=users.address(1))
    with pytest.raises(NotFound):
        admin.holding(user_address="0x" + "00" * 20)
    with pytest.raises(BadRequest):
        admin.volume_stats(user_account=users.account(1).account_id, broker_id="orderly")
    with pytest.raises(AuthenticationError):
        users.user.admin.positions(user_account=users.account(1).account_id)


def test_the_total_of_what_users_hold_is_what_the_builder_holds(users):
    """The admin's rows add up to the public figure."""
    held = sum(
        (
            users.admin.admin.holding(user_account=each.account_id).holding[0].holding
            for each in users.venue.accounts
        ),
        Decimal(0),
    )
    assert users.admin.builder.balance_stats(broker_id="paper").total_holding == held
