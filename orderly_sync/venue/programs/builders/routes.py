"""Builder info: markets, volumes, users and chains by builder, from the venue's own trades and balances.

Volumes of one builder count both sides of its users' trades; those of the whole venue count each trade once, as the
tape has it since the venue opened.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal

from orderly_sync.venue.engine.records import Fill, volume
from orderly_sync.venue.engine.tape import Candle
from orderly_sync.venue.programs.builders.builders import brokers, checked_broker, fills_of, known, members
from orderly_sync.venue.server.broadcast import candle_values
from orderly_sync.venue.server.call import Call, rows
from orderly_sync.venue.server.constants import BROKERS, CHAINS
from orderly_sync.venue.server.encoding import number
from orderly_sync.venue.server.routes.route import HttpRoute, public
from orderly_sync.venue.server.rows import market_names, ratio
from orderly_sync.venue.server.time_windows import DAY, since, year_start

__all__ = ["ROUTES"]

_ZERO = Decimal(0)


def _name(broker_id: str) -> str:
    return BROKERS.get(broker_id, broker_id)


def _spread(call: Call) -> dict[str, int]:
    """The beginnings of the spans that volumes are shown for, ms."""
    now = call.now
    return {
        "ytd": year_start(now),
        "ltd": 0,
        "today": now - now % DAY,
        "last_1_day": now - DAY,
        "last_7_days": now - 7 * DAY,
        "last_30_days": now - 30 * DAY,
    }


def _taped(call: Call, start: int) -> Decimal:
    first = max(start, call.markets.opening)
    length = call.markets.now() - first + 1
    return sum(
        (call.markets.tape.candle(symbol, first, length).amount for symbol in call.markets.symbols), _ZERO
    )


def _volume_since(call: Call, broker_id: str | None) -> Callable[[int], Decimal]:
    if broker_id is None:
        return lambda start: _taped(call, start)
    fills = fills_of(call, members(call, broker_id))
    return lambda start: volume(since(fills, start))


def _volumes(call: Call) -> object:
    amount = _volume_since(call, checked_broker(call))
    return {f"perp_volume_{name}": number(amount(start)) for name, start in _spread(call).items()}


def _traded(fills: Iterable[Fill], symbol: str, day: Candle) -> dict[str, object]:
    """The day of a market, its volumes those of some fills only."""
    own = [fill for fill in fills if fill.symbol == symbol]
    return {
        **candle_values(day),
        "volume": number(sum((fill.quantity for fill in own), _ZERO)),
        "amount": number(volume(own)),
    }


def _market(call: Call) -> object:
    broker_id, wanted = checked_broker(call), call.symbol()
    fills = since(fills_of(call, members(call, broker_id)), call.now - DAY)

    def row(symbol: str) -> dict[str, object]:
        day = call.markets.day(symbol)
        values = candle_values(day) if broker_id is None else _traded(fills, symbol, day)
        return {
            "symbol": symbol,
            **market_names(call.exchange.rules[symbol]),
            "index_price": number(call.exchange.index(symbol)),
            "mark_price": number(call.exchange.mark(symbol)),
            "sum_unitary_funding": number(call.markets.sum_unitary_funding(symbol)),
            "est_funding_rate": number(call.markets.est_funding(symbol)[0]),
            "last_funding_rate": number(call.markets.last_funding(symbol)[0]),
            "next_funding_time": call.markets.next_funding(symbol),
            "open_interest": number(call.exchange.open_interest(symbol)),
            **{f"24h_{name}": value for name, value in values.items()},
        }

    return rows([each for each in call.markets.symbols if wanted in {None, each}], row)


def _balance(call: Call) -> object:
    """Balances and unsettled PnL of all users."""
    users = members(call, checked_broker(call))
    exchange = call.exchange
    holding = sum((exchange.holding(each.account_id).holding for each in users), _ZERO)
    unsettled = sum((exchange.account(each.account_id).total_unsettled_pnl for each in users), _ZERO)
    return {
        "total_holding": number(holding),
        "total_unsettled_balance": ratio(unsettled),
        "last_update_time": call.now,
    }


def _stats(call: Call) -> object:
    return {"rows": [{"connected_user": len(members(call, checked_broker(call)))}]}


def _names(call: Call) -> object:
    wanted = checked_broker(call)
    found = [each for each in brokers(call) if wanted in {None, each}]
    return rows(found, lambda each: {"broker_id": each, "broker_name": _name(each)})


def _chains(call: Call) -> object:
    """Every builder is on every chain; chain and contract are a data set, nothing is ever sent there."""
    broker_id = checked_broker(call)
    ids = brokers(call) if broker_id is None else [broker_id]
    vault = call.programs.seeded.hexadecimal(20, "vault contract")

    def row(chain: dict[str, object]) -> dict[str, object]:
        return {
            "name": chain["name"],
            "public_rpc_url": "http://127.0.0.1/rpc",
            "chain_id": str(chain["chain_id"]),
            "currency_symbol": "ETH",
            "currency_decimal": 18,
            "explorer_base_url": "http://127.0.0.1/explorer",
            "vault_address": vault,
            "broker_ids": ids,
        }

    return rows(CHAINS, row)


ROUTES: dict[tuple[str, str], HttpRoute] = {
    ("GET", "/v1/public/futures_market"): public(known(_market, "symbol", "broker_id")),
    ("GET", "/v1/public/balance/stats"): public(known(_balance, "broker_id")),
    ("GET", "/v1/public/volume/stats"): public(known(_volumes, "broker_id")),
    ("GET", "/v1/public/broker/stats"): public(known(_stats, "broker_id")),
    ("GET", "/v1/public/broker/name"): public(known(_names, "broker_id")),
    ("GET", "/v1/public/chain_info"): public(known(_chains, "broker_id")),
    ("GET", "/v1/public/chain_info/{broker_id}"): public(known(_chains)),
}
