"""The topics of an account: its orders, positions, holdings, money and liquidations. They need credentials."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import Any, Literal

from orderly_sync.errors import UsageError
from orderly_sync.models import pushes
from orderly_sync.wire import event_parsers as readers
from orderly_sync.wire.symbols import symbol as native
from orderly_sync.wire.topic import Topic

__all__ = [
    "account",
    "algo_execution_report",
    "asset_convert",
    "balance",
    "execution_report",
    "liquidations_account",
    "liquidator_liquidations",
    "notifications",
    "position",
    "settle",
    "wallet",
]

_algo = readers.algo_reports()
_execution = readers.rows(pushes.ExecutionReport)
_position = readers.positions()
_balance = readers.balances()
_account = readers.account()
_settle = readers.rows(pushes.SettleUpdate)
_wallet = readers.rows(pushes.WalletUpdate)
_account_liquidation = readers.rows(pushes.AccountLiquidation)
_liquidator_liquidation = readers.rows(pushes.LiquidatorLiquidation)
_conversion = readers.rows(pushes.AssetConversion)
_notification = readers.rows(pushes.NotificationUpdate)


def _position_of(event: Any) -> Hashable:
    return event.symbol, event.margin_mode


def _token_of(event: Any) -> Hashable:
    return event.token  # type: ignore[no-any-return]


def algo_execution_report(version: Literal[1, 2] = 2) -> Topic[pushes.AlgoExecutionReport]:
    """Every change of every algo order of the account, one event per node of its tree, at once.

    Wire topics ``algoexecutionreportv2`` (a tree, root first, parents before children) and, for version 1,
    ``algoexecutionreport`` (a flat list in the venue's order). Both tell the same: subscribe to one.
    After a gap each fill, end and latest state is told by ``GET /v1/algo/orders``, ``GET
    /v1/algo/order/{order_id}/trades``. Gone for good: the moment and price of a trigger, edits but the last, a
    trailing stop's best prices.

    Raises:
        UsageError: The version is neither 1 nor 2.
    """
    if version not in {1, 2}:
        raise UsageError(f"there is no version {version!r} of the algo execution report; pass 1 or 2")
    name = "algoexecutionreportv2" if version == 2 else "algoexecutionreport"  # noqa: PLR2004
    return Topic(name, pushes.AlgoExecutionReport, _algo, private=True)


def execution_report(symbol: str | Iterable[str] | None = None) -> Topic[pushes.ExecutionReport]:
    """Every change of every ordinary order of the account, fills included, at once. Wire topic ``executionreport``.

    After a gap each beginning, fill and end is told by ``GET /v1/orders``, ``GET /v1/trades``, ``GET
    /v1/order/{order_id}/trades``. Gone for good: edits but the last, the reason of a cancel or refusal, seq, the
    order of fills within one millisecond.

    Args:
        symbol: One symbol or several: the venue then sends no others.

    Raises:
        UsageError: A symbol cannot be read, or the list is empty.
    """
    if symbol is None:
        return Topic("executionreport", pushes.ExecutionReport, _execution, private=True)
    wanted = dict.fromkeys(native(each) for each in ([symbol] if isinstance(symbol, str) else symbol))
    if not wanted:
        raise UsageError("execution_report: no symbols given; pass None for all of them")
    params = (("symbol", ",".join(wanted)),)
    return Topic("executionreport", pushes.ExecutionReport, _execution, private=True, params=params)


def position() -> Topic[pushes.PositionUpdate]:
    """Positions as they change, one event each; quantity 0 is closed. Wire topic ``position``.

    After a gap the latest state is told by ``GET /v1/positions``. Gone for good: states between, version.
    """
    return Topic("position", pushes.PositionUpdate, _position, private=True, conflate=_position_of)


def balance() -> Topic[pushes.BalanceUpdate]:
    """Holdings as they change, one event per token, in its units, without unsettled PnL. Wire topic ``balance``.

    After a gap the latest state is told by ``GET /v1/client/holding``. Gone for good: states between, version.
    """
    return Topic("balance", pushes.BalanceUpdate, _balance, private=True, conflate=_token_of)


def account() -> Topic[pushes.AccountUpdate]:
    """Settings and totals of the account as they change; fee rates in basis points. Wire topic ``account``.

    After a gap the latest state is told by ``GET /v1/client/info``. Gone for good: states between, totals, the
    leverage of single symbols, margin_mode.
    """
    return Topic("account", pushes.AccountUpdate, _account, private=True)


def settle() -> Topic[pushes.SettleUpdate]:
    """Settlements of PnL into the balance, USDC, as they change. Wire topic ``settle``.

    After a gap what it hid is told by ``GET /v1/pnl_settlement/history``. Gone for good: statuses other than
    COMPLETED.
    """
    return Topic("settle", pushes.SettleUpdate, _settle, private=True)


def wallet() -> Topic[pushes.WalletUpdate]:
    """Deposits and withdrawals as they change, in units of their token. Wire topic ``wallet``.

    After a gap what it hid is told by ``GET /v1/asset/history``. Gone for good: statuses between, and their
    times.
    """
    return Topic("wallet", pushes.WalletUpdate, _wallet, private=True)


def liquidations_account() -> Topic[pushes.AccountLiquidation]:
    """Liquidations of this account, at once. Wire topic ``liquidationsaccount``.

    After a gap what it hid is told by ``GET /v1/liquidations``. Gone for good: states between.
    """
    return Topic("liquidationsaccount", pushes.AccountLiquidation, _account_liquidation, private=True)


def liquidator_liquidations() -> Topic[pushes.LiquidatorLiquidation]:
    """Liquidations offered to or taken by this account, within a second. Wire topic ``liquidatorliquidations``.

    After a gap what it hid is told by ``GET /v1/client/liquidator_liquidations``. Gone for good: offers that were
    not taken over.
    """
    return Topic(
        "liquidatorliquidations", pushes.LiquidatorLiquidation, _liquidator_liquidation, private=True
    )


def asset_convert() -> Topic[pushes.AssetConversion]:
    """Conversions of collateral, one event per transaction, in units of the tokens. Wire topic ``assetconvert``.

    After a gap what it hid is told by ``GET /v1/asset/convert_history``. Gone for good: all of it where the venue
    does not serve that list.
    """
    return Topic("assetconvert", pushes.AssetConversion, _conversion, private=True)


def notifications() -> Topic[pushes.NotificationUpdate]:
    """Messages of the account's inbox. Wire topic ``notifications``.

    Retired: the venue's pages no longer list it since April 2026. It works where it is still served, else it is silent.

    After a gap what it hid is told by ``GET /v1/notification/inbox/notifications``. Gone for good: what the inbox
    keeps no longer.
    """
    return Topic("notifications", pushes.NotificationUpdate, _notification, private=True)
