"""Orders, positions, the account, its settings, and the market they are in."""

from __future__ import annotations

from typing import Any

from tests.scenario.operations.calls import BROKER, DAY, ETH, SPAN, RecordedKit, Row

__all__ = ["ROWS"]


def _create(s: RecordedKit) -> None:
    """An order that fills, of both accounts that trade; later rows find its fills."""
    s.kept["filled"] = s.buy(s.user, "0.5").order_id
    s.buy(s.third, "0.2")


def _create_batch(s: RecordedKit) -> None:
    one = {
        "symbol": ETH,
        "order_type": "LIMIT",
        "side": "BUY",
        "order_price": "3310",
        "order_quantity": "0.1",
    }
    s.kept["batch"] = s.user.orders.create_batch(
        orders=[{**one, "client_order_id": f"batch-{number}"} for number in range(2)]
    )


def _edit(s: RecordedKit) -> None:
    s.user.orders.edit(
        order_id=s.rest_order("edited"),
        symbol=ETH,
        order_type="LIMIT",
        side="BUY",
        order_price="3301",
        order_quantity="0.1",
    )


def _create_algo(s: RecordedKit) -> None:
    """Legs on both sides of the position, so that a tree has children to show."""
    legs = [
        {"symbol": ETH, "algo_type": kind, "side": "SELL", "type": "MARKET", "trigger_price": trigger}
        for kind, trigger in (("TAKE_PROFIT", 3700), ("STOP_LOSS", 3000))
    ]
    s.kept["algo"] = s.user.orders.create_algo(
        symbol=ETH, algo_type="TP_SL", quantity="0.2", child_orders=legs, client_order_id="waits"
    ).order_id


def _edit_algo(s: RecordedKit) -> object:
    root = s.user.orders.get_algo(s.kept["algo"])
    legs = [{"order_id": leg.algo_order_id, "quantity": "0.3"} for leg in root.child_orders]
    return s.user.orders.edit_algo(order_id=s.kept["algo"], child_orders=legs)


def _triggered(s: RecordedKit) -> None:
    """A stop that has fired has fills."""
    order_id = s.stop("fires", trigger=3350)
    s.venue.set_mark_price(ETH, "3340")
    s.venue.set_mark_price(ETH, "3400")
    s.user.orders.algo_fills_of(order_id)


def _isolated(s: RecordedKit) -> None:
    s.buy(s.user, "0.1", margin_mode="ISOLATED")
    s.user.config.change_position_margin(symbol=ETH, amount=50, type="ADD")


def _closed(s: RecordedKit) -> None:
    """A position that was opened and closed is history."""
    s.buy(s.third, "1", "PERP_SOL_USDC")
    s.third.orders.create(symbol="PERP_SOL_USDC", order_type="MARKET", side="SELL", order_quantity="1")
    s.third.positions.history(limit=10)


def _funded(s: RecordedKit) -> None:
    s.venue.advance(DAY)
    s.user.funding.history()


def _chart(s: RecordedKit, call: Any, **more: Any) -> None:
    call(symbol=ETH, start=s.venue.now() - DAY, end=s.venue.now(), **more)


ORDERS: tuple[Row, ...] = (
    ("orders.create", _create),
    ("orders.create_batch", _create_batch),
    ("orders.edit", _edit),
    ("orders.get", lambda s: s.user.orders.get(s.kept["filled"])),
    ("orders.get_by_client_order_id", lambda s: s.user.orders.get_by_client_order_id("edited")),
    ("orders.list", lambda s: s.user.orders.list()),
    ("orders.fills", lambda s: s.user.orders.fills()),
    ("orders.fill", lambda s: s.user.orders.fill(s.user.orders.fills()[0].id)),
    ("orders.fills_of", lambda s: s.user.orders.fills_of(s.kept["filled"])),
    ("orders.cancel", lambda s: s.user.orders.cancel(symbol=ETH, order_id=s.rest_order("one"))),
    (
        "orders.cancel_by_client_order_id",
        lambda s: s.user.orders.cancel_by_client_order_id(symbol=ETH, client_order_id="edited"),
    ),
    (
        "orders.cancel_batch",
        lambda s: s.user.orders.cancel_batch(order_ids=[s.rest_order("two"), s.rest_order("three")]),
    ),
    (
        "orders.cancel_batch_by_client_order_id",
        lambda s: s.user.orders.cancel_batch_by_client_order_id(client_order_ids=["batch-0", "batch-1"]),
    ),
    ("orders.cancel_all", lambda s: (s.rest_order("four"), s.user.orders.cancel_all(symbol=ETH))),
    ("orders.cancel_all_after", lambda s: s.user.orders.cancel_all_after(trigger_after=60_000)),
    ("orders.create_algo", _create_algo),
    ("orders.edit_algo", _edit_algo),
    ("orders.get_algo", lambda s: s.user.orders.get_algo(s.kept["algo"])),
    ("orders.get_algo_by_client_order_id", lambda s: s.user.orders.get_algo_by_client_order_id("waits")),
    ("orders.list_algo", lambda s: s.user.orders.list_algo()),
    ("orders.algo_fills_of", _triggered),
    ("orders.cancel_algo", lambda s: s.user.orders.cancel_algo(symbol=ETH, order_id=s.kept["algo"])),
    (
        "orders.cancel_algo_by_client_order_id",
        lambda s: (
            s.stop("by-name"),
            s.user.orders.cancel_algo_by_client_order_id(symbol=ETH, client_order_id="by-name"),
        ),
    ),
    ("orders.cancel_all_algo", lambda s: (s.stop("last"), s.user.orders.cancel_all_algo(symbol=ETH))),
)

