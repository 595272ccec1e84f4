"""A row of REST as the push it amounts to, by the fields that both have. Pure."""

from __future__ import annotations

import attrs

from orderly_sync.models.base import Frame, Model, Push, made

__all__ = ["as_push", "shared_fields"]


def shared_fields(row: type[Model], push: type[Model]) -> tuple[str, ...]:
    """The names of the fields that a row and a push have both, but for what neither knows."""
    names = {field.name for field in attrs.fields(push)} & {field.name for field in attrs.fields(row)}
    return tuple(sorted(names - {"extra", "frame"}))


def as_push(topic: str, kind: type[Push], row: Model, when: int | None, **values: object) -> Push:
    """A row as the push of a topic, flagged ``recovered``.

    Args:
        topic: Its wire name.
        kind: The class of its events.
        row: What REST tells.
        when: The time of the row, ms, which becomes the frame's.
        values: Fields that have another name, or another form, in the row.
    """
    frame = Frame(topic, when, "rest", recovered=True)
    same = {name: getattr(row, name) for name in shared_fields(type(row), kind)}
    push = made(kind, **{**same, **values, "frame": frame})
    frame.events = (push,)
    return push
