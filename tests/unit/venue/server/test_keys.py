"""Keys: which one acts for whom, and from where."""

from __future__ import annotations

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderly_sync.models.account_enums import IpRestrictionStatus
from orderly_sync.signing import Secret, request_message
from orderly_sync.venue.engine.refusals import Refused
from orderly_sync.venue.server.auth import KeyTable, RegisteredKey, ip_span

SECRET = Secret.generate()
NOW = 1_700_000_000_000
LISTED = IpRestrictionStatus.ALLOW_RESTRICTION_LIST


def check(keys: KeyTable, account_id: str, who: str = "127.0.0.1") -> RegisteredKey:
    """Check a request that is signed as it should be."""
    headers = {
        "orderly-timestamp": str(NOW),
        "orderly-account-id": account_id,
        "orderly-key": SECRET.public,
        "orderly-signature": SECRET.sign(request_message(NOW, "GET", "/", b"")),
    }
    return keys.check_request("GET", "/", b"", headers, (NOW,), who=who)


def test_one_key_may_serve_several_accounts():
    """Each with rights of its own, removed one by one."""
    first = RegisteredKey(public=SECRET.public, account_id="0xA")
    second = RegisteredKey(public=SECRET.public, account_id="0xB", scopes=frozenset({"read"}))
    keys = KeyTable([first, second])

    assert check(keys, "0xa") == first
    assert check(keys, "0xB") == second
    keys.remove(SECRET.public, "0xA")
    with pytest.raises(Refused):
        check(keys, "0xA")
    assert check(keys, "0xB") == second
    assert [key.is_active for key in keys.of("0xa")] == [False]


def test_a_sub_accounts_own_key_goes_first():
    """Its rights count, not those of the same key at the main account, unless it was removed there."""
    main = RegisteredKey(public=SECRET.public, account_id="0xMain")
    own = attrs.evolve(main, account_id="0xSub", scopes=frozenset({"read"}))
    keys = KeyTable([main, own], {"0xSub": "0xMain"}.get)

    assert check(keys, "0xSub") == own
    keys.remove(SECRET.public, "0xSub")
    assert check(keys, "0xSub") == main


@pytest.mark.parametrize(
    ("spans", "who", "allowed"),
    [
        (("127.0.0.1",), "127.0.0.1", True),
        (("127.0.0.2",), "127.0.0.1", False),
        (("10.0.0.0/8", "127.0.0.0-127.0.0.5"), "127.0.0.5", True),
        (("127.0.0.0-127.0.0.5",), "127.0.0.6", False),
        (("::1",), "::1", True),
        (("::/0",), "127.0.0.1", False),
        (("0.0.0.0/0",), "nowhere", False),
        ((), "127.0.0.1", False),
    ],
)
def test_a_list_of_addresses_is_kept(spans, who, allowed):
    """Single ones, ranges and networks, each kind of address for itself."""
    keys = KeyTable([RegisteredKey(public=SECRET.public, account_id="0xA", restriction=LISTED, ips=spans)])

    if allowed:
        assert check(keys, "0xA", who)
    else:
        with pytest.raises(Refused) as caught:
            check(keys, "0xA", who)
        assert caught.value.code == -1002


@given(address=st.ip_addresses(), other=st.ip_addresses())
def test_a_range_spans_what_lies_between(address, other):
    """Ends included; one that mixes kinds or runs backwards is none."""
    text = f"{address}-{other}"
    if address.version == other.version and int(address) <= int(other):
        assert ip_span(text) == (address, other)
    else:
        with pytest.raises(ValueError, match="no range"):
            ip_span(text)
