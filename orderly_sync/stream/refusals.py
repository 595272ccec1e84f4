"""Topics that the venue refused and that are asked for again, pure: which, and when."""

from __future__ import annotations

from collections.abc import Callable, Iterator

__all__ = ["Refusals"]


class Refusals:
    """The topics of one connection that are refused at the moment.

    All of them are asked for together, after delays that grow until none is refused any more; a new connection, which
    asks for everything anyway, does not start them from the beginning.

    Args:
        delays: Starts a fresh sequence of delays.
    """

    def __init__(self, delays: Callable[[], Iterator[float]]) -> None:
        self.topics: dict[str, None] = {}
        """Their names, in the order of their refusal."""
        self.due: float | None = None
        """When they are asked for again; None while that is under way, and while there are none."""
        self._new_delays = delays
        self._delays = delays()

    def add(self, name: str, now: float) -> float:
        """A topic was refused; in how many seconds it is asked for again."""
        self.topics[name] = None
        if self.due is None:
            self.due = now + next(self._delays)
        return self.due - now

    def discard(self, name: str) -> bool:
        """A topic was acknowledged or is wanted no longer; whether it was the last that was refused."""
        if name not in self.topics:
            return False
        del self.topics[name]
        if self.topics:
            return False
        self.due = None
        self.all_heard()
        return True

    def all_heard(self) -> None:
        """Nothing is refused: the next refusal is the first one."""
        self._delays = self._new_delays()

    def take(self, now: float) -> list[str]:
        """The topics to be asked for now."""
        if self.due is None or now < self.due:
            return []
        self.due = None
        return list(self.topics)

    def forget(self) -> None:
        """The connection is gone."""
        self.topics.clear()
        self.due = None
