"""How the tests of answers read them."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from typing import Any

from orderly_sync.wire.converter import structure
from orderly_sync.wire.envelope import read_answer

__all__ = ["MS", "NOON", "answer", "digits", "read"]

NOON = dt.datetime(2026, 1, 1, 12, tzinfo=dt.timezone.utc)
MS = 1_767_268_800_000


def read(kind: Any, **data: Any) -> Any:
    """A model of what the wire says."""
    return structure(data, kind, "here")


def digits(value: Any) -> str:
    """A value as the wire writes it, no digit lost."""
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def answer(kind: Any, envelope: dict[str, Any], **options: Any) -> Any:
    """What an operation returns of an envelope."""
    body = json.dumps({"success": True, "timestamp": MS, **envelope}).encode()
    return read_answer(200, {}, body, kind, method="GET", path="/x", **options)
