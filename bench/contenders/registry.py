"""Who takes part, in the order of the tables, and whether it is installed."""

from __future__ import annotations

import importlib
from importlib.metadata import PackageNotFoundError, version
from types import ModuleType

STREAMS = (
    "bare_text",
    "bare_orjson",
    "bare_json",
    "websocketapp",
    "official",
    "pybit_socket",
    "hyperliquid_socket",
    "ccxt_pro",
    "orderly_sync_stream",
)
BOOK_READERS = ("orderly_sync_book_top", "orderly_sync_book_all")
"""Of order books, how much is read of each counts."""
ORDERS = ("rest_httpclient", "rest_requests", "rest_ccxt", "rest_official", "rest_orderly_sync")
REFERENCE = "bare_orjson"


def load(name: str) -> ModuleType:
    """The module of a contender; importing it imports none of what it needs."""
    return importlib.import_module(f"contenders.{name}")


def missing(contender: ModuleType) -> str | None:
    """The first distribution it needs that is not installed."""
    for distribution in contender.NEEDS:
        if installed(distribution) is None:
            return distribution
    return None


def installed(distribution: str) -> str | None:
    """The version of a distribution, None where it is not installed."""
    try:
        return version(distribution)
    except PackageNotFoundError:
        return None
