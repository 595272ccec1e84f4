"""Each topic that the package lists, made as its row says: what is added to the list is tried with the rest."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from orderly_sync.wire import topics
from orderly_sync.wire.topic import RequestCommand, Topic

__all__ = ["ARGUMENTS", "PATTERNS", "PRIVATE_PATTERNS", "topic_of"]

ARGUMENTS = {"symbol": "PERP_ETH_USDC", "interval": "1m", "broker": "woofi_pro"}


def topic_of(row: Mapping[str, str]) -> Any:
    """What a row of the list calls: a topic, or a command."""
    found = re.fullmatch(r"topics\.(\w+)(?:\((.*)\))?", row["call"])
    assert found is not None
    made = getattr(topics, found[1])
    if isinstance(made, RequestCommand):
        return made
    named = [argument.partition("=") for argument in (found[2] or "").split(", ") if argument]
    return made(**{name: int(value) if value else ARGUMENTS[name] for name, _, value in named})


PATTERNS: dict[str, Topic[Any]] = {
    row["topic"]: made for row in topics.ALL if isinstance(made := topic_of(row), Topic)
}
"""Every topic by its pattern on the wire; the one command is none."""
PRIVATE_PATTERNS = [row["topic"] for row in topics.ALL if row["access"] == "private"]
