"""Client order ids: the one check of those that are given, and the making of new ones."""

from __future__ import annotations

import re
import secrets

from orderly_sync.errors import UsageError

__all__ = ["client_order_id", "new_client_order_id"]

_FORM = re.compile(r"[A-Za-z0-9][A-Za-z0-9\-]{0,35}\Z")
_RANDOM_BYTES = 12


def new_client_order_id() -> str:
    """A client order id that nobody has used: 24 random digits and letters."""
    return secrets.token_hex(_RANDOM_BYTES)


def client_order_id(value: object) -> str:
    """The id given, checked, or a new one.

    Raises:
        UsageError: It is not 1 to 36 letters, digits and hyphens, it begins with a hyphen, or it is "0".
    """
    if value is None:
        return new_client_order_id()
    if value == "0":
        raise UsageError(
            "client_order_id='0' is how the venue writes that there is none; choose another, or none"
        )
    if not isinstance(value, str) or not _FORM.match(value):
        raise UsageError(
            f"client_order_id={value!a:.60} must be 1 to 36 letters, digits and hyphens, no hyphen first"
        )
    return str.__str__(value)
