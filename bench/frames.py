"""The frames the stub sends: one template a kind, a few digits of it new in every frame.

The ids, times and sequence numbers of a frame follow its index, so no two frames are the same and a client that drops
doubles drops none. ``ts`` is ``EPOCH + index``: it tells how far a client is that hands out only the newest state.
"""

from __future__ import annotations

import json
from collections.abc import Callable

EPOCH = 1_750_000_000_000
SYMBOL = "PERP_ETH_USDC"
KINDS = ("algo", "execution", "book", "bbo")
ALGO_BYTES = 917
_LEVELS = 100

TOPICS = {
    "algo": "algoexecutionreport",
    "execution": "executionreport",
    "book": f"{SYMBOL}@orderbook",
    "bbo": f"{SYMBOL}@bbo",
}
TITLES = {
    "algo": "algo execution reports, 917 bytes",
    "execution": "execution reports",
    "book": "order books, 100 levels a side",
    "bbo": "best bid and offer",
}
PRIVATE = {"algo", "execution"}

_TS, _ID, _SEQ = 1111111111111, 222222222, 3333333333333333333


def _algo() -> dict:
    return {
        "symbol": SYMBOL,
        "rootAlgoOrderId": _ID,
        "parentAlgoOrderId": 0,
        "algoOrderId": _ID,
        "clientOrderId": "b",
        "orderTag": "tag1",
        "status": "FILLED",
        "algoType": "STOP",
        "side": "SELL",
        "quantity": 3,
        "triggerStatus": "SUCCESS",
        "price": 3400.5,
        "type": "MARKET",
        "triggerTradePrice": 3400.1,
        "triggerTime": _TS,
        "tradeId": 10001,
        "executedPrice": 3400.2,
        "executedQuantity": 3,
        "fee": 1.2,
        "feeAsset": "USDC",
        "totalExecutedQuantity": 3,
        "averageExecutedPrice": 3400.2,
        "totalFee": 1.2,
        "timestamp": _TS,
        "visibleQuantity": 3,
        "reduceOnly": True,
        "callbackRate": None,
        "callbackValue": None,
        "extremePrice": None,
        "activatedPrice": None,
        "triggered": True,
        "activated": None,
        "maker": False,
        "isMaker": False,
        "rootAlgoStatus": "FILLED",
        "algoStatus": "FILLED",
        "isActivated": True,
        "triggerPrice": 3400.5,
        "triggerPriceType": "MARK_PRICE",
        "createdTime": 1750997261728,
        "marginMode": "CROSS",
    }


def _execution() -> dict:
    return {
        "symbol": SYMBOL,
        "clientOrderId": "bench-0001",
        "orderId": _ID,
        "type": "LIMIT",
        "side": "BUY",
        "quantity": 0.5,
        "price": 3400.5,
        "tradeId": 10001,
        "executedPrice": 3400.2,
        "executedQuantity": 0.5,
        "fee": 1.02006,
        "feeAsset": "USDC",
        "totalExecutedQuantity": 0.5,
        "avgExecutedPrice": 3400.2,
        "averageExecutedPrice": 3400.2,
        "status": "FILLED",
        "reason": "",
        "totalFee": 1.02006,
        "visible": 0,
        "visibleQuantity": 0.5,
        "timestamp": _TS,
        "reduceOnly": False,
        "orderTag": "default",
        "createdTime": 1750997261728,
        "maker": False,
        "marginMode": "CROSS",
        "seq": _SEQ,
    }


def _book() -> dict:
    asks = [[round(3400.1 + level * 0.1, 1), round(1.037 + level * 0.731, 3)] for level in range(_LEVELS)]
    bids = [[round(3400.0 - level * 0.1, 1), round(1.113 + level * 0.687, 3)] for level in range(_LEVELS)]
    return {"symbol": SYMBOL, "asks": asks, "bids": bids}


def _bbo() -> dict:
    return {"symbol": SYMBOL, "ask": 3400.1, "askSize": 12.345, "bid": 3400.0, "bidSize": 6.789}


_DATA: dict[str, Callable[[], dict]] = {"algo": _algo, "execution": _execution, "book": _book, "bbo": _bbo}


def _pad(frame: dict, row: dict, size: int) -> None:
    row["clientOrderId"] += "x" * (size - len(_text(frame)))


def _text(frame: dict) -> str:
    return json.dumps(frame, separators=(",", ":"))


def _orderly(kind: str) -> dict:
    row = _DATA[kind]()
    frame = {"topic": TOPICS[kind], "ts": _TS, "data": [row] if kind == "algo" else row}
    if kind == "algo":
        _pad(frame, row, ALGO_BYTES)
    return frame


def _bybit(kind: str) -> dict:
    """The same payload under the envelope that pybit's dispatcher reads."""
    frame = _orderly(kind)
    topic = f"orderbook.{_LEVELS}.{SYMBOL}" if kind == "book" else frame["topic"]
    return {"topic": topic, "type": "snapshot", **{key: frame[key] for key in ("ts", "data")}}


def _hyperliquid(kind: str) -> dict:
    """The same payload under the envelope that hyperliquid's dispatcher reads."""
    frame = _orderly(kind)
    channel = {"book": "l2Book", "bbo": "bbo"}.get(kind, "orderUpdates")
    data = frame["data"]
    if kind in {"book", "bbo"}:
        data = {"coin": data.pop("symbol"), **data}
    return {"channel": channel, "ts": frame["ts"], "data": data}


def _ccxt(kind: str) -> dict:
    """As on the wire, but for best bids and offers: ccxt reads the topic that lists all symbols."""
    frame = _orderly(kind)
    return {"topic": "bbos", "ts": frame["ts"], "data": [frame["data"]]} if kind == "bbo" else frame


_DIALECTS = {"orderly": _orderly, "bybit": _bybit, "hyperliquid": _hyperliquid, "ccxt": _ccxt}


def template(kind: str, dialect: str = "orderly") -> Callable[[int], bytes]:
    """A function from an index to the JSON text of that frame."""
    text = _text(_DIALECTS[dialect](kind)).encode()
    parts = (
        text.replace(str(_TS).encode(), b"\0T")
        .replace(str(_ID).encode(), b"\0I")
        .replace(str(_SEQ).encode(), b"\0S")
    )
    pieces = parts.split(b"\0")
    marks = {b"T": (EPOCH, 13), b"I": (654_000_000, 9), b"S": (1_750_000_000_000_000_000, 19)}
    layout = pieces[0] + b"".join(b"%d" + piece[1:] for piece in pieces[1:])
    bases = [marks[piece[:1]][0] for piece in pieces[1:]]

    def frame(index: int) -> bytes:
        return layout % tuple([base + index for base in bases])

    return frame


def framed(text: bytes) -> bytes:
    """An unmasked WebSocket text frame."""
    size = len(text)
    if size < 126:
        return bytes((0x81, size)) + text
    if size < 65536:
        return b"\x81\x7e" + size.to_bytes(2, "big") + text
    return b"\x81\x7f" + size.to_bytes(8, "big") + text
