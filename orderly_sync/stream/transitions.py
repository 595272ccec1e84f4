"""The states of a connection and what leads from one to the next, as one table.

::

    IDLE ──connect──▶ DIALLING ──opened──▶ LOGIN ──logged in──▶ SUBSCRIBING ──all acked──▶ READY
                        ▲  │ (public connections skip LOGIN)          │                      │
                        │  └──────────────lost──────────┬────────lost─┴─────────────lost─────┘
                        └──────────due────────────── WAITING
    LOGIN ──login refused──▶ FAILED          any ──close──▶ CLOSED
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

__all__ = ["TRANSITIONS", "State"]


class State(Enum):
    """Where a connection stands."""

    IDLE = "idle"
    DIALLING = "dialling"
    LOGIN = "login"
    SUBSCRIBING = "subscribing"
    READY = "ready"
    WAITING = "waiting"
    FAILED = "failed"
    CLOSED = "closed"


_S = State
TRANSITIONS: Mapping[State, Mapping[str, State]] = {
    _S.IDLE: {"connect": _S.DIALLING, "close": _S.CLOSED},
    _S.DIALLING: {
        "opened": _S.LOGIN,
        "opened public": _S.SUBSCRIBING,
        "lost": _S.WAITING,
        "close": _S.CLOSED,
    },
    _S.LOGIN: {
        "logged in": _S.SUBSCRIBING,
        "login refused": _S.FAILED,
        "lost": _S.WAITING,
        "close": _S.CLOSED,
    },
    _S.SUBSCRIBING: {"all acked": _S.READY, "lost": _S.WAITING, "close": _S.CLOSED},
    _S.READY: {"lost": _S.WAITING, "close": _S.CLOSED},
    _S.WAITING: {"due": _S.DIALLING, "close": _S.CLOSED},
    _S.FAILED: {"close": _S.CLOSED},
    _S.CLOSED: {"close": _S.CLOSED},
}
