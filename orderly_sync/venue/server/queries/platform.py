"""Queries about all accounts: positions, the largest wallets, liquidations. Simulated makers are left out."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import attrs

from orderly_sync.venue.engine.ledger import Position
from orderly_sync.venue.engine.records import Fill, LiquidatedPosition, LiquidationRow, volume
from orderly_sync.venue.engine.refusals import Refused
from orderly_sync.venue.programs.builders.builders import members
from orderly_sync.venue.server.encoding import number
from orderly_sync.venue.server.queries.query_call import Query, QueryCall, listed
from orderly_sync.venue.server.queries.rows import plain, shown
from orderly_sync.venue.server.registry import Member
from orderly_sync.venue.server.time_windows import DAY, pnl, since
from orderly_sync.wire.error_codes import INVALID_PARAM

__all__ = ["QUERIES"]

_ZERO = Decimal(0)
_SPANS = {"24h": DAY, "7d": 7 * DAY, "30d": 30 * DAY}


def _worth(position: Position) -> Decimal:
    return abs(position.position_qty) * position.mark_price


def _held(query: QueryCall, users: list[Member], symbol: str | None) -> list[tuple[Member, Position]]:
    return [
        (each, position)
        for each in users
        for position in query.call.exchange.positions(each.account_id)
        if position.position_qty and symbol in {None, position.symbol}
    ]


def _least(query: QueryCall) -> Decimal:
    return query.fields.number("min_notional") or _ZERO


def _positions(query: QueryCall) -> Any:
    """The totals are of all positions that fit, not only of the page."""
    users = members(query.call, query.fields.text("broker_id"))
    found = [each for each in _held(query, users, query.symbol()) if _worth(each[1]) >= _least(query)]
    found.sort(key=lambda each: _worth(each[1]), reverse=True)

    def side(sign: int) -> str:
        return shown(sum((_worth(each) for _, each in found if each.position_qty * sign > 0), _ZERO))

    def row(each: tuple[Member, Position]) -> dict[str, Any]:
        member, position = each
        return {
            "address": member.address,
            "account_id": member.account_id,
            "broker_id": member.broker_id,
            "symbol": position.symbol,
            "side": "LONG" if position.position_qty > 0 else "SHORT",
            "position_qty": plain(abs(position.position_qty)),
            "notional": shown(_worth(position)),
            "average_open_price": plain(position.average_open_price),
            "mark_price": plain(position.mark_price),
            "est_liq_price": shown(position.est_liq_price),
            "unrealized_pnl": plain(position.unrealized_pnl),
            "unsettled_pnl": plain(position.unsettled_pnl),
            "leverage": position.leverage,
            "margin_mode": position.margin_mode.value,
            "opened_at": position.created_time,
        }

    return {
        "total_long_notional": side(1),
        "total_short_notional": side(-1),
        "total_positions": len(found),
        **listed(
            query,
            found,
            lambda each: f"{each[0].account_id}/{each[1].symbol}/{each[1].margin_mode.value}",
            row,
            500,
        ),
    }


@attrs.frozen(kw_only=True)
class _Wallet:
    """What a wallet holds and has done with one builder."""

    member: Member
    notional: Decimal
    count: int
    fills: tuple[Fill, ...]
    now: int

    def of(self, span: str) -> list[Fill]:
        """The fills of a span."""
        return since(self.fills, self.now - _SPANS[span])

    def win_rate(self, span: str) -> Any:
        """The part of the closing fills that earned something; 0 without any."""
        closing = [fill for fill in self.of(span) if fill.realized_pnl]
        won = sum(1 for fill in closing if fill.realized_pnl > 0)
        return number(round(Decimal(won) / len(closing), 4)) if closing else 0


_SORTS: dict[str, Callable[[_Wallet], Any]] = {
    "notional": lambda each: each.notional,
    **{f"pnl_{span}": lambda each, span=span: pnl(each.of(span)) for span in _SPANS},  # type: ignore[misc]
    **{f"volume_{span}": lambda each, span=span: volume(each.of(span)) for span in _SPANS},  # type: ignore[misc]
}


def _wallets(query: QueryCall) -> list[_Wallet]:
    symbol, groups = query.symbol(), dict[tuple[str, str], list[Member]]()
    for each in members(query.call):
        groups.setdefault((each.address.lower(), each.broker_id), []).append(each)
    found = []
    for users in groups.values():
        held = _held(query, users, symbol)
        fills = tuple(
            fill
            for each in users
            for fill in query.call.exchange.fills(each.account_id)
            if symbol in {None, fill.symbol}
        )
        if held or fills:
            worth = sum((_worth(each) for _, each in held), _ZERO)
            found.append(
                _Wallet(member=users[0], notional=worth, count=len(held), fills=fills, now=query.now)
            )
    return found


def _top(query: QueryCall) -> Any:
    """Wallets that hold or have traded something."""
    sort_by = query.fields.text("sort_by") or "notional"
    if sort_by not in _SORTS:
        raise Refused(INVALID_PARAM, f"sort_by must be one of {', '.join(_SORTS)}")
    found = [each for each in _wallets(query) if each.notional >= _least(query)]
    found.sort(key=_SORTS[sort_by], reverse=True)

    def row(each: _Wallet) -> dict[str, Any]:
        sizes = [fill.price * fill.quantity for fill in each.fills]
        return {
            "address": each.member.address,
            "broker_id": each.member.broker_id,
            "total_notional": shown(each.notional),
            **{f"pnl_{span}": shown(pnl(each.of(span))) for span in _SPANS},
            **{f"volume_{span}": plain(volume(each.of(span))) for span in _SPANS},
            "trade_count_24h": len(each.of("24h")),
            **{f"win_rate_{span}": each.win_rate(span) for span in _SPANS},
            "avg_trade_size": shown(sum(sizes, _ZERO) / len(sizes)) if sizes else "0",
            "position_count": each.count,
        }

    page = listed(query, found, lambda each: f"{each.member.address}/{each.member.broker_id}", row, 50)
    return {**page, "last_updated_time": query.now}


def _liquidations(query: QueryCall) -> Any:
    """A row for each position that changed hands, newest first."""
    symbol = query.symbol()
    found = [
        (row, position)
        for row in query.call.exchange.liquidated_positions()
        for position in row.positions
        if symbol in {None, position.symbol}
    ]

    def row(each: tuple[LiquidationRow, LiquidatedPosition]) -> dict[str, Any]:
        liquidation, position = each
        member = query.call.accounts.members.get(liquidation.account_id.lower())
        return {
            "symbol": position.symbol,
            "side": "LONG" if position.total_position > 0 else "SHORT",
            "position_qty": plain(abs(position.position_qty)),
            "notional": shown(abs(position.position_qty) * position.mark_price),
            "mark_price": plain(position.mark_price),
            "est_liq_price": plain(position.transfer_price),
            "address": None if member is None else member.address,
            "account_id": liquidation.account_id,
            "broker_id": None if member is None else member.broker_id,
            "timestamp": liquidation.timestamp,
        }

    def identity(each: tuple[LiquidationRow, LiquidatedPosition]) -> str:
        return f"{each[0].liquidation_id}/{each[0].timestamp}/{each[0].liquidator_id}/{each[1].symbol}"

    return listed(query, found, identity, row, 50)


def _status(query: QueryCall) -> Any:
    limit, left, seconds = query.call.budget.left(query.call.operation)
    return {
        "limit": limit,
        "remaining": left,
        "reset": query.now + round(seconds * 1000),
        "tier": "default",
    }


QUERIES: dict[str, tuple[Query, int]] = {
    "liquidations": (_liquidations, 2),
    "platformPositions": (_positions, 20),
    "rateLimitStatus": (_status, 0),
    "topAddresses": (_top, 10),
}
"""By type: what answers, and its weight."""
