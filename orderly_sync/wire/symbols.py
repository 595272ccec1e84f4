"""Symbols as people write them, made native: one function, used at every edge."""

from __future__ import annotations

import re

from orderly_sync.errors import UsageError

__all__ = ["index_symbol", "symbol"]

_NATIVE = re.compile(r"(?:PERP|SPOT)_[A-Za-z0-9.]+_[A-Za-z0-9._-]+")
_BASE = re.compile(r"([A-Za-z0-9]{1,20})(?:-PERP)?")
_CCXT = re.compile(r"([A-Za-z0-9]{1,20})/USDC:USDC")
_QUOTES = ("USDC", "USDT", "USD")


def symbol(text: str) -> str:
    """The native symbol, ``PERP_ETH_USDC``, for ``"ETH"``, ``"ETH-PERP"``, ``"ETH/USDC:USDC"`` or itself.

    Native symbols pass as they are, also those of one builder only, whose names may end in lower case.

    Raises:
        UsageError: It is none of these.
    """
    if isinstance(text, str):
        if _NATIVE.fullmatch(text):
            return text
        match = _BASE.fullmatch(text) or _CCXT.fullmatch(text)
        base = match[1].upper() if match else ""
        if base and base not in {"PERP", "SPOT"} and not (base.endswith(_QUOTES) and base not in _QUOTES):
            return f"PERP_{base}_USDC"
    raise UsageError(
        f"{text!r} is no symbol; pass it as 'PERP_ETH_USDC', 'ETH', 'ETH-PERP' or 'ETH/USDC:USDC'"
    )


def index_symbol(text: str) -> str:
    """The symbol of the index, ``SPOT_ETH_USDC``, for any spelling that ``symbol`` takes.

    Raises:
        UsageError: It is no symbol.
    """
    native = symbol(text)
    return "SPOT_" + native.removeprefix("PERP_").removeprefix("SPOT_")
