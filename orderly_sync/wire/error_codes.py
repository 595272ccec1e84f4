"""The venue's error codes by name, and the HTTP status of each. Written here and nowhere else.

Names are the venue's own, where it has given any.
"""

from __future__ import annotations

from collections.abc import Mapping

__all__ = [
    "CAN_NOT_WITHDRAWAL",
    "DUPLICATE_REQUEST",
    "GATEWAY_BAD_SIGNATURE",
    "GATEWAY_EXPIRED",
    "GATEWAY_SIGNER_DIFFERS",
    "GATEWAY_UNKNOWN_BROKER",
    "GATEWAY_WRONG_CONTRACT",
    "INVALID_PARAM",
    "INVALID_SIGNATURE",
    "LIQUIDATION_REQUEST_RATIO_TOO_SMALL",
    "LIQUIDATION_STATUS_ERROR",
    "MIN_NOTIONAL",
    "PERCENTAGE_FILTER",
    "PRICE_FILTER",
    "QUANTITY_TOO_HIGH",
    "RESOURCE_NOT_FOUND",
    "RISK_TOO_HIGH",
    "RPC_NOT_CONNECT",
    "RPC_REJECT",
    "SIZE_FILTER",
    "TAG_ALREADY_ARCHIVED",
    "TAG_BAD_FEE_RATE",
    "TAG_BAD_ID",
    "TAG_BAD_SYMBOL",
    "TAG_ID_TOO_LONG",
    "TAG_LIMIT_REACHED",
    "TAG_NOT_ACTIVE",
    "TAG_NOT_FOUND",
    "TAG_TAKEN",
    "TAG_UNARCHIVED_TOO_LATE",
    "TOO_MANY_REQUEST",
    "UNAUTHORIZED",
    "UNKNOWN",
    "UNKNOWN_PARAM",
    "http_status",
]

UNKNOWN = -1000
"""An unclassified failure, or the requested data are missing."""
INVALID_SIGNATURE = -1001
"""Key, secret or signature malformed."""
UNAUTHORIZED = -1002
"""The key is unknown, expired or removed, or its scope is too small."""
TOO_MANY_REQUEST = -1003
"""A rate limit is used up."""
UNKNOWN_PARAM = -1004
"""A parameter that the call does not know."""
INVALID_PARAM = -1005
"""A parameter of a wrong form, or out of range."""
RESOURCE_NOT_FOUND = -1006
"""Nothing there to act on, such as an order that is done already."""
DUPLICATE_REQUEST = -1007
"""It exists already, or was sent twice."""
QUANTITY_TOO_HIGH = -1008
"""More is to be settled than may be."""
CAN_NOT_WITHDRAWAL = -1009
"""Arrears block the withdrawal."""
RPC_NOT_CONNECT = -1011
"""The engine is out of reach; whether it took the request is open."""
RPC_REJECT = -1012
"""The engine refused: the account is in liquidation, or another liquidation runs."""
RISK_TOO_HIGH = -1101
"""Not enough margin for the result of the request."""
MIN_NOTIONAL = -1102
"""Price times quantity is below the symbol's least."""
PRICE_FILTER = -1103
"""The price is too low or too high, or off the tick."""
SIZE_FILTER = -1104
"""The quantity is too small or too large, or off the step."""
PERCENTAGE_FILTER = -1105
"""The price is too far from the reference price."""
LIQUIDATION_REQUEST_RATIO_TOO_SMALL = -1201
"""Less of a liquidation is asked for than may be taken."""
LIQUIDATION_STATUS_ERROR = -1202
"""There is no such liquidation, or it is not needed any more."""

# Order tags have a range of their own, which overlaps that of liquidations; paths tell them apart.
TAG_TAKEN = -1201
"""The owner has used this id already."""
TAG_NOT_FOUND = -1202
"""The owner has no such tag."""
TAG_NOT_ACTIVE = -1203
"""The tag is archived."""
TAG_ALREADY_ARCHIVED = -1204
"""The tag was archived before."""
TAG_UNARCHIVED_TOO_LATE = -1205
"""The time in which it could come back is over."""
TAG_LIMIT_REACHED = -1206
"""As many tags are active as may be."""
TAG_BAD_ID = -1207
"""The id has a character that it may not have."""
TAG_BAD_FEE_RATE = -1208
"""A fee rate is out of range or off the step."""
TAG_ID_TOO_LONG = -1209
"""The id has more than 36 characters."""
TAG_BAD_SYMBOL = -1210
"""A rate is set for a symbol that is none."""

# The gateway for wallets counts from 1.
GATEWAY_EXPIRED = 2
"""The signed message is too old."""
GATEWAY_BAD_SIGNATURE = 3
"""The signature is none of a wallet."""
GATEWAY_SIGNER_DIFFERS = 9
"""Another wallet has signed than the one named."""
GATEWAY_UNKNOWN_BROKER = 15
"""No such builder."""
GATEWAY_WRONG_CONTRACT = 29
"""The verifying contract is not the ledger's."""

_BAD_REQUEST = 400
_STATUS: Mapping[int, int] = {
    UNKNOWN: 500,
    INVALID_SIGNATURE: 401,
    UNAUTHORIZED: 401,
    TOO_MANY_REQUEST: 429,
    DUPLICATE_REQUEST: 409,
}


def http_status(code: int) -> int:
    """The HTTP status that goes with a code; 400 for most."""
    return _STATUS.get(code, _BAD_REQUEST)
