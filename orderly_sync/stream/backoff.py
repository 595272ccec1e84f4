"""How long to wait before dialling again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random

__all__ = ["FIRST_DELAY", "LONGEST_DELAY", "full_jitter"]

FIRST_DELAY = 0.25
LONGEST_DELAY = 30.0


def full_jitter(
    uniform: Callable[[float, float], float] | None = None,
    *,
    first: float = FIRST_DELAY,
    longest: float = LONGEST_DELAY,
) -> Iterator[float]:
    """Endless delays in seconds: each drawn evenly between 0 and a bound that doubles up to ``longest``.

    Drawing from the whole range is what keeps a thousand clients from coming back in step after an outage.
    """
    draw = uniform or Random().uniform  # noqa: S311 - spread, not secrecy
    bound = first
    while True:
        yield draw(0.0, bound)
        bound = min(bound * 2, longest)
