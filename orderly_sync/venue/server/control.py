"""The control calls of a venue: move prices and time, cause faults, read the ledger. Behind a token of their own."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Protocol
from urllib.parse import parse_qsl

import msgspec

from orderly_sync.venue.engine.refusals import Refused
from orderly_sync.venue.server.answers import HttpAnswer, read_object, refusal
from orderly_sync.venue.server.call import Services
from orderly_sync.venue.server.encoding import encode
from orderly_sync.venue.server.faults import read_at_once
from orderly_sync.venue.server.fields import Fields, missing
from orderly_sync.venue.server.snapshot import snapshot
from orderly_sync.venue.server.trading import TradingService
from orderly_sync.wire.error_codes import RESOURCE_NOT_FOUND, UNAUTHORIZED

__all__ = ["Control", "ControlledVenue"]


class ControlledVenue(Protocol):
    """What control may do to connections."""

    def drop_connections(self) -> int:
        """Break them."""

    def close_connections(self, code: int, reason: str = ...) -> int:
        """Close them."""

    def send_raw(self, frame: str | bytes) -> int:
        """Send them a frame."""


class Control:
    """Carries out control calls; each method is one of them, for HTTP and for Python alike."""

    def __init__(
        self,
        services: Services,
        trading: TradingService,
        token: str,
        health: Callable[[], dict[str, object] | None] = lambda: None,
    ) -> None:
        self._services = services
        self._trading = trading
        self._now = services.markets.now
        self._token = token
        self._wires: ControlledVenue | None = None
        self.on_call: Callable[[], object] = lambda: None
        """Called when a call that came by HTTP was carried out."""
        self._calls: dict[tuple[str, str], Callable[[Fields], object]] = {
            ("POST", "/venue/mark-price"): self._mark_price,
            ("POST", "/venue/market"): self._market,
            ("POST", "/venue/advance"): self._advance,
            ("POST", "/venue/faults"): lambda fields: self.faults(fields.all()),
            ("POST", "/venue/drop-connections"): lambda _: {"dropped": self.drop_connections()},
            ("POST", "/venue/maintenance"): self._maintenance,
            ("POST", "/venue/announce"): self._announce,
            ("POST", "/venue/tell"): self._tell,
            ("GET", "/venue/health"): lambda _: health(),
            ("GET", "/venue/mark-price"): lambda fields: {
                "price": self.mark_price(fields.required_text("symbol"))
            },
            ("GET", "/venue/snapshot"): lambda fields: msgspec.Raw(
                self.snapshot(fields.required_text("account_id"))
            ),
        }

    def attach(self, wires: ControlledVenue) -> None:
        """Say which connections it controls."""
        self._wires = wires

    def refused(self, headers: Mapping[str, str]) -> HttpAnswer | None:
        """The answer to a call that does not bring the token; None if it does."""
        given = headers.get("x-venue-token", "").encode("utf-8", "surrogateescape")
        if hmac.compare_digest(given, self._token.encode()):
            return None
        return refusal(UNAUTHORIZED, "the header x-venue-token is missing or wrong", self._now(), status=401)

    def answer(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> HttpAnswer:
        """Carry out a call that came by HTTP."""
        path, _, query = target.partition("?")
        now = self._now()
        if (refused := self.refused(headers)) is not None:
            return refused
        try:
            values: dict[str, object] = dict(parse_qsl(query)) if method == "GET" else read_object(body)
            if (method, path) == ("GET", "/venue/ledger"):
                return HttpAnswer(200, self._ledger(Fields(values)))
            call = self._calls.get((method, path))
            if call is None:
                return refusal(RESOURCE_NOT_FOUND, f"no control call {method} {path}", now, status=404)
            data = call(Fields(values))
            self.on_call()
        except Refused as exc:
            return refusal(exc.code, exc.message, now)
        return HttpAnswer(200, encode({"success": True, "timestamp": self._now(), "data": data}))

    def faults(self, wanted: Mapping[str, Any]) -> dict[str, Any]:
        """Put faults in force; ``close_code`` and ``raw_frame`` happen at once.

        Raises:
            Refused: -1005, one of them is unknown or senseless; nothing has changed then.
        """
        at_once = read_at_once(wanted)
        rest = {name: value for name, value in wanted.items() if name not in {"close_code", "raw_frame"}}
        self._services.faults.set(rest)
        self._services.publisher.release()
        assert self._wires is not None
        reached: dict[str, Any] = {"rules": self._services.faults.rules.listed()}
        if "raw_frame" in at_once:
            reached["raw_frame"] = self._wires.send_raw(at_once["raw_frame"])
        if "close_code" in at_once:
            reached["close_code"] = self._wires.close_connections(at_once["close_code"])
        return reached

    def snapshot(self, account_id: str) -> bytes:
        """What the venue holds of an account, as JSON text; raises Refused."""
        exchange, member = self._services.exchange, self._services.accounts.get(account_id)
        return encode(snapshot(exchange, member, self._now()))

    def mark_price(self, symbol: str) -> Decimal:
        """A market's mark price, USDC; raises Refused."""
        self._services.markets.symbol(symbol)
        return self._services.exchange.mark(symbol)

    def drop_connections(self) -> int:
        """Break all WebSocket connections; how many there were."""
        assert self._wires is not None
        return self._wires.drop_connections()

    def _mark_price(self, fields: Fields) -> dict[str, object]:
        price = fields.number("price")
        if price is None:
            raise missing("price")
        self._trading.set_mark_price(fields.required_text("symbol"), price)
        return {"ts": self._now()}

    def _market(self, fields: Fields) -> dict[str, object]:
        told = {name: fields.number(name) for name in ("mark", "index", "bid", "ask")}
        prices = {name: price for name, price in told.items() if price is not None}
        self._trading.set_market(fields.required_text("symbol"), prices)
        return {"ts": self._now()}

    def _advance(self, fields: Fields) -> dict[str, object]:
        self._trading.advance(fields.required_whole("ms"))
        return {"ts": self._now()}

    def _maintenance(self, fields: Fields) -> dict[str, object]:
        status = fields.required_whole("status")
        self._services.notices.set_maintenance(status, fields.whole("start"), fields.whole("end"))
        return {"status": status}

    def _announce(self, fields: Fields) -> dict[str, object]:
        return {
            "announcement_id": self._services.notices.announce(
                fields.required_text("message"), fields.text("url")
            )
        }

    def _tell(self, fields: Fields) -> dict[str, object]:
        data = fields.all().get("data")
        if data is None:
            raise missing("data")
        self._services.notices.tell(fields.required_text("topic"), data, fields.text("account_id"))
        return {"ts": self._now()}

    def _ledger(self, fields: Fields) -> bytes:
        account_id = self._services.accounts.known(fields.required_text("account_id"))
        entries = self._services.reports.ledger.after(account_id, fields.whole("after") or 0)
        return b'{"success":true,"timestamp":%d,"data":{"rows":[%s]}}' % (
            self._now(),
            b",".join(entry.text() for entry in entries),
        )
