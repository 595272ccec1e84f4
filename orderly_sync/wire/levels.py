"""How the levels of a pushed book are read: hundreds a frame, so in one loop."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any, cast

import cattrs

from orderly_sync.models.pushes.book import Level
from orderly_sync.wire.book_frames import UnreadSide

__all__ = ["is_levels", "levels_hook"]


def is_levels(kind: object) -> bool:
    """Whether ``kind`` is one side of a pushed book."""
    return bool(kind == tuple[Level, ...])


Side = tuple[Level, ...] | UnreadSide


def levels_hook(converter: cattrs.Converter) -> Callable[[Any], Callable[[Any, Any], Side]]:
    """A factory of hooks that read ``[[price, quantity], …]``, in the wire's order."""

    def factory(_: object) -> Callable[[Any, Any], Side]:
        number = converter.get_structure_hook(Decimal)
        exact = type(number(0, Decimal))
        new = tuple.__new__

        def build(value: object, _: object) -> Side:
            if value.__class__ is UnreadSide or value.__class__ is tuple:
                return cast("Side", value)  # checked with its frame
            if value.__class__ is not list:
                raise ValueError(f"{value.__class__.__name__} where a list of levels was expected")
            levels = []
            for row in value:
                if row.__class__ is not list:
                    raise ValueError(f"{row.__class__.__name__} where [price, quantity] was expected")
                price, quantity = row
                if type(price) is not exact:
                    price = number(price, Decimal)
                if type(quantity) is not exact:
                    quantity = number(quantity, Decimal)
                levels.append(new(Level, (price, quantity)))
            return tuple(levels)

        return build

    return factory
