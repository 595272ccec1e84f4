"""Names of keys: all of one prefix in one slot, and topics found back."""

from __future__ import annotations

import pytest

from orderly_sync.errors import UsageError
from orderly_sync.relay.keys import KeyLayout
from tests.support.topics import PATTERNS


def test_all_keys_share_the_prefixs_hash_tag() -> None:
    """So that a script may touch any of them on a Redis Cluster."""
    keys = KeyLayout("desk-1")
    names = [keys.meta, keys.leader, keys.fence, keys.head, keys.counts, keys.session, keys.topics, keys.asks]
    names += [
        getattr(keys, one)("x") for one in ("events", "state", "book", "wishes", "group", "reader", "rate")
    ]
    assert all(name.startswith("{desk-1}:") for name in names)
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("topic", [topic.name for topic in PATTERNS.values()])
def test_a_streams_topic_is_found_by_its_key(topic: str) -> None:
    """Whatever it is called."""
    keys = KeyLayout("p")
    assert keys.topic_of(keys.events(topic)) == topic
    assert keys.topic_of(keys.session) == "session"


@pytest.mark.parametrize("prefix", ["", "a b", "a{b", "x" * 65, 7, None])
def test_what_is_no_prefix_is_refused(prefix: object) -> None:
    """Braces would move its keys apart."""
    with pytest.raises(UsageError, match="prefix="):
        KeyLayout(prefix)
