"""Whatever is asked, the venue answers in JSON with a status below 500, and goes on."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from hypothesis import example, given
from hypothesis import strategies as st

from orderly_sync.venue.server.answers import HttpAnswer
from orderly_sync.venue.server.routes import algo, config, market, orders, positions
from tests.support.venue_kit import ApiKit

ETH = "PERP_ETH_USDC"
SECTIONS = (orders, algo, config, market, positions)
WRITES = sorted(key for section in SECTIONS for key in section.ROUTES if key[0] in {"POST", "PUT"})
READS = sorted(key for section in SECTIONS for key in section.ROUTES if key[0] in {"GET", "DELETE"})

words = st.sampled_from(
    [
        ETH,
        "PERP_NO_USDC",
        "BUY",
        "SELL",
        "LIMIT",
        "MARKET",
        "IOC",
        "FOK",
        "POST_ONLY",
        "ASK",
        "BID",
        "CLOSE_POSITION",
        "STOP",
        "TP_SL",
        "POSITIONAL_TP_SL",
        "BRACKET",
        "TRAILING_STOP",
        "TAKE_PROFIT",
        "STOP_LOSS",
        "CROSS",
        "ISOLATED",
        "MARK_PRICE",
        "",
        "true",
        "INCOMPLETE",
        "1h",
        "2026-01-01",
    ]
)
numbers = st.one_of(
    st.sampled_from(
        [0, 1, -1, 0.1, 0.5, 3300, "3300", "0.1", 3500.1, 1e-9, 1e30, "NaN", "-0", 2**63, 10**40]
    ),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
)
scalars = st.one_of(st.none(), st.booleans(), numbers, words, st.text(max_size=8))
names = st.sampled_from(
    [
        "symbol",
        "side",
        "order_type",
        "order_price",
        "order_quantity",
        "order_amount",
        "visible_quantity",
        "reduce_only",
        "slippage",
        "level",
        "post_only_adjust",
        "client_order_id",
        "order_tag",
        "margin_mode",
        "order_id",
        "trigger_after",
        "algo_type",
        "type",
        "quantity",
        "price",
        "trigger_price",
        "trigger_price_type",
        "activated_price",
        "callback_rate",
        "callback_value",
        "is_activated",
        "leverage",
        "default_margin_mode",
        "amount",
        "orders",
        "child_orders",
    ]
)
bodies = st.recursive(
    st.dictionaries(names, scalars, max_size=12),
    lambda inner: st.dictionaries(names, st.one_of(scalars, inner, st.lists(inner, max_size=3)), max_size=10),
    max_leaves=12,
)
parameters = st.sampled_from(
    [
        "symbol",
        "side",
        "status",
        "page",
        "size",
        "start_t",
        "end_t",
        "limit",
        "type",
        "resolution",
        "from",
        "to",
        "order_id",
    ]
)
queries = st.dictionaries(
    parameters, st.one_of(words, numbers.map(str), st.text(max_size=6)), max_size=5
).map(lambda pairs: "&".join(f"{name}={quote(value, safe='')}" for name, value in pairs.items()))


KIT = ApiKit()


def check(answer: HttpAnswer) -> None:
    value: Any = json.loads(answer.body)
    assert answer.status in {200, 400, 404, 409}, answer
    if answer.status != 200:
        assert value["success"] is False
        assert value["code"] in range(-1300, -1000)
        assert value["message"]


@given(st.sampled_from(WRITES), bodies)
@example(
    ("POST", "/v1/algo/order"),
    {
        "symbol": ETH,
        "algo_type": "TRAILING_STOP",
        "type": "MARKET",
        "side": "SELL",
        "quantity": 0.1,
        "callback_rate": 0,
    },
)
@example(("POST", "/v1/order"), {"symbol": ETH, "side": "BUY", "order_type": "MARKET", "order_amount": 1e30})
def test_any_body_is_answered(operation, body):
    """Placed, edited or refused: never an error of the venue's own."""
    method, path = operation

    check(KIT.ask(method, path, json.dumps(body).encode()))


@given(st.sampled_from(WRITES), st.binary(max_size=40))
def test_any_bytes_are_answered(operation, body):
    """As a body they are mostly no JSON."""
    check(KIT.ask(*operation, body))


@given(st.sampled_from(READS), queries, st.one_of(words, numbers.map(str), st.text(min_size=1, max_size=8)))
@example(("GET", "/v1/tv/kline_history"), "symbol=PERP_ETH_USDC&resolution=1m&from=0&to=99999999999999", "x")
@example(("GET", "/v1/kline"), "symbol=PERP_ETH_USDC&type=1y&limit=1000", "x")
def test_any_query_and_path_are_answered(operation, query, slot):
    """Filters, pages and ids of any kind."""
    method, template = operation
    path = "/".join(quote(slot, safe="") if part.startswith("{") else part for part in template.split("/"))

    check(KIT.ask(method, f"{path}?{query}" if query else path))


@given(st.text(max_size=30))
def test_any_path_is_answered(path):
    """404 where there is nothing."""
    answer = KIT.ask("GET", "/" + quote(path))

    assert answer.status in {200, 400, 404}
