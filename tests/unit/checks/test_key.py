"""Checks of a key, by what the venue may say of it."""

from __future__ import annotations

import types
from typing import Any

import pytest

from orderly_sync.checks import key
from orderly_sync.checks.check import CheckState, CheckSubject
from orderly_sync.config import MAINNET, TESTNET, Network
from orderly_sync.credentials import Credentials
from orderly_sync.models.account_enums import IpRestrictionStatus
from orderly_sync.models.key import OrderlyKey, OrderlyKeyInfo
from orderly_sync.signing import Secret

DAY = 86_400_000
NOW = 1_795_900_000_000


def subject(network: Network = TESTNET, *, listed: bool = True, **facts: Any) -> CheckSubject:
    """An account whose key is as said; its network answers from here."""
    own = Credentials(account_id="0x" + "ab" * 32, secret=Secret.generate())
    info = OrderlyKeyInfo(orderly_key=own.key, **facts)
    public = {name: facts[name] for name in ("scope", "expiration") if name in facts}
    rest: Any = types.SimpleNamespace(
        keys=types.SimpleNamespace(
            get=lambda **_: OrderlyKey(orderly_key=own.key, **public), info=lambda: (info,) if listed else ()
        ),
        system=types.SimpleNamespace(ip_info=lambda: types.SimpleNamespace(ip="203.0.113.7")),
        clock=types.SimpleNamespace(time_ms=lambda: NOW),
    )
    return CheckSubject(network=network, rest=rest, credentials=own)


@pytest.mark.parametrize(
    ("scope", "state"),
    [
        ("read,trading", CheckState.OK),
        ("read, trading, asset", CheckState.OK),
        ("read", CheckState.WARNING),
        ("asset", CheckState.FAILED),
        ("trading", CheckState.FAILED),
        ("", CheckState.SKIPPED),
        (None, CheckState.SKIPPED),
    ],
)
def test_scopes(scope: str | None, state: CheckState) -> None:
    """Reading is needed, trading is wished for, and what is not said is not guessed."""
    found = key.scopes(subject(scope=scope))
    assert found.state is state
    assert bool(found.advice) is (state in {CheckState.WARNING, CheckState.FAILED})


@pytest.mark.parametrize(
    ("days", "state", "words"),
    [
        (30, CheckState.OK, "ends 20"),
        (6.5, CheckState.WARNING, "6.5 days"),
        (-1, CheckState.FAILED, "ended at"),
        (0, CheckState.FAILED, "ended at"),
    ],
)
def test_expiry(days: float, state: CheckState, words: str) -> None:
    """A week before it ends is the time to say so."""
    found = key.expiry(subject(expiration=int(NOW + days * DAY)))
    assert (found.state, words in found.says) == (state, True)


def test_an_end_that_is_not_said_is_skipped() -> None:
    """Nor is a paper venue's key, made for the day, warned of."""
    assert key.expiry(subject()).state is CheckState.SKIPPED
    paper = Network.from_venue("http://127.0.0.1:9")
    assert key.expiry(subject(paper, expiration=NOW + DAY)).state is CheckState.OK


@pytest.mark.parametrize(
    ("network", "facts", "state", "words"),
    [
        (MAINNET, {"ip_restriction_list": ()}, CheckState.WARNING, "203.0.113.7"),
        (TESTNET, {"ip_restriction_list": None}, CheckState.OK, "everywhere"),
        (MAINNET, {"ip_restriction_list": ("203.0.113.7",)}, CheckState.OK, "from 203.0.113.7"),
        (
            MAINNET,
            {"ip_restriction_status": IpRestrictionStatus.DISALLOW_ALL_IPS},
            CheckState.FAILED,
            "nowhere",
        ),
    ],
)
def test_ip_list(network: Network, facts: dict[str, Any], state: CheckState, words: str) -> None:
    """A key of real money that works from everywhere is worth a word."""
    found = key.ip_list(subject(network, **facts))
    assert (found.state, words in found.says) == (state, True)


def test_a_key_that_is_not_listed_is_not_judged() -> None:
    """As where another key of the account asks."""
    assert key.ip_list(subject(listed=False)).state is CheckState.SKIPPED
