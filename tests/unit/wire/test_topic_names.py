"""From names on the wire back to topics."""

from __future__ import annotations

from typing import Any

import pytest

from orderly_sync.errors import UsageError
from orderly_sync.wire import topics
from orderly_sync.wire.topic import Topic
from orderly_sync.wire.topic_names import topic_named
from tests.support.topics import PATTERNS


@pytest.mark.parametrize("topic", PATTERNS.values(), ids=list(PATTERNS))
def test_each_topic_is_found_by_its_name(topic: Topic[Any]) -> None:
    """With all that it delivers, whatever it was made of."""
    found = topic_named(topic.name)
    assert (found.name, found.event, found.private, found.cadence) == (
        topic.name,
        topic.event,
        topic.private,
        topic.cadence,
    )


def test_a_subscription_of_some_symbols_has_the_topics_name() -> None:
    """Its parameters are not part of it."""
    assert topic_named(topics.execution_report("ETH").name) == topics.execution_report()


@pytest.mark.parametrize(
    "name", ["", "nothing", "PERP_ETH_USDC@nothing", "a$b@trade", "x@executionreport", "\u00e9"]
)
def test_what_is_no_topic_is_refused(name: str) -> None:
    """In one sentence."""
    with pytest.raises(UsageError):
        topic_named(name)
