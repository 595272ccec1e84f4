"""Listing of markets by builders' admins, and markets on real-world assets, of which there are none here.

Guides show these operations without their answers, so the fields of rows are assumed.
"""

from __future__ import annotations

from orderly_sync.models.listing import FeedVisibility, MarketSession
from orderly_sync.venue.engine.refusals import Refused
from orderly_sync.venue.programs.builders.builders import for_admin, known
from orderly_sync.venue.programs.builders.listing import EXCHANGES, Feed, SubmittedListing
from orderly_sync.venue.server.call import Call, Handler, rows
from orderly_sync.venue.server.encoding import number
from orderly_sync.venue.server.fields import Fields, missing
from orderly_sync.venue.server.routes.route import HttpRoute, public, signed
from orderly_sync.wire.error_codes import DUPLICATE_REQUEST, INVALID_PARAM

__all__ = ["ROUTES"]

_WHOLE = 100
_MOST_SOURCES = 20
_LONGEST_NAME = 32
_PROVIDERS = ("pyth", "stork")
_SESSIONS = (
    {
        "market_session": "US_STOCK",
        "time_zone": "America/New_York",
        "open": "09:30",
        "close": "16:00",
        "holidays": ["2026-12-25"],
        "early_closes": [{"date": "2026-12-24", "close": "13:00"}],
    },
    {
        "market_session": "US_STOCK_EXT",
        "time_zone": "America/New_York",
        "open": "04:00",
        "close": "20:00",
        "holidays": ["2026-12-25"],
        "early_closes": [{"date": "2026-12-24", "close": "17:00"}],
    },
)
"""A data set; nothing here trades by it."""


def _base(fields: Fields, name: str) -> str:
    base = fields.required_text(name)
    if not (base.isascii() and base.isalnum() and len(base) <= _LONGEST_NAME):
        raise Refused(INVALID_PARAM, f"{name} must be a base symbol such as AAPL")
    return base.upper()


def _rwa_info(_call: Call) -> object:
    """None: no market here follows an exchange's hours."""
    return {"rows": []}


def _sessions(_call: Call) -> object:
    return rows(_SESSIONS, dict)


def _context(call: Call) -> object:
    """No asset is a real-world one here; the rest of the real answer is not documented."""
    _base(call.body, "symbol")
    return {"is_rwa": False}


def _feed(call: Call) -> object:
    body = call.body
    oracle = body.text("oracle")
    if oracle is not None and oracle not in _PROVIDERS:
        raise Refused(INVALID_PARAM, f"oracle {oracle!r} is none of {', '.join(_PROVIDERS)}")
    feed = Feed(
        broker_id=call.member.broker_id,
        base_ccy=_base(body, "base_ccy"),
        visibility=(body.choice("visibility", FeedVisibility) or FeedVisibility.PRIVATE).value,
        status=body.text("status") or "active",
        oracle=oracle,
    )
    call.programs.listings.register(feed)
    return None


def _index_sources(_call: Call) -> object:
    return rows(EXCHANGES, lambda name: {"source": name})


def _builder_sources(call: Call) -> object:
    found = call.programs.listings.feeds(_base(call.query, "base_ccy"), call.member.broker_id)

    def row(feed: Feed) -> dict[str, object]:
        return {
            "source": feed.source,
            "base_ccy": feed.base_ccy,
            "visibility": feed.visibility,
            "status": feed.status,
            "price": number(feed.price),
        }

    return rows(found, row)


def _weights(call: Call, base: str) -> tuple[tuple[str, int], ...]:
    sources = call.body.objects("sources")
    if not 1 <= len(sources) <= _MOST_SOURCES:
        raise Refused(INVALID_PARAM, f"sources must hold 1 to {_MOST_SOURCES} of them")
    own = {feed.source for feed in call.programs.listings.feeds(base, call.member.broker_id)}
    found = []
    for entry in sources:
        source, weight = entry.required_text("source"), entry.required_whole("weight")
        entry.required_text("source_symbol")
        if source not in own and source not in EXCHANGES:
            raise Refused(INVALID_PARAM, f"source {source!r} cannot be chosen for {base}")
        if weight < 1:
            raise Refused(INVALID_PARAM, "weight must be a whole number above 0")
        if (multiplier := entry.number("price_multiplier")) is None:
            raise missing("price_multiplier")
        if multiplier <= 0:
            raise Refused(INVALID_PARAM, "price_multiplier must be above 0")
        found.append((source, weight))
    if sum(weight for _, weight in found) != _WHOLE:
        raise Refused(INVALID_PARAM, f"weights must sum to {_WHOLE}")
    return tuple(found)


def _submit(call: Call) -> object:
    """It is kept, and no market opens (assumed: real listings are reviewed)."""
    base, listings = _base(call.body, "symbol"), call.programs.listings
    if call.body.choice("market_session", MarketSession) is not None:
        raise Refused(INVALID_PARAM, f"{base} is no real-world asset: market_session must be absent")
    weights = _weights(call, base)
    if base in listings.submitted or any(each.split("_")[1] == base for each in call.markets.symbols):
        raise Refused(DUPLICATE_REQUEST, f"{base} is listed or submitted already")
    listings.submitted[base] = SubmittedListing(broker_id=call.member.broker_id, symbol=base, weights=weights)
    return None


def _admin(handler: Handler, *names: str) -> HttpRoute:
    return signed(for_admin(known(handler, *names)))


ROUTES: dict[tuple[str, str], HttpRoute] = {
    ("GET", "/v1/public/rwa/info"): public(known(_rwa_info)),
    ("GET", "/v1/public/rwa/market_sessions"): public(known(_sessions)),
    ("POST", "/v1/broker/listing/symbol_context"): _admin(_context, "symbol"),
    ("POST", "/v1/broker/listing/oracle/feed"): _admin(_feed, "base_ccy", "visibility", "status", "oracle"),
    ("GET", "/v1/broker/listing/index_sources"): _admin(_index_sources),
    ("GET", "/v1/broker/listing/builder_sources"): _admin(_builder_sources, "base_ccy"),
    ("POST", "/v1/broker/listing/submit"): _admin(_submit, "symbol", "sources", "market_session"),
}
