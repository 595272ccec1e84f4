"""What a topic is: its wire name, what it delivers, how its data is read."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, Generic, TypeVar

import attrs

from orderly_sync.models.base import Frame
from orderly_sync.values.printing import printable

__all__ = ["KeyOf", "Read", "RequestCommand", "Topic"]

E = TypeVar("E", covariant=True)  # noqa: PLC0105

KeyOf = Callable[[Any], Hashable]
"""What names an event among those of its topic: the newest of one name may stand for the older ones."""

Read = Callable[[Any, Frame, type], Sequence[Any]]
"""From a frame's decoded ``data``, its Frame and the number type to events, in order."""


@attrs.frozen(eq=True, repr=False)
class Topic(Generic[E]):
    """A typed topic: what ``on``, ``stream`` and ``wait_for`` take.

    Two topics are the same if their wire name and subscription parameters are.
    """

    name: str
    """The wire topic, ``PERP_ETH_USDC@trade``."""
    event: type[E] = attrs.field(eq=False)
    """What it delivers, one by one."""
    read: Read = attrs.field(eq=False)
    """How a frame's data becomes events."""
    private: bool = attrs.field(default=False, kw_only=True, eq=False)
    """Whether it needs a login and travels on the private connection."""
    params: tuple[tuple[str, str], ...] = attrs.field(default=(), kw_only=True)
    """Subscription parameters, such as ``(("symbol", "PERP_ETH_USDC"),)``."""
    cadence: float | None = attrs.field(default=None, kw_only=True, eq=False)
    """Seconds within which it must push while the connection lives; None where silence means nothing."""
    conflate: KeyOf | None = attrs.field(default=None, kw_only=True, eq=False)
    """Where only the newest of each key counts, as of prices and positions, the key: events of one replace each other
    in a full queue. None where every event counts."""

    @printable
    def __repr__(self) -> str:
        return f"Topic({self.name!r})"

    def subscription(self, request_id: str, event: str = "subscribe") -> Mapping[str, Any]:
        """The frame that asks for it."""
        frame: dict[str, Any] = {"id": request_id, "event": event, "topic": self.name}
        return {**frame, "params": dict(self.params)} if self.params else frame


@attrs.frozen(eq=True, repr=False)
class RequestCommand(Generic[E]):
    """A question asked over the socket and answered once, by id."""

    name: str
    """The wire's ``params.type``."""
    event: type[E] = attrs.field(eq=False)
    """What the answer's data holds."""
    read: Read = attrs.field(eq=False)
    """How it is read."""

    @printable
    def __repr__(self) -> str:
        return f"Command({self.name!r})"

    def request(self, request_id: str, symbol: str) -> Mapping[str, Any]:
        """The frame that asks, for one native symbol."""
        return {"id": request_id, "event": "request", "params": {"type": self.name, "symbol": symbol}}
