"""What orders are made of on their way out: ids, legs and batches, checked before anything is signed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from orderly_sync.errors import UsageError
from orderly_sync.models.enums import (
    SENDABLE,
    AlgoType,
    MarginMode,
    OrderSide,
    OrderType,
    TriggerPriceType,
)
from orderly_sync.wire.client_order_id import client_order_id
from orderly_sync.wire.enum_values import one_of
from orderly_sync.wire.numbers import native
from orderly_sync.wire.order_numbers import NUMBERS

__all__ = [
    "LISTED",
    "algo_edit",
    "algo_node",
    "batch",
    "ids",
    "order",
    "order_id",
    "order_tag",
    "recv_window",
    "trigger_after",
]

LISTED = (OrderType.LIMIT, OrderType.MARKET)
"""The order types that lists can be asked for."""
_ALGO_TYPES = (OrderType.CLOSE_POSITION, *SENDABLE)

_BATCH = 10
_TAG = 128
_SWITCH_OFF_AFTER = range(5000, 900_001)
_WINDOW_LIMIT = 300_000


def order_id(value: int | str, name: str = "order_id") -> int:
    """An order's or trade's id; text of digits counts.

    Raises:
        UsageError: It is no positive whole number.
    """
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) <= _TAG:
        value = int(value)
    number = native(value)
    if isinstance(number, bool) or not isinstance(number, int) or number <= 0:
        raise UsageError(f"{name}={value!a:.60} must be a positive whole number")
    return number


def ids(values: Sequence[int | str], name: str) -> str:
    """One to ten ids, comma separated.

    Raises:
        UsageError: None, more than ten, or one that is no id.
    """
    listed = [values] if isinstance(values, str) else list(values)
    if not 1 <= len(listed) <= _BATCH:
        raise UsageError(f"{name} holds {len(listed)} ids; the venue takes 1 to {_BATCH} at once")
    if name == "order_ids":
        return ",".join(str(order_id(value, name)) for value in listed)
    return ",".join(client_order_id(str(value)) for value in listed)


def order_tag(value: str | None) -> str | None:
    """An order tag of at most 128 characters."""
    if value is not None and len(value) > _TAG:
        raise UsageError(f"order_tag has {len(value)} characters; the venue takes {_TAG}")
    return value


def recv_window(value: object) -> dict[str, int] | None:
    """The header that lets the venue refuse a request that arrives late; milliseconds."""
    if value is None:
        return None
    value = native(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= _WINDOW_LIMIT:
        raise UsageError(f"recv_window={value!a:.60} must be milliseconds, 1 to {_WINDOW_LIMIT}")
    return {"x-recv-window": value}


def trigger_after(value: object) -> int:
    """Milliseconds of the dead man's switch: 5000 to 900000, or 0 for off."""
    value = native(value)
    if (
        isinstance(value, bool)
        or not isinstance(value, int)
        or (value != 0 and value not in _SWITCH_OFF_AFTER)
    ):
        raise UsageError(
            f"trigger_after={value!a:.60} must be 5000 to 900000 milliseconds, or 0 to switch it off"
        )
    return value


def _same(value: object, _: str) -> object:
    return value


def _side(value: Any, name: str) -> Any:
    return one_of(OrderSide, value, name)


def _order_type(value: Any, name: str) -> Any:
    return one_of(OrderType, value, name, SENDABLE)


def _node_type(value: Any, name: str) -> Any:
    return one_of(OrderType, value, name, _ALGO_TYPES)


def _margin_mode(value: Any, name: str) -> Any:
    return one_of(MarginMode, value, name)


def _algo_type(value: Any, name: str) -> Any:
    return one_of(AlgoType, value, name)


def _trigger_price_type(value: Any, name: str) -> Any:
    return one_of(TriggerPriceType, value, name)


def _tag(value: Any, _: str) -> Any:
    return order_tag(value)


def _children(value: Any, name: str) -> Any:
    return [_checked(child, _NODE, f"{name}[{index}]") for index, child in enumerate(value)]


def _edited_children(value: Any, name: str) -> Any:
    return [_checked(child, _EDIT, f"{name}[{index}]") for index, child in enumerate(value)]


