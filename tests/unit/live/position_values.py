"""Fills, pushes and rows of one position, made of the figures a test is about."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from orderly_sync.live.fills import CountedTrade
from orderly_sync.models.base import Frame
from orderly_sync.models.enums import MarginMode
from orderly_sync.models.position import Position
from orderly_sync.models.pushes.account import PositionUpdate

D = Decimal
SOL = "PERP_SOL_USDC"
CROSS = MarginMode.CROSS


def fill(number: int, size: str, price: str = "100", fee: str = "0", **more: Any) -> CountedTrade:
    values = {"ts": number, "seq": None, "margin_mode": CROSS, "symbol": SOL, **more}
    return CountedTrade(id=number, quantity=D(size), price=D(price), fee=D(fee), **values)


def push(
    size: str, ts: int, *, seq: int | None = None, version: int | None = None, **more: Any
) -> PositionUpdate:
    values = {"symbol": SOL, "frame": Frame("position", ts), "updated_time": ts, **more}
    return PositionUpdate(position_qty=D(size), seq=seq, version=version, **values)


def row(size: str, **more: Any) -> Position:
    return Position(symbol=SOL, position_qty=D(size), **more)
