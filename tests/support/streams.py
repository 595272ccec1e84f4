"""A stream on a scripted server, and what such a server sends."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from orderly_sync import (
    Credentials,
    Network,
    Stream,
)
from tests.support.wire_server import WireServer

SECRET = "ed25519:AFmQSju4FhDwG93cMdKogcnKx7SWmViDtDv5PVzfvRDF"
WAIT = 5.0


def quick() -> Iterator[float]:
    while True:
        yield 0.01


def network(server: WireServer) -> Network:
    return Network(name="test", rest="http://127.0.0.1:1", ws_public=server.url, ws_private=server.url)


def make(server: WireServer, **options: Any) -> Stream:
    options.setdefault("delays", quick)
    credentials = Credentials(account_id="0x" + "ab" * 32, secret=SECRET)
    return Stream(network(server), credentials, **options)


def report(order_id: int = 1, **fields: Any) -> dict[str, Any]:
    data = {
        "symbol": "PERP_ETH_USDC",
        "orderId": order_id,
        "side": "BUY",
        "type": "LIMIT",
        "status": "NEW",
        "tradeId": 0,
        "timestamp": 1700000000000 + order_id,
        **fields,
    }
    return {"topic": "executionreport", "ts": 1700000000000 + order_id, "data": data}


def mark(price: float, symbol: str = "PERP_ETH_USDC", ts: int = 1) -> dict[str, Any]:
    return {"topic": f"{symbol}@markprice", "ts": ts, "data": {"symbol": symbol, "price": price}}
