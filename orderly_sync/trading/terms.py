"""The terms of an order: what ``help()`` says of each keyword, and what is said to who gave another one.

An order's fields are its keywords. ``placeable`` makes of their meanings the help of the class and of its ``buy`` and
``sell``, whose signatures are written out in the class.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from difflib import get_close_matches
from functools import wraps
from inspect import cleandoc
from typing import Any, TypeVar

import attrs

from orderly_sync.errors import UsageError
from orderly_sync.rest.order_numbers import NUMBERS
from orderly_sync.rest.request import Number

__all__ = ["keywords", "number_field", "numbers_of", "placeable"]

C = TypeVar("C", bound=type)

_QUOTE = "USDC a unit of the base, a multiple of the symbol's quote_tick"
_MEANINGS = {
    "symbol": "The market: ``PERP_ETH_USDC``, or ``ETH``, ``ETH-PERP``, ``ETH/USDC:USDC`` for it.",
    "side": "BUY or SELL.",
    "quantity": "How much, base units (ETH of PERP_ETH_USDC); at most 8 decimals, a multiple of the symbol's tick.",
    "price": f"The worst price that it may trade at, {_QUOTE}; where it may be absent, None is a market order.",
    "visible_quantity": "How much of it the book shows, base units; 0 hides it, None shows all; of a Limit only.",
    "adjust": "True: rather than be cancelled, it moves to one tick from the best of the other side.",
    "amount": "How much it may cost or bring, USDC, instead of ``quantity``.",
    "slippage": "The most that it may slip, a fraction: 0.01 is 1 %.",
    "trigger": f"The mark price that sets it off, {_QUOTE}.",
    "take_profit": f"The mark price at which the profit is taken, {_QUOTE}; None for no such leg.",
    "stop_loss": f"The mark price at which the loss is stopped, {_QUOTE}; None for no such leg.",
    "take_profit_price": f"Limit price of the take profit, {_QUOTE}; None sends a market order.",
    "stop_loss_price": f"Limit price of the stop loss, {_QUOTE}; None sends a market order.",
    "positional": "True: a leg closes the whole position; False: the quantity that the entry executed.",
    "callback_rate": "How far the mark price turns back to set it off, a fraction of its best: 0.01 is 1 %.",
    "callback_value": "How far the mark price turns back to set it off, USDC, instead of ``callback_rate``.",
    "activation": f"The mark price from which on it trails, {_QUOTE}; None trails at once.",
    "reduce_only": "True: it may only shrink the position; the venue cuts or refuses what goes beyond.",
    "client_order_id": "Yours: 1 to 36 letters, digits and hyphens, of no other open order; None has one made.",
    "order_tag": "Comes back with every report; at most 128 characters.",
    "margin_mode": "CROSS or ISOLATED; None is what the symbol is set to.",
}
"""What each keyword of an order means; numbers are str, int, Decimal or float."""
_MEANT = {
    "quantity": (
        "qty",
        "size",
        "amount",
        "base_quantity",
        "order_quantity",
        "contracts",
        "volume",
        "q",
        "sz",
    ),
    "price": ("limit_price", "order_price", "px", "limit", "p"),
    "trigger": ("trigger_price", "stop_price", "stop", "stoppx", "trigger_px"),
    "take_profit": (
        "tp",
        "take_profit_trigger",
        "tp_trigger",
        "tp_trigger_price",
        "take_profit_trigger_price",
    ),
    "stop_loss": ("sl", "stop_loss_trigger", "sl_trigger", "sl_trigger_price", "stop_loss_trigger_price"),
    "take_profit_price": ("tp_price", "take_profit_limit"),
    "stop_loss_price": ("sl_price", "stop_loss_limit"),
    "client_order_id": ("client_id", "cl_ord_id", "clordid", "cid", "clientorderid", "new_client_order_id"),
    "reduce_only": ("reduceonly", "close_only"),
    "visible_quantity": ("visible", "iceberg", "display_quantity", "visible_size", "hidden"),
    "order_tag": ("tag", "label"),
    "margin_mode": ("mode", "margin", "margin_type"),
    "amount": ("order_amount", "quote_quantity", "notional", "quote_amount", "cost", "usd"),
    "slippage": ("max_slippage", "slippage_tolerance"),
    "callback_rate": ("trailing_percent", "trail_percent", "callback", "trailing_rate"),
    "callback_value": ("trailing_amount", "trail_value", "trailing_value", "trail"),
    "activation": ("activation_price", "activated_price", "activate_price"),
    "adjust": ("post_only_adjust",),
}
"""What else the same thing is called, elsewhere and on the wire."""
_NO_TERM = {
    "post_only": "use PostOnly for an order that only ever makes",
    "time_in_force": "use Limit, Ioc, Fok or PostOnly",
    "tif": "use Limit, Ioc, Fok or PostOnly",
    "type": "the class says it: Limit, Market, Ioc, Fok, PostOnly or Stop",
    "order_type": "the class says it: Limit, Market, Ioc, Fok, PostOnly or Stop",
    "ioc": "use Ioc",
    "fok": "use Fok",
    "side": "buy and sell say it",
    "leverage": "it belongs to the account: ex.rest.config.set_leverage(leverage=..., symbol=...)",
}
"""What is no keyword of any order, and what to use."""


_FORMS = "Numbers are str, int, Decimal or float; a float stands for its shortest text, so 0.1 is 0.1."
_RAISES = """Raises:
    UsageError: A keyword that it does not have, one that it lacks, or a value that cannot be right. What the rules of
        the symbol and the venue may refuse besides, ``place`` raises."""


_NUMBERS = {
    "quantity": "quantity",
    "price": "price",
    "visible_quantity": "visible_quantity",
    "amount": "amount",
    "slippage": "slippage",
    "trigger": "trigger_price",
    "take_profit": "trigger_price",
    "stop_loss": "trigger_price",
    "take_profit_price": "price",
    "stop_loss_price": "price",
    "callback_rate": "callback_rate",
    "callback_value": "callback_value",
    "activation": "activated_price",
}
"""What each number is on the wire, which decides how it is read and what rule it is held to."""


def number_field(name: str) -> Any:
    """The field of an optional number, checked and made exact."""
    reader = NUMBERS[_NUMBERS[name]]

    def read(value: Number | None) -> Decimal | None:
        return reader(value, name)

    return attrs.field(default=None, converter=read)


def numbers_of(order: Any) -> list[tuple[str, str, Decimal]]:
    """The numbers that an order has: what each is on the wire, its name here, its value."""
    names = [field.name for field in attrs.fields(type(order)) if field.name in _NUMBERS]
    return [
        (_NUMBERS[name], name, getattr(order, name)) for name in names if getattr(order, name) is not None
    ]


def placeable(*, buy: str, sell: str) -> Callable[[C], C]:
    """Make a class of orders say what it takes: in its help, and in one sentence to who gives it anything else.

    Each thing is written once: what the order does in the docstring of the class, which keywords it has in the
    signatures of ``buy`` and ``sell``, what each of them means in ``_MEANINGS``.

    Args:
        buy: The arguments of an example of ``buy``.
        sell: The arguments of an example of ``sell``.
    """

    def made(kind: C) -> C:
        name, summary, page = kind.__name__, cleandoc(kind.__doc__ or ""), kind.page  # type: ignore[attr-defined]
        examples = {"buy": f"ex.place({name}.buy({buy}))", "sell": f"ex.place({name}.sell({sell}))"}
        for side, example in examples.items():
            method = _inherited(kind, side)
            wrapped = _checked(method)
            wrapped.__qualname__ = f"{name}.{side}"
            first = cleandoc(method.__doc__ or "")
            wrapped.__doc__ = _help(f"{first}\n\n{summary}", method, [example], page)
            setattr(kind, side, classmethod(wrapped))
        init: Any = vars(kind)["__init__"]
        kind.__doc__ = _help(summary, init, examples.values(), page)
        setattr(kind, "__init__", _checked(init))  # noqa: B010 - the type checker forbids the plain assignment
        return kind

    return made


def keywords(local: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of the class method whose ``locals()`` these are."""
    return {name: value for name, value in local.items() if name != "cls"}


