"""Faults of a paper venue on request: ``ex.paper.faults``, to see how a bot takes what a real venue may do to it.

with connect("paper") as ex:
    ex.paper.faults.lose_answer("/v1/order", method="POST", count=1)   # executed, and nobody says so
    ex.paper.faults.drop("executionreport", probability=0.1, seed=7)
    ...
    ex.paper.faults.clear()
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias, TypedDict

import attrs
from typing_extensions import Unpack

from orderly_sync.errors import UsageError
from orderly_sync.wire.topic import Topic

__all__ = ["Fault", "FaultControl", "PushSelector", "RequestSelector", "TopicName"]

TopicName: TypeAlias = "str | Topic[Any]"
"""A topic by its name on the wire, in which ``*`` stands for any run of characters, or as ``topics`` makes it."""


class PushSelector(TypedDict, total=False):
    """Which frames a fault strikes, beside their topic."""

    account: str
    """Frames or requests of this account id only; public frames belong to none, and it is refused for their topics."""
    count: int
    """How many it strikes before it is over, 1 or more; for ever if left out."""
    probability: float
    """Of striking one, 0 to 1; 1 if left out."""
    seed: int
    """Of the lots drawn for that; the same seed and the same traffic give the same losses. 0 if left out."""


class RequestSelector(PushSelector, total=False):
    """Which requests a fault strikes, beside their path."""

    method: str
    """This verb only."""


@attrs.frozen
class Fault:
    """A fault in force, or one whose count is used up.

    Args:
        id: For ``remove``.
        kind: The method that caused it.
        struck: How many frames or requests it has struck so far.
        settings: What else it was given.
    """

    id: int
    kind: str
    struck: int
    settings: Mapping[str, Any]


class FaultControl:
    """Has a paper venue misbehave; its methods may be called from any thread and take effect before they return.

    A topic or path may hold ``*`` for any run of characters; a path is matched as sent and as documented
    (``/v1/order/{order_id}``). A topic is named as on the wire, ``"executionreport"``, or given as ``topics`` makes it,
    ``topics.execution_report()``. Each method returns the fault's id. The venue's ledger (``ex.paper.ledger``) is never
    touched: it tells what should have been heard. What makes no sense, or could strike nothing of this venue, is a
    UsageError that names what was likely meant, and nothing changes then.

    Args:
        post: Takes what ``POST /venue/faults`` takes, as keywords.
    """

    def __init__(self, post: Callable[..., Mapping[str, Any]]) -> None:
        self._post = post

    def __call__(self, **wanted: Any) -> Mapping[str, Any]:
        """Settings of the whole venue, without a selector, as ``POST /venue/faults`` takes them; see docs/faults.md."""
        return self._post(**{name: _plain(value) for name, value in wanted.items()})

    def __repr__(self) -> str:
        return f"<faults: {', '.join(one.kind for one in self.list()) or 'none'}>"

    def drop(self, topic: TopicName = "*", **which: Unpack[PushSelector]) -> int:
        """Lose frames of a topic."""
        return self._add("drop", topic=topic, **which)

    def duplicate(self, topic: TopicName = "*", **which: Unpack[PushSelector]) -> int:
        """Send them twice."""
        return self._add("duplicate", topic=topic, **which)

    def reorder(self, topic: TopicName = "*", **which: Unpack[PushSelector]) -> int:
        """Hold them back until after the next frame of the account that is not held back."""
        return self._add("reorder", topic=topic, **which)

    def delay(self, topic: TopicName = "*", *, ms: int, **which: Unpack[PushSelector]) -> int:
        """Send them so many milliseconds later, past those that are not struck."""
        return self._add("delay", topic=topic, ms=ms, **which)

    def mute(self, topic: TopicName = "*", *, account: str | None = None) -> int:
        """Acknowledge a topic and never push it."""
        return self._add("mute", topic=topic, account=account)

    def cut(self, topic: TopicName = "*", *, at_byte: int, **which: Unpack[PushSelector]) -> int:
        """End the connection, without a close frame, after so many bytes of the frame (0 to its length)."""
        return self._add("cut", topic=topic, at_byte=at_byte, **which)

    def close(self, topic: TopicName = "*", *, code: int = 1001, **which: Unpack[PushSelector]) -> int:
        """Close the connection with a code (1000 to 4999) after the frame."""
        return self._add("close", topic=topic, code=code, **which)

    def refuse_subscription(self, topic: TopicName = "*", **which: Unpack[PushSelector]) -> int:
        """Answer subscriptions with no."""
        return self._add("refuse_subscription", topic=topic, **which)

    def refuse_login(self, **which: Unpack[PushSelector]) -> int:
        """Answer logins of the private stream with no."""
        return self._add("refuse_login", **which)

    def lag_reads(self, *, ms: int, account: str | None = None) -> int:
        """Have reads of orders and fills not show what is younger than so many milliseconds."""
        return self._add("lag_reads", ms=ms, account=account)

    def answer(
        self,
        path: str = "*",
        *,
        status: int | None = None,
        code: int | None = None,
        body: str | None = None,
        headers: Mapping[str, str] | None = None,
        half: bool = False,
        executed: bool = False,
        ms: int = 0,
        **which: Unpack[RequestSelector],
    ) -> int:
        """Spoil answers: one of ``status``, ``half`` and ``ms`` is wanted.

        Args:
            path: Of the requests.
            status: HTTP status, 200 to 599, instead of the true answer.
            code: The venue's error code in it, such as -1003; -1000 if left out.
            body: A text instead of JSON, such as a proxy's HTML; sent as text/html.
            headers: More headers, such as ``{"Retry-After": "2"}``.
            half: Send half of the answer, then cut; of the true one where no status is given.
            executed: Whether the request is carried out before its status is denied.
            ms: Answer so many milliseconds later.
            which: Which requests of the path.
        """
        more: dict[str, Any] = {"half": half or None, "executed": executed or None, "ms": ms or None}
        return self._add(
            "answer", path=path, status=status, code=code, body=body, headers=headers, **more, **which
        )

    def lose_answer(self, path: str = "*", *, executed: bool = True, **which: Unpack[RequestSelector]) -> int:
        """Cut the connection instead of answering, after the request was carried out or, if you say so, before."""
        return self._add("lose_answer", path=path, executed=executed, **which)

    def list(self) -> tuple[Fault, ...]:
        """The faults with a selector, as they were added, each with how often it struck."""
        return tuple(_fault(row) for row in self._post()["rules"])

    def remove(self, fault: int) -> None:
        """End one, named by its id; what it held back is sent."""
        self._post(remove=fault)

    def clear(self) -> None:
        """End all, the settings of the whole venue too; what they held back is sent."""
        self._post(clear=True)

    def _add(self, kind: str, **settings: Any) -> int:
        given = {name: _plain(value) for name, value in settings.items() if value is not None}
        return int(self._post(add={"kind": kind, **given})["rules"][-1]["id"])


def _plain(value: Any) -> Any:
    """A value as JSON says it, topics by their wire names."""
    if isinstance(value, Topic):
        if value.params:
            raise UsageError(
                f"a fault strikes all of {value.name}, not one symbol of it; leave the symbol of the topic out"
            )
        return value.name
    if isinstance(value, Mapping):
        return {_plain(name): _plain(one) for name, one in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(one) for one in value]
    if callable(value):
        name = getattr(value, "__name__", type(value).__name__)
        raise UsageError(f"a fault takes a topic, not the function that makes it: call {name:.60}()")
    return value


def _fault(row: Mapping[str, Any]) -> Fault:
    settings = {name: value for name, value in row.items() if name not in {"id", "kind", "struck"}}
    return Fault(int(row["id"]), str(row["kind"]), int(row["struck"]), settings)
