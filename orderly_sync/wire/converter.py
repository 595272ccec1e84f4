"""The converter: cattrs with the wire's own rules.

What it accepts is what live venues send: numbers as text, ids as numbers or text, 0 and "" for no client order id,
"true" for true, types with a suffix, names in snake_case and camelCase, new fields, missing fields, null anywhere that
is not an identity. What it never does is guess: 12.7 is no id, true is no number, "nan" is no price.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from functools import lru_cache, partial
from typing import Any, TypeVar, get_args, get_origin

import cattrs

from orderly_sync.errors import DecodingError
from orderly_sync.models.base import UNFRAMED, ClientOrderId, Frame, Model, Rows
from orderly_sync.models.enums import OpenEnum
from orderly_sync.wire import shapes
from orderly_sync.wire.json import plain
from orderly_sync.wire.levels import is_levels, levels_hook
from orderly_sync.wire.pages import is_page, page_hook, rows_of

__all__ = ["make_converter", "structure", "to_wire"]

T = TypeVar("T")

_TRUE = frozenset({1, "true", "1"})
_FALSE = frozenset({0, "false", "0"})
"""Every spelling of a flag, texts in lower case; 1 is also True, 1.0 and Decimal(1)."""
_MAX_ADJUSTED = 400
_SMALL = tuple(Decimal(number) for number in range(1024))
"""Whole amounts are mostly small, so they are made once."""


def to_decimal(value: Any, _: object = None) -> Decimal:
    """A finite decimal from a JSON number or a numeric text."""
    kind = value.__class__
    if kind is str:
        _check_plain(value)
        try:
            value = Decimal(value)
        except InvalidOperation:
            raise ValueError(f"{value[:40]!r} is not a number") from None
    elif kind is int:
        return _SMALL[value] if 0 <= value < len(_SMALL) else _sized(Decimal(value))
    elif kind is float:
        value = Decimal(repr(value))
    elif kind is not Decimal:
        raise ValueError(f"{kind.__name__} is not a number")
    return _sized(value)


def _sized(value: Decimal) -> Decimal:
    if not value.is_finite() or abs(value.adjusted()) > _MAX_ADJUSTED:
        raise ValueError(f"{value:.6e} is not a usable number")
    return value


def _check_plain(text: str) -> None:
    """Python reads more texts as numbers than any venue means by one: ``1_000``, digits of other scripts."""
    if not text.isascii() or "_" in text:
        raise ValueError(f"{text[:40]!r} is not a number")


def to_float(value: object, _: object = None) -> float:
    """The nearest float, for ``numbers=float``."""
    return float(to_decimal(value))


def to_int(value: Any, _: object = None) -> int:
    """A whole number: an int, a whole decimal or text of digits; never rounded."""
    kind = value.__class__
    if kind is int:
        return value  # type: ignore[no-any-return]
    if kind is str:
        _check_plain(value)
        try:
            return int(value) if value.lstrip("-").isdecimal() and value.isascii() else _whole(Decimal(value))
        except InvalidOperation:
            raise ValueError(f"{value[:40]!r} is not a whole number") from None
    if kind is Decimal:
        return _whole(value)
    if kind is float:
        return _whole(Decimal(repr(value)))
    raise ValueError(f"{kind.__name__} is not a whole number")


def _whole(value: Decimal) -> int:
    if not value.is_finite() or value.adjusted() > _MAX_ADJUSTED or value != value.to_integral_value():
        raise ValueError(f"{value} is not a whole number")
    return int(value)


def to_bool(value: object, _: object = None) -> bool:
    """True or false, also as 1 and 0 and as text in any case."""
    if value.__class__ is bool:
        return value
    try:
        told = value.lower() if value.__class__ is str else value
        if told in _TRUE:
            return True
        if told in _FALSE:
            return False
    except TypeError:
        pass
    raise ValueError(f"{value!r:.40} is neither true nor false")


def to_str(value: Any, _: object = None) -> str:
    """Text, or a number as its own text."""
    kind = value.__class__
    if kind is str:
        return value  # type: ignore[no-any-return]
    if kind is int:
        return str(value)
    if kind is Decimal:
        return plain(value)
    raise ValueError(f"{kind.__name__} is not text")


def to_client_order_id(value: object, _: object = None) -> str | None:
    """A client order id; 0, as a number or as text, and "" are none."""
    if (
        value is None
        or (isinstance(value, str) and value in {"", "0"})
        or (value == 0 and value is not False)
    ):
        return None
    return to_str(value)


def to_enum(value: object, kind: type[OpenEnum]) -> OpenEnum:
    """A member, or a member-like value that keeps a text this package does not know."""
    member = kind._value2member_map_.get(value) if value.__class__ is str else None
    return member if isinstance(member, kind) else kind(to_str(value))


def _is_optional(kind: object) -> bool:
    args = get_args(kind)
    return len(args) == 2 and type(None) in args and get_origin(kind) is not dict  # noqa: PLR2004


def _optional_hook(converter: cattrs.Converter) -> Callable[[Any], Callable[[Any, Any], object]]:
    def factory(kind: object) -> Callable[[Any, Any], Any]:
        (inner,) = (arg for arg in get_args(kind) if arg is not type(None))
        hook = converter.get_structure_hook(inner)
        return lambda value, _: None if value is None else hook(value, inner)

    return factory


def _rows_hook(converter: cattrs.Converter) -> Callable[[Any], Callable[[Any, Any], object]]:
    def factory(kind: object) -> Callable[[Any, Any], Any]:
        (item,) = get_args(kind)
        hook = converter.get_structure_hook(item)
        return lambda value, _: Rows.of(item, shapes.structure_rows(hook, rows_of(value), item))

    return factory


def _tuple_hook(converter: cattrs.Converter) -> Callable[[Any], Callable[[Any, Any], object]]:
    def factory(kind: object) -> Callable[[Any, Any], Any]:
        item = get_args(kind)[0]
        hook = converter.get_structure_hook(item)

        return lambda value, _: tuple(shapes.structure_rows(hook, value, item))

    return factory


def _is_made_of(kind: object) -> Callable[[Any], bool]:
    def made_of(asked: object) -> bool:
        origin: Any = get_origin(asked)
        return origin is kind

    return made_of


def _is_model(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, Model)


def _floats(value: object) -> object:
    """Decoded JSON with its decimals as floats."""
    if isinstance(value, Decimal):
        return to_float(value)
    if isinstance(value, dict):
        return {name: _floats(one) for name, one in value.items()}
    return [_floats(one) for one in value] if isinstance(value, list) else value


def _with_floats(kind: type[Model], converter: cattrs.Converter) -> Callable[..., object]:
    """The hook of a model whose unknown fields are floats too."""
    hook = shapes.structure_hook(kind, converter)

    def structure(data: object, _: object = None, frame: Frame = UNFRAMED) -> Any:
        value = hook(data, None, frame)
        if value.extra:
            object.__setattr__(value, "extra", _floats(value.extra))
        return value

    return structure


def make_converter(numbers: type = Decimal) -> cattrs.Converter:
    """A converter for all models of this package; ``numbers`` is ``Decimal`` (exact) or ``float``."""
    converter = cattrs.Converter(detailed_validation=False)
    number = to_float if numbers is float else to_decimal
    # By class, which is how the lenient hooks of cattrs for int and str are registered too: those take 12.7 for an
    # id and "false" for true. A subclass finds the hook of its nearest base, so bool and OpenEnum need their own.
    for kind, hook in ((Decimal, number), (int, to_int), (bool, to_bool), (str, to_str), (OpenEnum, to_enum)):
        converter.register_structure_hook(kind, hook)
    converter.register_structure_hook_func(lambda kind: kind is ClientOrderId, to_client_order_id)
    converter.register_structure_hook_factory(_is_optional, _optional_hook(converter))
    converter.register_structure_hook_factory(_is_made_of(tuple), _tuple_hook(converter))
    converter.register_structure_hook_factory(is_levels, levels_hook(converter))
    converter.register_structure_hook_factory(_is_made_of(Rows), _rows_hook(converter))
    converter.register_structure_hook_factory(is_page, page_hook(converter))
    if numbers is float:
        # What has no type of its own is as decoded, and decoding is exact.
        converter.register_structure_hook_func(lambda kind: kind is Any, lambda value, _: _floats(value))
        converter.register_structure_hook_factory(_is_model, lambda kind: _with_floats(kind, converter))
    else:
        converter.register_structure_hook_factory(
            _is_model, partial(shapes.structure_hook, converter=converter)
        )
    return converter


@lru_cache(maxsize=2)
def default_converter(numbers: type = Decimal) -> cattrs.Converter:
    """The shared converter of that number type."""
    return make_converter(numbers)


def structure(data: object, kind: type[T], where: str, numbers: type = Decimal) -> T:
    """``data`` as a ``kind``.

    Raises:
        DecodingError: It does not fit; the error names the field by its path.
    """
    try:
        return default_converter(numbers).structure(data, kind)
    except shapes.FieldError as exc:
        raise DecodingError(f"{where} at {exc.path}", "", exc.reason) from None
    except (ValueError, TypeError, AttributeError, RecursionError, cattrs.BaseValidationError) as exc:
        raise DecodingError(where, "", str(exc)) from None


def to_wire(value: object) -> Any:
    """A model as the wire's own names and values, every number by its own text; ready for ``wire.json.encode``."""
    if isinstance(value, Model):
        out = {name: to_wire(getattr(value, field)) for field, name in shapes.written_names(type(value))}
        return {**out, **value.extra}
    if isinstance(value, (tuple, list)):
        return [to_wire(item) for item in value]
    if isinstance(value, Mapping):
        return {key: to_wire(item) for key, item in value.items()}
    return value
