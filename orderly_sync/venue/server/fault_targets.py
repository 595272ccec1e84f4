"""What faults can be aimed at: the topics, operations and accounts of a venue. Pure.

A selector that fits none of them would strike nothing, and the test that was written with it would pass and prove
nothing; so it is refused, with the name that was likely meant.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from difflib import get_close_matches
from fnmatch import fnmatchcase

import attrs

from orderly_sync.venue.server.topics import PRIVATE, TopicRefused, all_topics, near_topics, parse_topic

__all__ = ["FaultTargets"]

_SLOT = re.compile(r"\{\w+\}")
_ONE, _MORE = "\0", "\1"
"""In a template: any character but a slash; any run of them."""
_SHOWN_ACCOUNTS = 3
_TICKERS = frozenset({"tickers", "ticker"})


def _nobody() -> Collection[str]:
    return ()


@attrs.frozen(kw_only=True)
class FaultTargets:
    """What there is to be struck; each ``check`` raises ValueError with a sentence.

    Args:
        symbols: The symbols that are listed.
        operations: Verb and path template of each HTTP operation.
        accounts: The ids of the accounts there are now.
    """

    symbols: tuple[str, ...] = ()
    operations: Collection[tuple[str, str]] = ()
    accounts: Callable[[], Collection[str]] = _nobody

    def check_topic(self, wanted: str, *, private: bool = False) -> None:
        """Refuse a topic or pattern that none is; with ``private`` also those that belong to no account."""
        _only_stars(wanted)
        if wanted == "*":
            return
        if "*" in wanted:
            self._check_pattern(wanted, private=private)
            return
        try:
            topic = parse_topic(wanted, self.symbols)
        except TopicRefused:
            near = near_topics(wanted, self.symbols)
            hint = f"did you mean {' or '.join(near)}?" if near else _TOPICS_HINT
            raise ValueError(f"no topic is called {wanted!a:.80}; {hint}") from None
        if private and not topic.private:
            raise ValueError(f"{wanted} is public, and its frames belong to no account")

    def _check_pattern(self, wanted: str, *, private: bool) -> None:
        broker, dollar, bare = wanted.rpartition("$")
        known = all_topics(self.symbols)
        if dollar and broker:
            known = [name for name in known if name.rpartition("@")[2] in _TICKERS]
        found = [name for name in known if fnmatchcase(name, bare)]
        if not found:
            raise ValueError(f"no topic is like {wanted!a:.80}; {_TOPICS_HINT}")
        if private and PRIVATE.isdisjoint(found):
            raise ValueError(f"topics like {wanted!a:.80} are public, and their frames belong to no account")

    def check_request(self, path: str, method: str | None) -> None:
        """Refuse a path that no operation has, or not with this verb."""
        if "?" in path:
            raise ValueError(f"path: {path!a:.80} has a query; a path is matched without it")
        _only_stars(path)
        verbs = {verb for verb, template in self.operations if _meets(path, template)}
        if not verbs:
            near = get_close_matches(path, sorted({template for _, template in self.operations}), 2)
            hint = (
                f"did you mean {' or '.join(near)}?" if near else "paths are as documented, such as /v1/order"
            )
            raise ValueError(f"path: no operation is at {path!a:.80}; {hint}")
        if method is not None and method.upper() not in verbs:
            raise ValueError(
                f"method: {path:.80} is called by {' or '.join(sorted(verbs))}, not by {method!a:.20}"
            )

    def check_account(self, wanted: str) -> None:
        """Refuse the id of an account that is not there."""
        _only_stars(wanted)
        known = list(self.accounts())
        if any(fnmatchcase(one.lower(), wanted.lower()) for one in known):
            return
        some = ", ".join(known[:_SHOWN_ACCOUNTS]) or "none"
        raise ValueError(f"account: this venue has no {wanted!a:.80}; its accounts are {some}")


def _only_stars(wanted: str) -> None:
    if re.search(r"[?\[\]]", wanted):
        raise ValueError(f"in {wanted!a:.80}: only * stands for other characters")


def _meets(pattern: str, template: str) -> bool:
    """Whether a path that a pattern fits may be one of a template's, or is the template itself.

    The pattern is read from left to right; ``at`` is how far the template may have been read by then.
    """
    parts = _SLOT.sub(_ONE + _MORE, template)
    at = _beside({0}, parts)
    for char in pattern:
        if char == "*":
            at = set(range(min(at), len(parts) + 1))
        else:
            at = _beside({one for old in at for one in _read(parts, old, char)}, parts)
        if not at:
            return False
    return len(parts) in at


def _read(parts: str, at: int, char: str) -> Iterable[int]:
    """Where one character more leads."""
    part = parts[at : at + 1]
    if part == _MORE and char != "/":
        return (at,)
    return (at + 1,) if part == char or (part == _ONE and char != "/") else ()


def _beside(at: set[int], parts: str) -> set[int]:
    """The same places, and those behind a run that may be empty."""
    return at | {one + 1 for one in at if parts[one : one + 1] == _MORE}


_TOPICS_HINT = "topics are named as on the wire, such as executionreport or PERP_ETH_USDC@markprice"
