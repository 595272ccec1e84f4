"""What a builder's oracle sends: index prices of its own, by a WebSocket of their own. Pure."""

from __future__ import annotations

from decimal import Decimal
from urllib.parse import urlencode

from orderly_sync.wire.json import encode

__all__ = ["PONG", "TOPIC", "publish_frame", "push_url"]

TOPIC = "indexpricefeed"
PONG = b'{"event":"pong"}'


def push_url(base: str, account_id: str, *, key: str, timestamp: int, sign: str) -> str:
    """Where to dial.

    The page names the three parameters and not what is signed: taken to be the timestamp, as in a stream's login.
    """
    query = urlencode({"orderly_key": key, "timestamp": timestamp, "sign": sign})
    return f"{base}/{account_id}?{query}"


def publish_frame(push_id: str, base_ccy: str, price: Decimal, now_ms: int) -> bytes:
    """One price of one asset, USDC."""
    data = {"base_ccy": base_ccy, "price": price}
    return encode({"id": push_id, "event": "publish", "topic": TOPIC, "ts": now_ms, "data": data})
