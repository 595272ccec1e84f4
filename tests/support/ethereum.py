"""eth-account for tests that check against it, imported without the recursion limit that comes with it."""

from __future__ import annotations

import sys

_limit = sys.getrecursionlimit()
from eth_account import Account  # noqa: E402
from eth_account.messages import encode_typed_data  # noqa: E402

sys.setrecursionlimit(_limit)  # py_ecc raised it past what a stack holds

__all__ = ["Account", "encode_typed_data"]
