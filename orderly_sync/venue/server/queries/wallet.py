"""Queries about one wallet: accounts, state, fees, funding, money, and what they amount to over time."""

from __future__ import annotations

from decimal import Decimal

from orderly_sync.models.account_enums import AssetStatus
from orderly_sync.models.enums import FundingPaymentType
from orderly_sync.venue.engine.ledger import Position
from orderly_sync.venue.engine.records import AssetRow, FundingFee
from orderly_sync.venue.engine.refusals import Refused
from orderly_sync.venue.server.queries.ask import Ask, Query, listed, plain, shown
from orderly_sync.venue.server.queries.market import market_values
from orderly_sync.venue.server.queries.orders import fill_values, open_rows
from orderly_sync.venue.server.registry import Member
from orderly_sync.venue.server.time_windows import DAY, pnl, since, volume
from orderly_sync.venue.server.topics import KLINE_MS
from orderly_sync.wire.error_codes import INVALID_PARAM

__all__ = ["QUERIES", "position_values"]

_ZERO = Decimal(0)
_TIER = "PUBLIC"
_BPS = 10_000
_PORTFOLIO_DAYS = 90
# The query has words of its own for where a deposit or withdrawal stands.
_STATUS = {AssetStatus.COMPLETED: "SUCCESS", AssetStatus.FAILED: "FAILED"}


def _side(quantity: Decimal) -> str:
    return "LONG" if quantity > 0 else "SHORT"


def position_values(position: Position) -> dict[str, object]:
    """An open position."""
    return {
        "symbol": position.symbol,
        "side": _side(position.position_qty),
        "position_qty": plain(abs(position.position_qty)),
        "notional": shown(abs(position.position_qty) * position.mark_price),
        "average_open_price": plain(position.average_open_price),
        "mark_price": plain(position.mark_price),
        "unrealized_pnl": plain(position.unrealized_pnl),
        "unsettled_pnl": plain(position.unsettled_pnl),
        "pnl_24_h": plain(position.pnl_24h),
        "imr": shown(position.imr),
        "mmr": shown(position.mmr),
        "est_liq_price": shown(position.est_liq_price),
        "leverage": position.leverage,
        "margin_mode": position.margin_mode.value,
        "opened_at": position.created_time,
        "updated_at": position.updated_time,
    }


def _held(ask: Ask, member: Member) -> list[Position]:
    return [each for each in ask.call.exchange.positions(member.account_id) if each.position_qty]


def _type(member: Member) -> str:
    return "main" if member.main_id is None else "sub"


def _totals(ask: Ask, member: Member) -> dict[str, object]:
    """An account in figures."""
    state, held = ask.call.exchange.account(member.account_id), _held(ask, member)
    return {
        "account_value": shown(state.total_account_value),
        "total_collateral_value": shown(state.total_collateral),
        "free_collateral": shown(state.free_collateral),
        "margin_ratio": shown(state.margin_ratio),
        "initial_margin_ratio": shown(state.initial_margin_ratio),
        "maintenance_margin_ratio": shown(state.maintenance_margin_ratio),
        "total_unrealized_pnl": plain(sum((each.unrealized_pnl for each in held), _ZERO)),
        "total_unsettled_pnl": shown(state.total_unsettled_pnl),
        "total_pnl_24_h": plain(state.total_pnl_24h),
    }


def _whose(member: Member) -> dict[str, object]:
    return {"broker_id": member.broker_id, "account_id": member.account_id}


def _state(ask: Ask) -> object:
    member = ask.account()
    return {
        "address": member.address,
        **_whose(member),
        "account_type": _type(member),
        **_totals(ask, member),
        "positions": [position_values(each) for each in _held(ask, member)],
    }


def _accounts(ask: Ask) -> object:
    found = ask.accounts()
    exchange = ask.call.exchange
    return {
        "address": found[0].address,
        "accounts": [
            {
                **_whose(each),
                "account_type": _type(each),
                "account_value": shown(exchange.account(each.account_id).total_account_value),
            }
            for each in found
        ],
    }


def _open_count(ask: Ask, member: Member) -> int:
    return len(open_rows(ask, [member], None))


def _agent(ask: Ask) -> object:
    """The markets are those of the positions."""
    member = ask.account()
    held = _held(ask, member)
    return {
        "account": {**_whose(member), **_totals(ask, member), "open_order_count": _open_count(ask, member)},
        "positions": [position_values(each) for each in held],
        "markets": [market_values(ask, symbol) for symbol in dict.fromkeys(each.symbol for each in held)],
    }


def _whale(ask: Ask) -> object:
    member = ask.account()
    most = ask.limit(20, "recent_trades_limit")
    return {
        "account": {**_whose(member), **_totals(ask, member), "open_order_count": _open_count(ask, member)},
        "positions": [position_values(each) for each in _held(ask, member)],
        "recent_trades": [fill_values(fill) for fill in ask.call.exchange.fills(member.account_id)[:most]],
    }


