"""The frames the stub sends: one template a kind, a few digits of it new in every frame.

The ids, times and sequence numbers of a frame follow its index, so no two frames are the same and a client that drops
doubles drops none. Some prices and fees and a fifth of a book's quantities move from frame to frame.
``ts`` is ``EPOCH + index``: it tells how far a client is that hands out only the newest state.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable

EPOCH = 1_750_000_000_000
SYMBOL = "PERP_ETH_USDC"
KINDS = ("algo", "algo_distinct", "execution", "execution_distinct", "book", "bbo")
ALGO_BYTES = 917
_LEVELS = 100

TOPICS = {
    "algo": "algoexecutionreport",
    "algo_distinct": "algoexecutionreport",
    "execution": "executionreport",
    "execution_distinct": "executionreport",
    "book": f"{SYMBOL}@orderbook",
    "bbo": f"{SYMBOL}@bbo",
}
TITLES = {
    "algo": "algo execution reports, 917 bytes",
    "algo_distinct": "algo execution reports, 917 bytes, every number of every frame new",
    "execution": "execution reports",
    "execution_distinct": "execution reports, every number of every frame new",
    "book": "order books, 100 levels a side",
    "bbo": "best bid and offer",
}
PRIVATE = {"algo", "algo_distinct", "execution", "execution_distinct"}

_TS, _ID, _SEQ = 1111111111111, 222222222, 3333333333333333333
_MOVING = 0.987
"""Numbers with this fraction get three digits that follow the index."""
_MOVING_ALIKE = 0.986
"""The same, and all of a frame get the same: two spellings of one number never disagree."""
_NEW_ALIKE = 0.987653
_SPELLINGS = {"avgExecutedPrice", "averageExecutedPrice", "visible", "visibleQuantity"}
_NEW = 0.987654
"""Numbers with this fraction get six digits that no other frame of a run has in their place."""
_PRIME = 999_983


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
        "triggerTradePrice": 34 + _MOVING,
        "triggerTime": _TS,
        "tradeId": 10001,
        "executedPrice": 34 + _MOVING,
        "executedQuantity": 3,
        "fee": 1.2,
        "feeAsset": "USDC",
        "totalExecutedQuantity": 3,
        "averageExecutedPrice": 34 + _MOVING,
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
        "executedPrice": 34 + _MOVING,
        "executedQuantity": 0.5,
        "fee": 1 + _MOVING,
        "feeAsset": "USDC",
        "totalExecutedQuantity": 0.5,
        "avgExecutedPrice": 34 + _MOVING_ALIKE,
        "averageExecutedPrice": 34 + _MOVING_ALIKE,
        "status": "FILLED",
        "reason": "",
        "totalFee": 1 + _MOVING,
        "visible": 0.5,
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
    def quantity(level: int, slope: float) -> float:
        return round(level + _MOVING, 3) if level % 5 == 0 else round(1.037 + level * slope, 3)

    asks = [[round(3400.1 + level * 0.1, 1), quantity(level, 0.731)] for level in range(_LEVELS)]
    bids = [[round(3400.0 - level * 0.1, 1), quantity(level, 0.687)] for level in range(_LEVELS)]
    return {"symbol": SYMBOL, "asks": asks, "bids": bids}


def _bbo() -> dict:
    return {"symbol": SYMBOL, "ask": 3400.1, "askSize": 12 + _MOVING, "bid": 3400.0, "bidSize": 6 + _MOVING}


def _distinct(row: dict) -> dict:
    """The same report with every price, quantity and fee drawn anew in every frame."""
    kept = {"triggerTime", "timestamp", "createdTime", "tradeId", "seq", "orderId"}
    return {
        key: int(value) + (_NEW_ALIKE if key in _SPELLINGS else _NEW)
        if isinstance(value, (int, float))
        and not isinstance(value, bool)
        and key not in kept
        and "Id" not in key
        else value
        for key, value in row.items()
    }


_DATA: dict[str, Callable[[], dict]] = {
    "algo": _algo,
    "algo_distinct": lambda: _distinct(_algo()),
    "execution": _execution,
    "execution_distinct": lambda: _distinct(_execution()),
    "book": _book,
    "bbo": _bbo,
}


def _pad(frame: dict, row: dict, size: int) -> None:
    row["clientOrderId"] += "x" * (size - len(_text(frame)))


def _text(frame: dict) -> str:
    return json.dumps(frame, separators=(",", ":"))


def _orderly(kind: str) -> dict:
    row = _DATA[kind]()
    frame = {"topic": TOPICS[kind], "ts": _TS, "data": [row] if kind.startswith("algo") else row}
    if kind.startswith("algo"):
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
    marks = {
        str(_TS).encode(): (b"%d", EPOCH, None),
        str(_ID).encode(): (b"%d", 654_000_000, None),
        str(_SEQ).encode(): (b"%d", 1_750_000_000_000_000_000, None),
        b".987653": (b".%06d", 0, _PRIME),
        b".987654": (b".%06d", 0, _PRIME),
        b".986": (b".%03d", 0, 1000),
        b".987": (b".%03d", 0, 1000),
    }
    alike = {b".987653", b".986"}
    pieces = re.split(b"(" + b"|".join(re.escape(mark) for mark in marks) + b")", text)
    layout = b"".join(marks[piece][0] if piece in marks else piece for piece in pieces)
    numbers = [marks[piece][1:] for piece in pieces if piece in marks]
    # Each moving number has a stride of its own, or they would all move alike.
    strides = [
        5 if piece in alike else 7 + 2 * place for place, piece in enumerate(filter(marks.get, pieces))
    ]
    numbers = [(*number, stride) for number, stride in zip(numbers, strides, strict=True)]

    def frame(index: int) -> bytes:
        return layout % tuple(
            [base + index if modulo is None else index * stride % modulo for base, modulo, stride in numbers]
        )

    return frame


def framed(text: bytes) -> bytes:
    """An unmasked WebSocket text frame."""
    size = len(text)
    if size < 126:
        return bytes((0x81, size)) + text
    if size < 65536:
        return b"\x81\x7e" + size.to_bytes(2, "big") + text
    return b"\x81\x7f" + size.to_bytes(8, "big") + text
