"""What can go wrong between a relay, its Redis and its bots; each says what to do.

No URL is shown, for it may hold a password.
"""

from __future__ import annotations

from orderly_sync.errors import StreamError

__all__ = ["GroupInUse", "RelayError", "RelayGap", "RelayMismatch", "RelayRefused", "RelayUnreachable"]


class RelayError(StreamError):
    """Something about the way over Redis."""


class RelayUnreachable(RelayError):
    """No Redis answers, it takes no writes (out of memory, a replica, loading), or no relay leads there."""


class RelayRefused(RelayError):
    """Redis refused the password, or its ACL does not let this user do what was asked."""


class RelayMismatch(RelayError):
    """What is there does not fit: a Redis too old, another account, another network, an event of a newer release."""


class GroupInUse(RelayError):
    """Another process reads in this group; a group's reports go to one bot at a time.

    Args:
        group: Its name.
        has_ended: It is gone again, but has read on where this one was not heard of.
    """

    def __init__(self, group: str, *, has_ended: bool = False) -> None:
        super().__init__(group)
        self.group = group
        self.has_ended = has_ended

    def __str__(self) -> str:
        if self.has_ended:
            return (
                f"another process has read on in the group {self.group!r} while this one was not heard of; "
                "make this bot anew"
            )
        return (
            f"another process reads in the group {self.group!r}; stop that bot, or pass a group= of its own"
        )


class RelayGap(RelayError):
    """Events were trimmed or deleted before this bot had read them. Announced; what REST tells follows, ``recovered``.

    Args:
        topic: Whose events.
        missed: How many; None if that is not known.
        since: The relay's time of the last one that was read, ms; None if there was none.
    """

    def __init__(self, topic: str, missed: int | None = None, since: int | None = None) -> None:
        super().__init__(topic, missed)
        self.topic = topic
        self.missed = missed
        self.since = since

    def __str__(self) -> str:
        count = "events" if self.missed is None else f"{self.missed} events"
        return (
            f"{count} of {self.topic!r} were trimmed or deleted before they were read; "
            "read sooner, or have the relay keep more (keep=, maxlen=)"
        )
