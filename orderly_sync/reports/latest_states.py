"""Private topics that tell how something stands: positions, balances, the account. The latest state is promised.

What REST says is compared with what was told last; where it differs, it is told as a push that says ``recovered``. Pure
but for its lock: rows come from readings that the session makes anyway.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence

from orderly_sync.models.base import Push, changed, zero_like

__all__ = ["LatestStates"]

_SETTLED_MS = 5_000
"""What was pushed so recently, ms before what was heard last, may not have come to REST yet."""


class LatestStates:
    """What one topic has told last, by key.

    Args:
        topic: Its name.
        key: What names an event among those of the topic.
        compared: The fields in which two states differ; a field that either does not say differs in nothing.
        size: The field that is 0 where there is nothing, of what REST lists while there is something; None where it
            lists the rest too.
    """

    def __init__(
        self,
        topic: str,
        key: Callable[[Push], Hashable],
        compared: Sequence[str],
        size: str | None = None,
    ) -> None:
        self.topic = topic
        self._key = key
        self._compared = tuple(compared)
        self._size = size
        self._lock = threading.Lock()
        self._told: dict[Hashable, Push] = {}

    def note(self, event: Push) -> None:
        """An event is told; on the I/O thread."""
        with self._lock:
            key = self._key(event)
            self._told[key] = _joined(self._told.get(key), event, self._compared)

    def forget_all(self) -> None:
        """The venue began anew."""
        with self._lock:
            self._told = {}

    def begin(self, states: Iterable[Push]) -> None:
        """How all stood at the beginning, which nobody is told."""
        for state in states:
            with self._lock:
                self._told.setdefault(self._key(state), state)

    def mark(self) -> Mapping[Hashable, Push]:
        """What has been told, before REST is asked."""
        with self._lock:
            return dict(self._told)

    def news(self, states: Iterable[Push], heard: int | None) -> list[Push]:
        """Those states by REST that differ from what was told, and what is there no longer.

        Args:
            states: As REST says, as events.
            heard: The venue's time in ms until which the stream was heard.
        """
        with self._lock:
            told = dict(self._told)
        now = {self._key(state): state for state in states}
        found = [state for key, state in now.items() if self._differs(told.get(key), state)]
        if self._size is not None:
            found += [
                self._emptied(event, self._size)
                for key, event in told.items()
                if key not in now
                and getattr(event, self._size)
                and (event.ts is None or heard is None or event.ts <= heard - _SETTLED_MS)
            ]
        return found

    def is_news(self, state: Push, mark: Mapping[Hashable, Push]) -> bool:
        """Whether a state is to be told: not if anything was pushed since REST was asked."""
        key = self._key(state)
        with self._lock:
            told = self._told.get(key)
        return told is mark.get(key) and self._differs(told, state)

    def _differs(self, told: Push | None, state: Push) -> bool:
        if told is None:
            return self._size is None or bool(getattr(state, self._size))
        if told.ts is not None and state.ts is not None and state.ts < told.ts:
            return False  # older than what was told
        return any(
            one is not None and other is not None and one != other
            for one, other in ((getattr(told, name), getattr(state, name)) for name in self._compared)
        )

    def _emptied(self, event: Push, size: str) -> Push:
        frame = type(event.frame)(self.topic, event.ts, "rest", recovered=True)
        none = {name: None for name in self._compared if name != size}
        gone = changed(event, **{**none, size: zero_like(event), "frame": frame})
        frame.events = (gone,)
        return gone


def _joined(told: Push | None, event: Push, names: Iterable[str]) -> Push:
    """An event, with what it does not say as it was told before."""
    if told is None:
        return event
    unsaid = {name: getattr(told, name) for name in names if getattr(event, name) is None}
    return changed(event, **unsaid) if unsaid else event