def _position(ask: Ask) -> object:
    """``position`` is null where there is none."""
    symbol, member = ask.required_symbol(), ask.account()
    state = ask.call.exchange.account(member.account_id)
    held = next((each for each in _held(ask, member) if each.symbol == symbol), None)
    market = market_values(ask, symbol)
    shown_of_market = (
        *("mark_price", "index_price", "bid_price", "ask_price", "last_funding_rate"),
        *("est_funding_rate", "next_funding_time", "24h_volume", "open_interest"),
    )
    return {
        "position": None if held is None else position_values(held),
        "open_orders": open_rows(ask, [member], symbol),
        "market": {name: market[name] for name in shown_of_market},
        "account_summary": {
            "free_collateral": shown(state.free_collateral),
            "margin_ratio": shown(state.margin_ratio),
        },
    }


def _fee_rate(ask: Ask) -> object:
    """There is one tier here; rates are decimal fractions."""
    member = ask.account()
    state = ask.call.exchange.account(member.account_id)
    month = since(ask.call.exchange.fills(member.account_id), ask.now - 30 * DAY)
    return {
        "tier": _TIER,
        "futures_tier": _TIER,
        "maker_fee_rate": plain(state.maker_fee_rate / _BPS),
        "taker_fee_rate": plain(state.taker_fee_rate / _BPS),
        "30d_volume": plain(volume(month)),
    }


def _paid_quantity(fee: FundingFee) -> Decimal:
    """The position that paid so much at that rate and price."""
    worth = fee.funding_rate * fee.mark_price
    if not worth:
        return _ZERO
    quantity = fee.funding_fee / worth
    return quantity if fee.payment_type is FundingPaymentType.PAY else -quantity


def _funding(ask: Ask) -> object:
    symbol, (start, end) = ask.symbol(), ask.window()
    found = [
        (member, fee)
        for member in ask.accounts()
        for fee in ask.call.exchange.funding_fees(member.account_id)
        if symbol in {None, fee.symbol} and start <= fee.created_time <= end
    ]
    found.sort(key=lambda each: each[1].created_time, reverse=True)

    def identity(each: tuple[Member, FundingFee]) -> str:
        member, fee = each
        return f"{member.account_id}/{fee.created_time}/{fee.symbol}/{fee.margin_mode}"

    def row(each: tuple[Member, FundingFee]) -> dict[str, object]:
        fee = each[1]
        return {
            "symbol": fee.symbol,
            "funding_rate": plain(fee.funding_rate),
            "funding_fee": plain(fee.funding_fee),
            "position_qty": shown(_paid_quantity(fee)),
            "mark_price": plain(fee.mark_price),
            "funding_rate_timestamp": fee.created_time,
            "payment_type": fee.payment_type.value,
            "funding_status": fee.status.value,
            "margin_mode": fee.margin_mode.value,
        }

    return listed(ask, found, identity, row, 100)


def _money(ask: Ask) -> object:
    side, token = ask.fields.text("side"), ask.fields.text("token")
    if side not in {None, "deposit", "withdraw", "withdrawal"}:
        raise Refused(INVALID_PARAM, "side must be deposit or withdraw")
    wanted = None if side is None else side.removesuffix("al").upper()
    start, end = ask.window()
    found = [
        row
        for member in ask.accounts()
        for row in ask.call.exchange.assets(member.account_id)
        if wanted in {None, row.side.value}
        and token in {None, row.token}
        and start <= row.created_time <= end
    ]
    found.sort(key=lambda row: row.id, reverse=True)

    def row(asset: AssetRow) -> dict[str, object]:
        return {
            "id": str(asset.id),
            "token": asset.token,
            "side": asset.side.value.lower(),
            "amount": plain(asset.amount),
            "fee": plain(asset.fee),
            "chain_id": asset.chain_id,
            "tx_id": asset.tx_id,
            "status": _STATUS.get(asset.trans_status, "PENDING"),
            "created_time": asset.created_time,
        }

    return listed(ask, found, lambda each: str(each.id), row, 100)


def _portfolio(ask: Ask) -> object:
    """Values worked back from now by the PnL realised since; what prices did besides is not known [assumed]."""
    interval = ask.fields.text("interval") or "1d"
    if interval not in KLINE_MS:
        raise Refused(INVALID_PARAM, f"interval must be one of {', '.join(KLINE_MS)}")
    length, (start, end) = KLINE_MS[interval], ask.window()
    end = min(end, ask.now)
    start = max(start or end - _PORTFOLIO_DAYS * DAY, ask.call.markets.opening)
    accounts = ask.accounts()
    fills = [fill for each in accounts for fill in ask.call.exchange.fills(each.account_id)]
    states = (ask.call.exchange.account(each.account_id) for each in accounts)
    worth = sum((state.total_account_value for state in states), _ZERO)
    moments = list(range(end, start - 1, -length))

    def row(moment: int) -> dict[str, object]:
        return {
            "account_value": shown(worth - pnl(since(fills, moment + 1))),
            "cumulative_pnl": plain(pnl(since(fills, 0, moment + 1))),
            "timestamp": moment,
        }

    return listed(ask, moments, str, row, 90)


QUERIES: dict[str, tuple[Query, int]] = {
    "accountState": (_state, 5),
    "accounts": (_accounts, 5),
    "agentContext": (_agent, 2),
    "feeRate": (_fee_rate, 1),
    "fundingPayments": (_funding, 5),
    "portfolio": (_portfolio, 5),
    "positionContext": (_position, 2),
    "userDepositsWithdrawals": (_money, 5),
    "whaleContext": (_whale, 3),
}
"""By type: what answers, and its weight."""
