"""What the console's page is told: what has changed since it last asked, and nothing else. Pure but for the waiting."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from orderly_sync.models.enums import AlgoType
from orderly_sync.venue.engine.refusals import Refused
from orderly_sync.venue.engine.symbols import SymbolRules
from orderly_sync.venue.server.answers import HttpAnswer, read_object, refusal
from orderly_sync.venue.server.call import Services
from orderly_sync.venue.server.console import rows
from orderly_sync.venue.server.console.changes import Changes
from orderly_sync.venue.server.control import Control
from orderly_sync.venue.server.encoding import encode
from orderly_sync.venue.server.fields import Fields
from orderly_sync.venue.server.trading import TradingService
from orderly_sync.wire.error_codes import INVALID_PARAM

__all__ = ["ConsoleFeed"]

HOLD_SECONDS = 2.0
"""How long a request waits for something to happen; struck faults and the venue's clock are told by then."""
_FINISHED = 30
_TRADES = 40
_EVENTS = 300
"""How many events of an account one answer tells at most; the page asks for the next at once."""


class ConsoleFeed:
    """Answers the page. Each answer says how far it goes, and the next request repeats that.

    Args:
        services: Those of the venue.
        trading: Says when something happens.
        control: Says when somebody steps in.
        health: How the venue fares.
        market: How its prices move, as the venue was told.
    """

    def __init__(
        self,
        services: Services,
        trading: TradingService,
        control: Control,
        health: Callable[[], Mapping[str, object]],
        market: str,
    ) -> None:
        changes = self._changes = Changes()
        trading.on_change = services.reports.on_change = control.on_call = changes.note
        self._services = services
        self._health = health
        self._market = market

    async def answer(self, body: bytes) -> HttpAnswer:
        """Wait until there is something that the page does not know, or for a moment, and tell it.

        The body: ``version`` (0 at first), ``symbol``, ``trades`` (how many of it are known), ``accounts`` (by id,
        how far its ledger is known), ``announcements`` (how many are known). With ``earlier`` (``account_id`` and the
        ``before`` of the ledger) it asks for events that it was not told, and is answered at once.
        """
        markets = self._services.markets
        try:
            known = Fields(read_object(body))
            if isinstance(earlier := known.raw("earlier"), dict):
                data = self._earlier(Fields(earlier))
            else:
                symbol = markets.symbol(known.text("symbol") or markets.symbols[0])
                await self._changes.after(known.whole("version") or 0, HOLD_SECONDS)
                data = self._told(known, symbol)
        except Refused as exc:
            return refusal(exc.code, exc.message, markets.now())
        return HttpAnswer(200, encode({"success": True, "timestamp": markets.now(), "data": data}))

    def _told(self, known: Fields, symbol: str) -> dict[str, object]:
        services = self._services
        exchange, notices, tape = services.exchange, services.notices, services.markets.tape
        count = tape.count(symbol)
        fresh = min(_TRADES, max(0, count - (known.whole("trades") or 0)))
        seen = max(0, known.whole("announcements") or 0)
        return {
            "version": self._changes.count,
            "now": services.markets.now(),
            "market": self._market,
            "symbol": symbol,
            "markets": [self._market_row(each) for each in services.markets.symbols],
            "book": rows.book_row(exchange.book(symbol)),
            "trades": [rows.trade_row(each) for each in tape.trades(symbol, fresh)],
            "trade_count": count,
            "accounts": self._accounts(known.all().get("accounts")),
            "announcements": notices.announcements[seen:],
            "maintenance": notices.maintenance["status"],
            "faults": services.faults.rules.listed(),
            "settings": sorted(services.faults.settings),
            "health": self._health(),
        }

    def _earlier(self, known: Fields) -> dict[str, object]:
        name = self._services.accounts.known(known.required_text("account_id"))
        before = max(1, known.required_whole("before"))
        start = max(0, before - 1 - _EVENTS)
        page = self._services.reports.ledger.page(name, start, before - 1 - start)
        return {"first": start + 1, "events": [rows.event_row(line) for line in page]}

    def _market_row(self, symbol: str) -> dict[str, object]:
        exchange = self._services.exchange
        rule: SymbolRules = exchange.rules[symbol]
        return {
            "symbol": symbol,
            "mark": rows.text(exchange.mark(symbol)),
            "index": rows.text(exchange.index(symbol)),
            "last": rows.text(exchange.last(symbol)),
            "tick": rows.text(rule.quote_tick),
        }

    def _accounts(self, known: object) -> list[dict[str, object]]:
        """Each account of which something is new; its rows, and the events that the page has not seen."""
        if known is None:
            known = {}
        if not isinstance(known, dict) or not all(_is_place(place) for place in known.values()):
            raise Refused(INVALID_PARAM, "accounts must say by account id how far its ledger is known")
        ledger = self._services.reports.ledger
        told = []
        for number, member in enumerate(self._services.accounts.members.values(), 1):
            name = member.account_id
            last = ledger.last(name)
            place = known.get(name)
            after = max(0, last - _EVENTS) if place is None else int(place)
            trees = self._services.exchange.latest_algos(name, _FINISHED)
            if place is None or last != after or _trails(trees):
                told.append(
                    {
                        "number": number,
                        **self._account(name, after),
                        "algos": list(map(rows.tree_rows, trees)),
                    }
                )
        return told

    def _account(self, name: str, after: int) -> dict[str, Any]:
        exchange, ledger = self._services.exchange, self._services.reports.ledger
        page = ledger.page(name, after, _EVENTS)
        return {
            "account_id": name,
            "last": ledger.last(name),
            "reached": page[-1].seq if page else after,
            "events": [rows.event_row(line) for line in page],
            "holding": rows.holding_row(exchange.holding(name)),
            "positions": [rows.position_row(each) for each in exchange.positions(name)],
            "orders": [rows.order_row(each) for each in exchange.latest_orders(name, _FINISHED)],
        }


def _is_place(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _trails(trees: list[tuple[Any, ...]]) -> bool:
    """Whether a trailing stop moves with the price, of which no report tells."""
    return any(
        node.algo_type is AlgoType.TRAILING_STOP and not node.is_done for nodes in trees for node in nodes
    )
