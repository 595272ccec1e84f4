"""What ``on``, ``stream`` and ``wait_for`` take, held against what can ever come.

A call that would wait in vain is refused in one sentence.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import partial
from types import FunctionType
from typing import Any

from orderly_sync.errors import OrderlyError, UsageError
from orderly_sync.models.pushes.market import IndexPrice
from orderly_sync.stream.events import ANNOUNCED, SessionEvent
from orderly_sync.stream.filter import Filter
from orderly_sync.wire.symbols import index_symbol
from orderly_sync.wire.symbols import symbol as native_symbol
from orderly_sync.wire.topic import Topic
from orderly_sync.wire.topic_list import ALL, CALL_OF_EVENT, FUNCTIONS

__all__ = ["check_callable", "check_target", "name_of", "wanted_of"]

_ORDER_IDS = ("order_id", "algo_order_id", "root_algo_order_id")
_SHOWN = 60


def name_of(target: Any) -> str:
    """A topic's wire name, or the name of a class of session events."""
    return target.name if isinstance(target, Topic) else str(target.__name__)


def check_target(target: object) -> None:
    """Refuse what is neither a topic nor a class that is ever announced.

    Raises:
        UsageError: With what to pass instead.
    """
    if isinstance(target, Topic):
        return
    if not isinstance(target, type):
        raise UsageError(f"{_shown(target)} is no topic; {_topic_meant(target)}")
    if issubclass(target, (SessionEvent, OrderlyError)):
        if any(issubclass(announced, target) for announced in ANNOUNCED):
            return
        names = ", ".join(one.__name__ for one in ANNOUNCED)
        raise UsageError(
            f"{target.__name__} is never announced, only raised by the call that meets it: put try and except around "
            f"that call (announced are {names})"
        )
    raise UsageError(f"the class {target.__name__} is no session event; {_topic_meant(target)}")


def _topic_meant(target: object) -> str:
    """Advice: the topic that was probably meant."""
    if isinstance(target, str):
        named = [row["call"] for row in ALL if row["topic"].split("@")[-1] == target.split("@")[-1]]
        if named:
            return f"pass {named[0]}"
    if isinstance(target, FunctionType) and target.__name__ in FUNCTIONS:
        return f"call it: topics.{target.__name__}(...)"
    if isinstance(target, type) and (call := CALL_OF_EVENT.get(target.__name__)) is not None:
        return f"pass {call}"
    return "pass one such as topics.execution_report(), or a class such as Disconnected"


def wanted_of(
    target: Any, symbol: Any, order: Any, client_order_id: Any, known: Callable[[str], object] | None = None
) -> Filter:
    """The filter of a topic's events.

    Args:
        target: The topic, or a class of session events.
        symbol: In any spelling; the index's own for index prices.
        order: An order id.
        client_order_id: The caller's own id.
        known: Refuses symbols that the venue does not have, where that can be known.

    Raises:
        UsageError: One of them can never match an event of the topic.
    """
    if symbol is None and order is None and client_order_id is None:
        return Filter()
    if not isinstance(target, Topic):
        raise UsageError("filters are for topics; session events have none")
    if symbol is not None:
        _has_field(target, "symbol", ("symbol",))
        symbol = _symbol(target, symbol, known)
    if order is not None:
        _has_field(target, "order", _ORDER_IDS)
        if isinstance(order, bool) or not hasattr(type(order), "__index__"):
            raise UsageError(f"order={_shown(order)}: pass the venue's order id, such as handle.order_id")
        order = order.__index__()
    if client_order_id is not None:
        _has_field(target, "client_order_id", ("client_order_id",))
        if not isinstance(client_order_id, str):
            raise UsageError(f"client_order_id={_shown(client_order_id)}: pass the text it was placed under")
    return Filter(symbol, order, client_order_id)


def _has_field(topic: Topic[object], argument: str, fields: tuple[str, ...]) -> None:
    if not any(hasattr(topic.event, field) for field in fields):
        raise UsageError(f"{argument}= would never match: events of {topic.name!r} have no {fields[0]}")


def _symbol(topic: Topic[Any], given: Any, known: Callable[[str], object] | None) -> str:
    """The symbol as the topic's events write it."""
    native = native_symbol(given)
    if known is not None and native.startswith("PERP_"):
        known(native)
    wanted = index_symbol(given) if topic.event is IndexPrice else native
    about, at, _ = topic.name.rpartition("@")
    about = about.rpartition("$")[2]
    if at and about != wanted:
        raise UsageError(f"symbol={_shown(given)} would never match: {topic.name!r} is about {about} only")
    asked = dict(topic.params).get("symbol")
    if asked is not None and wanted not in asked.split(","):
        raise UsageError(f"symbol={_shown(given)} would never match: the topic was made for {asked} only")
    return wanted


def check_callable(fn: object, what: str, takes: str = "the event") -> None:
    """Refuse what cannot be called with one argument, or would give back something that has yet to be run.

    Raises:
        UsageError: With what to pass instead.
    """
    if not callable(fn):
        raise UsageError(f"a {what} must be callable, not {type(fn).__name__}")
    if _is_deferred(fn):
        raise UsageError(
            f"a {what} is an ordinary function: write def instead of async def, and return instead of yield"
        )
    try:
        signature = inspect.signature(fn)
    except (ValueError, TypeError):
        return  # some functions in C do not tell
    try:
        signature.bind(None)
    except TypeError:
        raise UsageError(
            f"a {what} is called with one argument, {takes}, which {_shown(fn)} does not take"
        ) from None


def _is_deferred(fn: object) -> bool:
    """Whether calling it runs nothing: a coroutine function or a generator function, however it is wrapped."""
    while isinstance(fn, partial):
        fn = fn.func
    call = None if inspect.isroutine(fn) else inspect.getattr_static(type(fn), "__call__", None)
    tests = (inspect.iscoroutinefunction, inspect.isgeneratorfunction, inspect.isasyncgenfunction)
    return any(test(one) for one in (fn, call) for test in tests)


def _shown(value: object) -> str:
    text = ascii(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."
