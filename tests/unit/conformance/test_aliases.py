"""Aliases: one value has one of them, nothing of the value is in it, and sentences lose what is somebody's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderly_sync.conformance.aliases import Aliases
from orderly_sync.conformance.raw_json import NumberText

ACCOUNT = "0x" + "4f" * 32
ADDRESS = "0x" + "1c" * 20
KEY = "ed25519:7PVzBVz5wgBsmPrEFhPGPgcVn1qqNvcb3bFVtZDXU5zT"


@pytest.mark.parametrize(
    ("value", "alias"),
    [
        (ACCOUNT, "account-1"),
        (ADDRESS, "address-1"),
        (KEY, "key-1"),
        ("198.51.100.7", "ip-1"),
        (NumberText("12345.678"), "number-1"),
        (NumberText("1767225600000"), "time-1"),
        (NumberText("4711471147"), "id-1"),
        ("my grid bot", "text-1"),
        ("PERP_ETH_USDC", "PERP_ETH_USDC"),
        (None, "null"),
        (True, "true"),
        ({"a": 1}, "an object"),
        ([ACCOUNT], "a list"),
        ("", '""'),
    ],
)
def test_what_stands_for_a_value(value: object, alias: str) -> None:
    """Its kind and a number; markets, flags and null are nobody's."""
    assert Aliases().of(value) == alias


def test_a_value_keeps_its_alias_and_another_has_another() -> None:
    """So that two answers are seen to speak of one order; the account's own come first."""
    aliases = Aliases()
    aliases.own("account", ACCOUNT)

    told = [aliases.of(one) for one in (ACCOUNT, "0x" + "5f" * 32, ACCOUNT.upper().replace("0X", "0x"))]

    assert told == ["account-1", "account-2", "account-1"]


def test_words_of_enumerations_are_themselves() -> None:
    """What does not look like one is not."""
    aliases = Aliases()
    assert aliases.word("HALF_FILLED") == "HALF_FILLED"
    assert aliases.word("Alice's order") == "text-1"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("pnl_24_h", "pnl_24_h"),
        ("24h_volume", "24h_volume"),
        ("mmrwithOrders", "mmrwithOrders"),
        (ACCOUNT, "account-1"),
        ("4711471147", "id-1"),
        ("a name", "text-1"),
    ],
)
def test_a_name_of_a_field_is_itself_unless_it_is_an_id(text: str, shown: str) -> None:
    """Objects may be keyed by whose they are."""
    assert Aliases().name(text) == shown


@pytest.mark.parametrize("value", [ACCOUNT, ADDRESS, KEY, "12345.678", "198.51.100.7", "4711471147"])
def test_a_sentence_loses_what_is_somebodys(value: str) -> None:
    """Wherever it stands, known before or not; the words around it stay."""
    known = Aliases()
    known.of(value)
    for aliases in (known, Aliases()):
        told = aliases.sentence(f"order of {value}: no PERP_ETH_USDC ({value}), {value}.")
        assert value not in told
        assert told.startswith("order of ")
        assert "PERP_ETH_USDC" in told


def test_our_own_figures_may_stay() -> None:
    """Of a sentence of this package, numbers are none of the account's; ids and keys are."""
    told = Aliases().sentence(f"{KEY[:16]}... answers in 12 ms from 198.51.100.7", numbers=False)
    assert told == "key-1... answers in 12 ms from ip-1"


@given(st.lists(st.text(alphabet="0123456789abcdefxABCDEFZz_.-", min_size=6, max_size=70), max_size=8))
def test_no_digit_of_a_value_is_in_its_alias(values: list[str]) -> None:
    """Aliases are told by kind and count alone, the same for the same values in the same order."""
    one, other = Aliases(), Aliases()
    told = [one.of(value) for value in values]
    assert told == [other.of(value) for value in values]
    lower = [value.lower() for value in values]
    assert len(set(told)) == len(set(lower))