def _inherited(kind: type, name: str) -> Any:
    """The function of a class method, as the nearest of the bases wrote it."""
    return next(vars(base)[name].__func__ for base in kind.__mro__ if name in vars(base))


def _checked(method: Any) -> Any:
    """The same, but arguments that it does not have are answered with those that it has."""
    first, names = _parameters(method)
    own = frozenset(names)
    needed = own.difference(method.__kwdefaults__ or ())

    @wraps(method)
    def checked(owner: Any, *args: object, **terms: object) -> Any:
        if len(args) != len(first) or not needed <= terms.keys() <= own:
            kind = owner if isinstance(owner, type) else type(owner)
            placed = dict(zip(first, args, strict=False))
            _check_once(kind, placed, terms)
            terms = {**placed, **terms}
            _check(kind, (*first, *names), args[len(first) :], terms)
            # What is missing the class itself asks for: it knows what may stand for what.
            return method(owner, **{**dict.fromkeys(needed), **terms})
        return method(owner, *args, **terms)

    return checked


def _parameters(method: Any) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names that take a place, save the owner's, and those that are keywords only."""
    code = method.__code__
    end = code.co_argcount + code.co_kwonlyargcount
    return code.co_varnames[1 : code.co_argcount], code.co_varnames[code.co_argcount : end]


def _help(summary: str, method: Any, examples: Iterable[str], page: str) -> str:
    first, names = _parameters(method)
    rows = "\n".join(f"    {name}: {_MEANINGS[name]}" for name in (*first, *names))
    shown = "\n".join(f"    {example}" for example in examples)
    return f"{summary}\n\n{_FORMS}\n\nExample::\n\n{shown}\n\nArgs:\n{rows}\n\n{_RAISES}\n\n{page}"


def _check_once(kind: type, placed: Iterable[str], terms: Collection[str]) -> None:
    for term in placed:
        if term in terms:
            raise UsageError(f"{kind.__name__} is given its {term} twice: by its place and as {term}=")


def _check(kind: Any, own: Sequence[str], args: Sequence[object], given: dict[str, object]) -> None:
    """Refuse arguments that a kind of order does not have, or cannot do without; the message names the right one."""
    name = kind.__name__
    if args:
        known = ", ".join(f"{each}=..." for each in own if each in {"quantity", "price", "trigger"})
        raise UsageError(f"{name} takes its terms by keyword: {name}.buy(symbol, {known or '...'})")
    for term, why in kind.refused.items():
        if given.pop(term, None) is not None:
            raise UsageError(why)
    for term in given:
        if term not in own:
            raise UsageError(f"{name} has no {term!a:.60}: {_advice(term, own)}")
    for term in ("symbol", "side"):
        if term in own and term not in given:
            raise UsageError(
                f"{name} needs a {term}: write {name}.buy(symbol, ...) or {name}.sell(symbol, ...)"
            )


def _advice(term: str, own: Sequence[str]) -> str:
    word = term.lower()
    meant = [right for right, others in _MEANT.items() if right in own and word in {right, *others}]
    if meant:
        return f"write {meant[0]}="
    if word in _NO_TERM:
        return _NO_TERM[word]
    known = [each for each in own if each not in {"symbol", "side"}]
    near = get_close_matches(word, known, 1)
    return f"write {near[0]}=" if near else f"it takes {', '.join(known)}"
