"""Account and user info."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

from orderly_sync.venue.engine.records import Fill
from orderly_sync.venue.engine.refusals import Refused
from orderly_sync.venue.server.call import Call
from orderly_sync.venue.server.fields import missing
from orderly_sync.venue.server.routes.route import HttpRoute, read
from orderly_sync.venue.server.rows import margin_ratios, number, ratio
from orderly_sync.wire.error_codes import INVALID_PARAM

__all__ = ["ROUTES"]

_DAY = 86_400_000
_MOST_DAYS = 400
_BPS = 10_000


def _account_info(call: Call) -> object:
    state = call.exchange.account(call.account_id)
    return {
        **margin_ratios(state),
        "account_value": ratio(state.total_account_value),
        "total_pnl_24h": number(state.total_pnl_24h),
    }


def _client_info(call: Call) -> object:
    state = call.exchange.account(call.account_id)
    taker, maker = number(state.taker_fee_rate), number(state.maker_fee_rate)
    rates = call.programs.fees.rates(call.account_id, call.member.broker_id)
    return {
        "account_id": call.account_id,
        "email": None,
        "account_mode": "FUTURES",
        "max_leverage": state.max_leverage,
        "taker_fee_rate": taker,
        "maker_fee_rate": maker,
        "futures_taker_fee_rate": taker,
        "futures_maker_fee_rate": maker,
        "rwa_taker_fee_rate": number(rates.rwa_taker * _BPS),
        "rwa_maker_fee_rate": number(rates.rwa_maker * _BPS),
        "maintenance_cancel_orders": call.account_id in call.reports.maintenance_cancels,
        "imr_factor": {symbol: number(factor) for symbol, factor in state.imr_factors.items()},
        "max_notional": {symbol: number(round(value, 2)) for symbol, value in state.max_notionals.items()},
    }


def _volume(fills: Iterable[Fill], since: int) -> Decimal:
    return sum((fill.price * fill.quantity for fill in fills if fill.ts >= since), Decimal(0))


def _fees(fills: Iterable[Fill], since: int) -> Decimal:
    return sum((fill.fee for fill in fills if fill.ts >= since), Decimal(0))


def _year_start(now: int) -> int:
    year = datetime.fromtimestamp(now / 1000, tz=timezone.utc).year
    return int(datetime(year, 1, 1, tzinfo=timezone.utc).timestamp() * 1000)


def _statistics(call: Call) -> object:
    fills, now = call.exchange.fills(call.account_id), call.now
    year, day = number(_volume(fills, _year_start(now))), number(_volume(fills, now - _DAY))
    month, fees = number(_volume(fills, now - 30 * _DAY)), number(_fees(fills, now - 30 * _DAY))
    return {
        "days_since_registration": (now - call.member.registered) // _DAY,
        "fees_paid_last_30_days": fees,
        "perp_fees_paid_last_30_days": fees,
        "perp_trading_volume_last_24_hours": day,
        "perp_trading_volume_last_7_days": number(_volume(fills, now - 7 * _DAY)),
        "perp_trading_volume_last_30_days": month,
        "perp_trading_volume_ytd": year,
        "perp_trading_volume_ltd": number(_volume(fills, 0)),
        "trading_volume_last_24_hours": day,
        "trading_volume_last_30_days": month,
        "trading_volume_ytd": year,
    }


def _volume_stats(call: Call) -> object:
    fills, now = call.exchange.fills(call.account_id), call.now
    return {
        "perp_volume_ytd": number(_volume(fills, _year_start(now))),
        "perp_volume_ltd": number(_volume(fills, 0)),
        "perp_volume_today": number(_volume(fills, now - now % _DAY)),
        "perp_volume_last_1_day": number(_volume(fills, now - _DAY)),
        "perp_volume_last_7_days": number(_volume(fills, now - 7 * _DAY)),
        "perp_volume_last_30_days": number(_volume(fills, now - 30 * _DAY)),
    }


def _date(call: Call, name: str) -> date:
    text = call.query.text(name)
    if text is None:
        raise missing(name)
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(INVALID_PARAM, f"{name} must be a date, YYYY-MM-DD") from None


def _days(call: Call) -> list[date]:
    """The UTC days asked for, newest first, as far as the account has lived."""
    first, last = _date(call, "start_date"), _date(call, "end_date")
    if (last - first).days > _MOST_DAYS:
        raise Refused(INVALID_PARAM, f"at most {_MOST_DAYS} days at once")
    opened, today = (
        datetime.fromtimestamp(ts / 1000, tz=timezone.utc).date() for ts in (call.member.registered, call.now)
    )
    first, last = max(first, opened), min(last, today)
    return [last - timedelta(days=back) for back in range((last - first).days + 1)]


def _of_day(fills: list[Fill], day: date) -> list[Fill]:
    start = int(datetime(day.year, day.month, day.day, tzinfo=timezone.utc).timestamp() * 1000)
    return [fill for fill in fills if start <= fill.ts < start + _DAY]


def _daily_volume(call: Call) -> object:
    fills = call.exchange.fills(call.account_id)
    return [
        {"date": day.isoformat(), "perp_volume": number(_volume(_of_day(fills, day), 0))}
        for day in reversed(_days(call))
    ]


def _daily_statistics(call: Call) -> object:
    fills = call.exchange.fills(call.account_id)
    value = call.exchange.account(call.account_id).total_account_value
    rows = []
    for day in _days(call):
        traded = _of_day(fills, day)
        pnl = sum((fill.realized_pnl - fill.fee for fill in traded), Decimal(0))
        rows.append(
            {
                # Past values are not kept; each row shows the present one [assumed].
                "account_value": ratio(value),
                "date": day.isoformat(),
                "perp_volume": number(_volume(traded, 0)),
                "pnl": number(pnl),
                "snapshot_time": call.now,
            }
        )
    return {"rows": rows}


ROUTES: dict[tuple[str, str], HttpRoute] = {
    ("GET", "/v1/account_info"): read(_account_info),
    ("GET", "/v1/client/info"): read(_client_info),
    ("GET", "/v1/client/statistics"): read(_statistics),
    ("GET", "/v1/volume/user/stats"): read(_volume_stats),
    ("GET", "/v1/volume/user/daily"): read(_daily_volume),
    ("GET", "/v1/client/statistics/daily"): read(_daily_statistics),
}
