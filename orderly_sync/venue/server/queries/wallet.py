"""Queries about one wallet: accounts, state, fees, funding, money, and what they amount to over time."""

from __future__ import annotations

from decimal import Decimal

from orderly_sync.models.enums import AssetStatus, FundingPaymentType
from orderly_sync.venue.engine.ledger import Position
from orderly_sync.venue.engine.records import AssetRow, FundingFee, volume
from orderly_sync.venue.engine.refusals import Refused
from orderly_sync.venue.server.queries.query_call import Query, QueryCall, listed
from orderly_sync.venue.server.queries.rows import fill_values, market_values, open_rows, plain, shown
from orderly_sync.venue.server.registry import Member
from orderly_sync.venue.server.time_windows import DAY, pnl, since
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


def _held(query: QueryCall, member: Member) -> list[Position]:
    return [each for each in query.call.exchange.positions(member.account_id) if each.position_qty]


def _type(member: Member) -> str:
    return "main" if member.main_id is None else "sub"


def _totals(query: QueryCall, member: Member) -> dict[str, object]:
    """An account in figures."""
    state, held = query.call.exchange.account(member.account_id), _held(query, member)
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


def _state(query: QueryCall) -> object:
    member = query.account()
    return {
        "address": member.address,
        **_whose(member),
        "account_type": _type(member),
        **_totals(query, member),
        "positions": [position_values(each) for each in _held(query, member)],
    }


def _accounts(query: QueryCall) -> object:
    found = query.accounts()
    exchange = query.call.exchange
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


def _open_count(query: QueryCall, member: Member) -> int:
    return len(open_rows(query.call.exchange, [member], None))


def _agent(query: QueryCall) -> object:
    """The markets are those of the positions."""
    member = query.account()
    held = _held(query, member)
    return {
        "account": {
            **_whose(member),
            **_totals(query, member),
            "open_order_count": _open_count(query, member),
        },
        "positions": [position_values(each) for each in held],
        "markets": [
            market_values(query.call.exchange, query.call.markets, symbol)
            for symbol in dict.fromkeys(each.symbol for each in held)
        ],
    }


def _whale(query: QueryCall) -> object:
    member = query.account()
    most = query.limit(20, "recent_trades_limit")
    return {
        "account": {
            **_whose(member),
            **_totals(query, member),
            "open_order_count": _open_count(query, member),
        },
        "positions": [position_values(each) for each in _held(query, member)],
        "recent_trades": [fill_values(fill) for fill in query.call.exchange.fills(member.account_id)[:most]],
    }


def _position(query: QueryCall) -> object:
    """``position`` is null where there is none."""
    symbol, member = query.required_symbol(), query.account()
    state = query.call.exchange.account(member.account_id)
    held = next((each for each in _held(query, member) if each.symbol == symbol), None)
    market = market_values(query.call.exchange, query.call.markets, symbol)
    shown_of_market = (
        *("mark_price", "index_price", "bid_price", "ask_price", "last_funding_rate"),
        *("est_funding_rate", "next_funding_time", "24h_volume", "open_interest"),
    )
    return {
        "position": None if held is None else position_values(held),
        "open_orders": open_rows(query.call.exchange, [member], symbol),
        "market": {name: market[name] for name in shown_of_market},
        "account_summary": {
            "free_collateral": shown(state.free_collateral),
            "margin_ratio": shown(state.margin_ratio),
        },
    }


def _fee_rate(query: QueryCall) -> object:
    """There is one tier here; rates are decimal fractions."""
    member = query.account()
    state = query.call.exchange.account(member.account_id)
    month = since(query.call.exchange.fills(member.account_id), query.now - 30 * DAY)
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


def _funding(query: QueryCall) -> object:
    symbol, (start, end) = query.symbol(), query.window()
    found = [
        (member, fee)
        for member in query.accounts()
        for fee in query.call.exchange.funding_fees(member.account_id)
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

    return listed(query, found, identity, row, 100)


def _money(query: QueryCall) -> object:
    side, token = query.fields.text("side"), query.fields.text("token")
    if side not in {None, "deposit", "withdraw", "withdrawal"}:
        raise Refused(INVALID_PARAM, "side must be deposit or withdraw")
    wanted = None if side is None else side.removesuffix("al").upper()
    start, end = query.window()
    found = [
        row
        for member in query.accounts()
        for row in query.call.exchange.assets(member.account_id)
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

    return listed(query, found, lambda each: str(each.id), row, 100)


def _portfolio(query: QueryCall) -> object:
    """Values worked back from now by the PnL realised since; what prices did besides is not known [assumed]."""
    interval = query.fields.text("interval") or "1d"
    if interval not in KLINE_MS:
        raise Refused(INVALID_PARAM, f"interval must be one of {', '.join(KLINE_MS)}")
    length, (start, end) = KLINE_MS[interval], query.window()
    end = min(end, query.now)
    start = max(start or end - _PORTFOLIO_DAYS * DAY, query.call.markets.opening)
    accounts = query.accounts()
    fills = [fill for each in accounts for fill in query.call.exchange.fills(each.account_id)]
    states = (query.call.exchange.account(each.account_id) for each in accounts)
    worth = sum((state.total_account_value for state in states), _ZERO)
    moments = list(range(end, start - 1, -length))

    def row(moment: int) -> dict[str, object]:
        return {
            "account_value": shown(worth - pnl(since(fills, moment + 1))),
            "cumulative_pnl": plain(pnl(since(fills, 0, moment + 1))),
            "timestamp": moment,
        }

    return listed(query, moments, str, row, 90)


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
