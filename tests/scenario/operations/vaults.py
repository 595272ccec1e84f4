"""Strategy vaults, their own host, and the public queries."""

from __future__ import annotations

from typing import Any

from orderly_sync.models.message import VaultAction
from orderly_sync.wallet.flows import request_vault, settle_provider_pnl, transfer
from orderly_sync.wallet.onboarding import add_provider_key
from tests.scenario.operations.calls import BROKER, CHAIN, DAY, ETH, RecordedKit, Row

__all__ = ["ROWS"]

PROVIDER = "0x" + "11" * 20


def _request(s: RecordedKit) -> None:
    """A deposit becomes shares when the day is over; the same shares are then asked back a month later."""
    vault = s.public.vault_host.vaults(status="live")[0]
    s.kept["vault"] = vault.vault_id
    _ask(s, 1, VaultAction.LP_DEPOSIT, 1000)
    s.venue.advance(DAY)
    shares = s.public.vault_host.lp_info(wallet_address=s.address(1))[0].total_main_shares
    s.venue.advance(30 * DAY)
    assert shares is not None
    _ask(s, 1, VaultAction.LP_WITHDRAW, shares / 2 // 1)
    _ask(s, 0, VaultAction.SP_DEPOSIT, 500)


def _ask(s: RecordedKit, index: int, action: VaultAction, amount: Any) -> None:
    request_vault(
        s.clients[index], s.wallets[index], action, vault_id=s.kept["vault"], token="USDC", amount=amount
    )


def _deliver(s: RecordedKit) -> None:
    plan = next(row for row in s.admin.strategy_vault.venue_withdrawals() if row.status == "pending")
    assert plan.plan_id is not None
    s.admin.strategy_vault.deliver_period(plan_id=plan.plan_id)


def _sent(s: RecordedKit) -> None:
    """What others sent to the provider."""
    transfer(s.third, s.wallets[2], receiver=s.ids[0], token="USDC", amount="25")
    s.admin.strategy_vault.internal_transfers()


def _open_orders(s: RecordedKit) -> None:
    s.admin.orders.create(
        symbol=ETH, order_type="LIMIT", side="BUY", order_price="3310", order_quantity="0.1"
    )
    s.public.vault_host.open_orders(vault_id=s.kept["vault"])


def _settle(s: RecordedKit) -> None:
    s.buy(s.admin, "0.1")
    s.venue.set_mark_price(ETH, "3420")
    settle_provider_pnl(s.admin, s.wallets[0], contract=PROVIDER)


VAULT: tuple[Row, ...] = (
    ("vault_host.vaults", lambda s: s.public.vault_host.vaults()),
    ("strategy_vault.nonce", lambda s: s.public.strategy_vault.nonce()),
    ("strategy_vault.request", _request),
    ("strategy_vault.venue_withdrawals", lambda s: s.admin.strategy_vault.venue_withdrawals()),
    ("strategy_vault.deliver_period", _deliver),
    ("strategy_vault.transactions", lambda s: s.user.strategy_vault.transactions()),
    ("strategy_vault.venue_transfers", lambda s: s.admin.strategy_vault.venue_transfers()),
    ("strategy_vault.protocol_revenue", lambda s: s.admin.strategy_vault.protocol_revenue()),
    ("strategy_vault.liquidation_fees", lambda s: s.admin.strategy_vault.liquidation_fees()),
    ("strategy_vault.internal_transfers", _sent),
    (
        "strategy_vault.add_provider_key",
        lambda s: add_provider_key(s.admin, s.wallets[0], BROKER, account=s.ids[0], contract=PROVIDER),
    ),
    ("strategy_vault.settle_provider_pnl", _settle),
)


def _host(name: str, *, whose: int | None = None, **more: Any) -> Row:
    """A question of the vault host about the live vault, asked for a wallet where it takes one."""

    def ask(s: RecordedKit) -> None:
        who = {} if whose is None else {"wallet_address": s.address(whose)}
        getattr(s.public.vault_host, name)(vault_id=s.kept["vault"], **who, **more)

    return f"vault_host.{name}", ask


HOST: tuple[Row, ...] = (
    ("vault_host.totals", lambda s: s.public.vault_host.totals()),
    ("vault_host.user_totals", lambda s: s.public.vault_host.user_totals(wallet_address=s.address(1))),
    _host("fills"),
    _host("orders"),
    ("vault_host.open_orders", _open_orders),
    _host("positions"),
    _host("liquidations"),
    _host("performance"),
    _host("performance_chart", type="TVL", time_range="30d"),
    _host("fund_info", whose=0),
    _host("fund_pending", whose=0),
    _host("fund_periods", whose=0),
    _host("lp_info", whose=1),
    _host("lp_transactions", whose=1),
    _host("lp_fees", whose=1),
    _host("lp_claimable", whose=1, chain_id=str(CHAIN)),
    _host("lp_performance", whose=1),
    _host("lp_performance_chart", whose=1, type="TVL", time_range="30d"),
    _host("provider_info", whose=0),
    _host("provider_transactions", whose=0),
    _host("provider_fees", whose=0),
    _host("provider_claimable", whose=0, chain_id=str(CHAIN)),
)


def _historical(s: RecordedKit) -> None:
    """What was cancelled today."""
    s.user.orders.cancel(symbol=ETH, order_id=s.rest_order("history"))
    s.public.query.historical_orders(address=s.address(1), account_id=s.ids[1])


def _waiting(s: RecordedKit) -> None:
    s.rest_order("waiting")
    s.public.query.open_orders(address=s.address(1), account_id=s.ids[1])


def _ask_of(name: str, **more: Any) -> Row:
    """A public query about a wallet: the second account's."""
    return f"query.{name}", lambda s: getattr(s.public.query, name)(
        address=s.address(1), account_id=s.ids[1], **more
    )


QUERY: tuple[Row, ...] = (
    ("query.accounts", lambda s: s.public.query.accounts(address=s.address(1))),
    _ask_of("account_state"),
    _ask_of("agent_context"),
    _ask_of("fee_rate"),
    _ask_of("funding_payments"),
    ("query.historical_orders", _historical),
    ("query.open_orders", _waiting),
    _ask_of("portfolio"),
    _ask_of("trades"),
    _ask_of("user_deposits_withdrawals"),
    _ask_of("whale_context"),
    _ask_of("position_context", symbol=ETH),
    (
        "query.order_status",
        lambda s: s.public.query.order_status(
            address=s.address(1), order_id=s.kept["filled"], account_id=s.ids[1]
        ),
    ),
    ("query.candles", lambda s: s.public.query.candles(symbol=ETH, interval="1h")),
    ("query.funding_comparison", lambda s: s.public.query.funding_comparison()),
    ("query.funding_rate_history", lambda s: s.public.query.funding_rate_history(symbol=ETH)),
    ("query.liquidations", lambda s: s.public.query.liquidations()),
    ("query.market_detail", lambda s: s.public.query.market_detail(symbol=ETH)),
    ("query.market_summary", lambda s: s.public.query.market_summary()),
    ("query.market_trades", lambda s: s.public.query.market_trades(symbol=ETH)),
    ("query.orderbook", lambda s: s.public.query.orderbook(symbol=ETH)),
    ("query.platform_positions", lambda s: s.public.query.platform_positions()),
    ("query.rate_limit_status", lambda s: s.public.query.rate_limit_status()),
    ("query.top_addresses", lambda s: s.public.query.top_addresses()),
)

ROWS = VAULT + HOST + QUERY
