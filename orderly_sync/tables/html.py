"""HTML for notebooks. All text goes through ``cell``: whatever the venue or a user wrote is text, never markup."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from enum import Enum
from html import escape

from orderly_sync.values.printing import in_ascii

__all__ = ["HEADS", "cell", "grid", "pairs", "text_of"]

_LONGEST = 80
_MAX_EXPONENT = 40
_MOST_DECIMALS = 8
_SMALL = Decimal("0.0001")
# Notebooks typeset what stands between dollar signs, save in elements of these classes.
_OPEN = '<table class="orderly tex2jax_ignore mathjax_ignore">'
HEADS: Mapping[str, str] = {
    "position_qty": "quantity",
    "average_open_price": "entry",
    "est_liq_price": "liquidation",
    "mark_price": "mark",
    "unrealized_pnl": "PnL",
    "average_executed_price": "average",
    "total_executed_quantity": "filled",
    "executed_quantity": "quantity",
    "executed_price": "price",
    "algo_order_id": "id",
    "order_id": "id",
    "algo_status": "status",
    "algo_type": "type",
    "trigger_price": "trigger",
}
"""Shorter words over columns."""


def text_of(value: object) -> str:
    """A value as people read it, in ASCII and at most a line."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Enum):
        text = str(value.value)
    elif isinstance(value, Decimal):
        text = format(_short(value), "f") if abs(value.adjusted()) < _MAX_EXPONENT else str(value)
    elif isinstance(value, float):
        text = format(value, ".10g")
    elif isinstance(value, datetime):
        text = value.strftime("%Y-%m-%d %H:%M:%S.") + f"{value.microsecond // 1000:03d}"
    elif isinstance(value, (str, int)):
        text = str(value)
    elif isinstance(value, (Mapping, Sequence)):
        text = f"<{len(value)}>"
    else:
        text = repr(value)
    text = "".join(char if char.isprintable() else " " for char in in_ascii(text))
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."


def _short(value: Decimal) -> Decimal:
    """A quotient has as many digits as the context; nobody reads more than eight behind the point."""
    is_long = value.is_finite() and value.as_tuple().exponent < -_MOST_DECIMALS * 2  # type: ignore[operator]
    return round(value, _MOST_DECIMALS) if is_long and abs(value) > _SMALL else value


def cell(value: object, *, head: bool = False, indent: int = 0) -> str:
    """One cell; numbers stand to the right."""
    tag = "th" if head else "td"
    is_number = isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)
    style = ' style="text-align:right"' if is_number else ' style="text-align:left"'
    return f"<{tag}{style}>{'&nbsp;&nbsp;' * indent}{escape(text_of(value))}</{tag}>"


def grid(
    title: str, head: Sequence[str], rows: Iterable[Sequence[object]], indents: Sequence[int] = ()
) -> str:
    """A table with a row of heads; ``indents`` says by how much the first cell of each row is set in."""
    top = "".join(cell(HEADS.get(name, name.replace("_", " ")), head=True) for name in head)
    body = []
    for at, row in enumerate(rows):
        depth = indents[at] if at < len(indents) else 0
        cells = [cell(value, indent=depth if number == 0 else 0) for number, value in enumerate(row)]
        body.append(f"<tr>{''.join(cells)}</tr>")
    return f"{_OPEN}{_caption(title)}<thead><tr>{top}</tr></thead><tbody>{''.join(body)}</tbody></table>"


def pairs(title: str, given: Iterable[tuple[str, object]]) -> str:
    """A table of names and values, one a line."""
    rows = [f"<tr>{cell(name.replace('_', ' '), head=True)}{cell(value)}</tr>" for name, value in given]
    return f"{_OPEN}{_caption(title)}<tbody>{''.join(rows)}</tbody></table>"


def _caption(title: str) -> str:
    return f'<caption style="text-align:left;white-space:nowrap">{escape(text_of(title))}</caption>'
