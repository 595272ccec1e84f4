"""How long a client lives: as long as somebody holds it; once it is used, until ``stop()`` or the end of the process.

A client is used when it has a hook or a stream, or when a part of it was taken: ``ex.rest``, a handle.
Then no name need hold it: a function may connect, register hooks and return.

In a notebook names are what people go by. A cell that runs again and binds its name to a new client stops the older
one, used or not, unless another name still holds it. This is looked at when a cell has run: a client is held by a name
whose value is the client or a part of it, or has one among its elements or attributes. ``Out`` and ``_`` do not count,
so 21 runs of a cell do not leave 21 venues behind. A client that never had a name is left alone once it is used.
"""

from __future__ import annotations

import atexit
import re
import sys
import threading
import weakref
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import count
from typing import Any, Protocol

from orderly_sync.logs import log_of

__all__ = ["Client", "Names", "finish", "forget", "keep", "watch"]

log = log_of("orderly_sync.client")

_NOT_HELD_BY = re.compile(r"_+|_\d+|_i+|_i\d+|_oh|_ih|_dh|In|Out")
"""Names under which IPython keeps what cells showed and said."""
_LOOKED_AT = 1000
"""Elements of a list; clients further behind are not found, and so not taken to be held."""


class Client(Protocol):
    """What lives and can be stopped."""

    def stop(self) -> None:
        """End it; idempotent."""

    def end(self) -> None:
        """End it with its process: as ``stop``, but what is meant to outlive a crash is left."""

    def parts(self) -> Sequence[object]:
        """Itself and what users may hold of it; whoever holds one of these holds the client."""

    @property
    def is_used(self) -> bool:
        """Whether it has hooks or streams, or parts of it were taken."""


_lock = threading.Lock()
_kept: dict[int, Client] = {}
_seen: weakref.WeakValueDictionary[int, Any] = weakref.WeakValueDictionary()  # in the order of their making
_numbers = count()
_shells: weakref.WeakSet[Any] = weakref.WeakSet()


def keep(client: Client) -> None:
    """Let a client live until it is stopped, or the process ends, which stops it."""
    with _lock:
        if id(client) in _kept:
            return
        _kept[id(client)] = client
    # Registered now, and so called before what the client stands on is torn down: its paper venue.
    atexit.register(client.end)


def forget(client: Client) -> None:
    """A client was stopped."""
    with _lock:
        if _kept.pop(id(client), None) is None:
            return
    atexit.unregister(client.end)


def finish(end: weakref.finalize[Any, Any]) -> None:
    """Do what a finalizer would do, now, and take it back; if this is interrupted, the next call does it whole."""
    alive = end.peek()
    if alive is not None:
        _, function, args, kwargs = alive
        function(*args, **(kwargs or {}))
        end.detach()


def watch(client: Client, prepare: Callable[[object], object] | None = None) -> None:
    """In a notebook, look after each cell whether the name of this client was given to another.

    Args:
        client: The client.
        prepare: Called with the shell when the first client is made in it.
    """
    with _lock:
        _seen[next(_numbers)] = client
    shell = _shell()
    if shell is not None and shell not in _shells:
        _shells.add(shell)
        names = Names()

        def after_cell(_: object) -> None:
            for older in names.superseded(list(_seen.values()), shell.user_ns):
                older.stop()

        shell.events.register("post_run_cell", after_cell)
        if prepare is not None:
            prepare(shell)


def _shell() -> Any:
    """The IPython shell this runs in, if it does; IPython is not imported for this."""
    module = sys.modules.get("IPython")
    return None if module is None else module.get_ipython()


class Names:
    """Which names hold which clients, from cell to cell."""

    def __init__(self) -> None:
        self._last: weakref.WeakKeyDictionary[Any, frozenset[str]] = weakref.WeakKeyDictionary()

    def superseded(self, clients: Sequence[Client], namespace: Mapping[str, Any]) -> list[Client]:
        """The clients whose last name now holds another, and those that were merely shown before another was made.

        Args:
            clients: All of them, in the order of their making.
            namespace: The names after the cell.
        """
        owners = {id(part): number for number, client in enumerate(clients) for part in client.parts()}
        held: list[set[str]] = [set() for _ in clients]
        for name, value in list(namespace.items()):
            if not _NOT_HELD_BY.fullmatch(name):
                for number in {owners[key] for key in map(id, _reached(value)) if key in owners}:
                    held[number].add(name)
        taken = set().union(*held)
        gone = []
        for number, client in enumerate(clients):
            if held[number]:
                self._last[client] = frozenset(held[number])
                continue
            last = self._last.get(client)
            if last is None:
                superseded = not client.is_used and number < len(clients) - 1
            else:
                superseded = not taken.isdisjoint(last)
            if superseded:
                log.info(
                    "stopped a client: %s holds another now", " and ".join(sorted(last or ())) or "nothing"
                )
                gone.append(client)
        return gone


def _reached(value: Any) -> Iterable[object]:
    """A value, and what it holds one step down."""
    yield value
    if issubclass(type(value), (list, tuple, set, frozenset)):
        yield from list(value)[:_LOOKED_AT]
    elif issubclass(type(value), dict):
        yield from list(value.values())[:_LOOKED_AT]
    else:
        try:
            yield from list(vars(value).values())
        except Exception:  # noqa: BLE001 - no attributes, or odd ones; user objects may do anything when asked
            return
