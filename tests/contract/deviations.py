"""Where the methods differ from the published pages on purpose, each with its reason."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = [
    "ANSWER_FIELDS",
    "INSIDE",
    "LEFT_OVER",
    "MISSING",
    "NAMES",
    "RENAMED",
    "REQUIRED",
    "SCOPES",
    "TYPES",
]

MISSING: frozenset[str] = frozenset()
"""Published operations without a method."""

RENAMED: Mapping[str, str] = {
    "start_t": "start",
    "end_t": "end",
    "start_time": "start",
    "end_time": "end",
    "created_time_start": "start",
    "created_time_end": "end",
    "from": "start",
    "to": "end",
    "update_start_t": "update_start",
    "update_end_t": "update_end",
    "x-recv-window": "recv_window",
    "orderly-account-id": "sub_account_id",
}
"""Wire names that Python arguments do not repeat: moments are ``start`` and ``end`` everywhere."""

NAMES: Mapping[str, tuple[frozenset[str], frozenset[str], str]] = {
    "POST /v1/algo/order": (
        frozenset({"activatedPrice", "callbackRate", "callbackValue"}),
        frozenset({"activated_price", "callback_rate", "callback_value"}),
        "the page's own sample and the clients that trade live send snake_case",
    ),
    "GET /v1/public/system_info": (
        frozenset(),
        frozenset({"source"}),
        "the venue's own web client sends source=maintenance; the page has no parameter",
    ),
    "POST /v1/sub_account_settle_pnl": (
        frozenset(),
        frozenset({"orderly-account-id"}),
        "the sub-account is named by this header, drawn under another name on the page",
    ),
}
"""By operation: wire names that are not sent, names sent beyond the pages, and why."""

_BY_SYMBOL = "a map from symbol to value, drawn as an object without fields"

INSIDE: Mapping[str, tuple[frozenset[str], str]] = {
    "POST /v1/algo/order": (
        frozenset({"child_orders[].side", "child_orders[].type", "child_orders[].trigger_price"}),
        "a TP_SL's legs are its children, as the page's samples show; its schema draws only the bracket's depth",
    ),
    "PUT /v1/algo/order": (
        frozenset(
            {
                f"child_orders[].child_orders[].{name}"
                for name in (
                    "order_id",
                    "trigger_price",
                    "price",
                    "quantity",
                    "order_type",
                    "is_activated",
                )
            }
        ),
        "the legs of a bracket stand two levels down, and the venue's own web client sends order_type with them",
    ),
    "POST /v1/liquidation": (
        frozenset({"limit_price.PERP_ETH_USDC", "symbols[].symbol", "symbols[].ratio_qty_request"}),
        _BY_SYMBOL + "; symbols is a list, drawn as one object",
    ),
    "POST /v1/claim_insurance_fund": (frozenset({"limit_price.PERP_ETH_USDC"}), _BY_SYMBOL),
    "POST /v1/broker/order_enum": (frozenset({"pair_overrides.PERP_ETH_USDC"}), _BY_SYMBOL),
    "PUT /v1/broker/order_enum/{enum_id}": (frozenset({"pair_overrides.PERP_ETH_USDC"}), _BY_SYMBOL),
}
"""By operation: names inside a body that the page does not have, and why."""

_SIGNED = frozenset({"message", "signature", "userAddress"})
_WALLET = "a wallet's request means nothing without the message, its signature and the signer"

REQUIRED: Mapping[str, tuple[frozenset[str], frozenset[str], str]] = {
    "POST /v1/batch-order": (frozenset(), frozenset({"orders"}), "an empty batch is refused by the venue"),
    "POST /v2/internal_transfer": (frozenset(), _SIGNED | {"verifyingContract"}, _WALLET),
    "POST /v1/sv_operation_request": (frozenset(), _SIGNED | {"verifyingContract"}, _WALLET),
    "POST /v1/sv/sp_settle_pnl": (frozenset(), _SIGNED | {"verifyingContract"}, _WALLET),
    "POST /v1/sv/sp_orderly_key": (frozenset(), _SIGNED, _WALLET),
    "POST /v1/referral/edit_description": (
        frozenset(),
        frozenset({"description"}),
        "an edit says what to write; None is written as null, which clears it",
    ),
    "POST /v1/referral/edit_referee_description": (
        frozenset(),
        frozenset({"description"}),
        "an edit says what to write; None is written as null, which clears it",
    ),
}
"""By operation: names required on the pages and not here, required here and not there, and why."""

SCOPES: Mapping[str, str] = {}
"""Operations signed where the pages draw no key, or the other way round, and why."""

ANSWER_FIELDS: Mapping[str, tuple[frozenset[str], str]] = {}
"""By operation: answer paths that have no place, and why."""

TYPES: Mapping[str, tuple[frozenset[str], str]] = {}
"""By operation: answer paths whose published type is wrong, and why."""

LEFT_OVER: Mapping[str, tuple[frozenset[str], str]] = {}
"""By operation: what the published example leaves in ``.extra``, and why."""