ACCOUNT: tuple[Row, ...] = (
    ("positions.list", lambda s: s.user.positions.list()),
    ("positions.list_lite", lambda s: s.user.positions.list_lite()),
    ("positions.get", lambda s: s.user.positions.get(ETH)),
    ("positions.history", _closed),
    ("config.set_leverage", lambda s: s.user.config.set_leverage(symbol=ETH, leverage=20)),
    ("config.set_leverage_legacy", lambda s: s.user.config.set_leverage_legacy(leverage=5)),
    ("config.leverage", lambda s: s.user.config.leverage(symbol=ETH)),
    ("config.leverages", lambda s: s.user.config.leverages()),
    ("config.leverage_options", lambda s: s.public.config.leverage_options()),
    ("config.max_leverage", lambda s: s.public.config.max_leverage()),
    ("config.change_position_margin", _isolated),
    (
        "config.set_margin_mode",
        lambda s: s.user.config.set_margin_mode(symbol="PERP_BTC_USDC", default_margin_mode="ISOLATED"),
    ),
    ("config.margin_modes", lambda s: s.user.config.margin_modes()),
    (
        "config.set_maintenance_cancel",
        lambda s: s.user.config.set_maintenance_cancel(maintenance_cancel_order_flag=True),
    ),
    ("account.info", lambda s: s.user.account.info()),
    ("account.overview", lambda s: s.user.account.overview()),
    ("account.statistics", lambda s: s.user.account.statistics()),
    ("account.volume_statistics", lambda s: s.user.account.volume_statistics()),
    ("funding.history", _funded),
    ("account.daily_volume", lambda s: s.user.account.daily_volume(**SPAN)),
    ("account.daily_statistics", lambda s: s.user.account.daily_statistics(**SPAN)),
    ("notifications.inbox", lambda s: s.user.notifications.inbox()),
    ("notifications.unread", lambda s: s.user.notifications.unread()),
    (
        "notifications.mark_read",
        lambda s: s.user.notifications.mark_read(flag=True, ids=[s.user.notifications.inbox()[0].id]),
    ),
    ("notifications.mark_all_read", lambda s: s.user.notifications.mark_all_read(flag=True)),
)

MARKET: tuple[Row, ...] = (
    ("market.symbols", lambda s: s.public.market.symbols()),
    ("market.rules", lambda s: s.public.market.rules(ETH)),
    ("market.futures", lambda s: s.public.market.futures()),
    ("market.futures_info", lambda s: s.public.market.futures_info(ETH)),
    ("market.trades", lambda s: s.public.market.trades(symbol=ETH)),
    ("market.price_changes", lambda s: s.public.market.price_changes()),
    ("market.open_interests", lambda s: s.public.market.open_interests()),
    ("market.price_history", lambda s: s.public.market.price_history(time_interval="1d")),
    ("market.tokens", lambda s: s.public.market.tokens()),
    ("market.index_price_sources", lambda s: s.public.market.index_price_sources()),
    ("market.book", lambda s: s.user.market.book(ETH)),
    ("market.klines", lambda s: s.user.market.klines(symbol=ETH, type="1h")),
    ("market.kline_history", lambda s: _chart(s, s.user.market.kline_history, resolution="1h")),
    ("funding_rates.market_history", lambda s: s.public.funding_rates.market_history()),
    ("funding_rates.rates", lambda s: s.public.funding_rates.rates()),
    ("funding_rates.rate", lambda s: s.public.funding_rates.rate(ETH)),
    ("funding_rates.history", lambda s: s.public.funding_rates.history(symbol=ETH)),
    ("tradingview.config", lambda s: s.public.tradingview.config(locale="en")),
    ("tradingview.symbol_info", lambda s: s.public.tradingview.symbol_info(group="orderly")),
    ("tradingview.history", lambda s: _chart(s, s.public.tradingview.history, resolution="60")),
    ("system.info", lambda s: s.public.system.info()),
    ("system.insurance_fund", lambda s: s.public.system.insurance_fund()),
    ("system.announcements", lambda s: (s.venue.announce("hello"), s.public.system.announcements())),
    ("system.ip_info", lambda s: s.public.system.ip_info()),
    ("system.vault_balances", lambda s: s.public.system.vault_balances()),
    ("builder.balance_stats", lambda s: s.public.builder.balance_stats(broker_id=BROKER)),
    ("builder.broker_names", lambda s: s.public.builder.broker_names()),
    ("builder.broker_stats", lambda s: s.public.builder.broker_stats(broker_id=BROKER)),
    ("builder.chain_info", lambda s: s.public.builder.chain_info(broker_id=BROKER)),
    ("builder.chain_info_of", lambda s: s.public.builder.chain_info_of(BROKER)),
    ("funding_rates.comparison", lambda s: s.public.funding_rates.comparison()),
    ("system.feature_flags", lambda s: s.public.system.feature_flags()),
    ("system.account_feature_flags", lambda s: s.user.system.account_feature_flags()),
    ("system.restricted_areas", lambda s: s.public.system.restricted_areas()),
    ("system.announcement_board", lambda s: s.public.system.announcement_board()),
    ("builder.futures_market", lambda s: s.public.builder.futures_market()),
    ("builder.volume_stats", lambda s: s.public.builder.volume_stats(broker_id=BROKER)),
)

ROWS = ORDERS + ACCOUNT + MARKET