_ORDER: dict[str, Callable[[Any, str], Any]] = {
    "symbol": _same,
    "client_order_id": lambda value, _: client_order_id(value),
    "order_type": _order_type,
    "order_price": NUMBERS["price"],
    "order_quantity": NUMBERS["quantity"],
    "order_amount": NUMBERS["amount"],
    "visible_quantity": NUMBERS["visible_quantity"],
    "side": _side,
    "order_tag": _tag,
    "margin_mode": _margin_mode,
}
_SINGLE = {
    **_ORDER,
    "reduce_only": _same,
    "slippage": NUMBERS["slippage"],
    "level": _same,
    "post_only_adjust": _same,
}
"""What an order may have that is sent alone; a batch takes less."""
_NODE: dict[str, Callable[[Any, str], Any]] = {
    "symbol": _same,
    "algo_type": _algo_type,
    "type": _node_type,
    "price": NUMBERS["price"],
    "quantity": NUMBERS["quantity"],
    "trigger_price_type": _trigger_price_type,
    "trigger_price": NUMBERS["trigger_price"],
    "reduce_only": _same,
    "visible_quantity": NUMBERS["visible_quantity"],
    "side": _side,
    "order_tag": _tag,
    "child_orders": _children,
    "activated_price": NUMBERS["activated_price"],
    "callback_rate": NUMBERS["callback_rate"],
    "callback_value": NUMBERS["callback_value"],
    "margin_mode": _margin_mode,
}
_EDIT: dict[str, Callable[[Any, str], Any]] = {
    "order_id": order_id,
    "order_type": _node_type,
    "price": NUMBERS["price"],
    "quantity": NUMBERS["quantity"],
    "trigger_price": NUMBERS["trigger_price"],
    "trigger_price_type": _trigger_price_type,
    "is_activated": _same,
    "child_orders": _edited_children,
}


def _checked(
    row: Mapping[str, object], fields: Mapping[str, Callable[[Any, str], object]], where: str
) -> dict[str, object]:
    """The given values of a row, each as the wire wants it; names the venue does not know are refused."""
    strange = [name for name in row if name not in fields]
    if strange:
        raise UsageError(f"{where}: {strange[0]!a:.60} is none of {', '.join(fields)}")
    return _read(row, fields, f"{where}.")


def _read(
    row: Mapping[str, object], fields: Mapping[str, Callable[[Any, str], object]], where: str = ""
) -> dict[str, object]:
    return {name: fields[name](value, where + name) for name, value in row.items() if value is not None}


def order(**fields: object) -> dict[str, Any]:
    """The body of an ordinary order or of its edit; None values are left out.

    Raises:
        UsageError: A value cannot be right.
    """
    return _read(fields, _SINGLE)


def algo_node(**fields: object) -> dict[str, Any]:
    """The body of an algo order, legs and all; None values are left out.

    Raises:
        UsageError: A value of the root or of a leg cannot be right.
    """
    return _read(fields, _NODE)


def algo_edit(**fields: Any) -> dict[str, Any]:
    """The body of an algo order's edit; None values are left out."""
    return _read(fields, _EDIT)


def batch(orders: Iterable[Mapping[str, object]]) -> list[dict[str, Any]]:
    """The rows of a batch, each with a client order id of its own.

    Raises:
        UsageError: None or more than ten, one with ``reduce_only``, two with one id, or a value that cannot be right.
    """
    rows = []
    for index, order in enumerate(orders):
        where = f"orders[{index}]"
        if order.get("reduce_only") is not None:
            raise UsageError(
                f"{where}: a batch does not support reduce_only, the venue drops it unsaid; use create()"
            )
        missing = [name for name in ("symbol", "order_type", "side") if order.get(name) is None]
        if missing:
            raise UsageError(f"{where}: {missing[0]} is missing")
        given = {name: value for name, value in order.items() if name != "reduce_only"}
        rows.append(
            _checked(
                {**given, "client_order_id": client_order_id(order.get("client_order_id"))}, _ORDER, where
            )
        )
    if not 1 <= len(rows) <= _BATCH:
        raise UsageError(f"a batch holds 1 to {_BATCH} orders, not {len(rows)}")
    if len({row["client_order_id"] for row in rows}) < len(rows):
        raise UsageError("two orders of the batch share one client_order_id")
    return rows
