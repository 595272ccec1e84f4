"""``orderly-sync keys``: what is kept where, and that no secret is shown."""

from __future__ import annotations

import json
import stat
import sys
import types
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from orderly_sync.cli.key_files import stored
from orderly_sync.credentials import Credentials

Run = Callable[..., Result]

SECRET = "ed25519:AFmQSju4FhDwG93cMdKogcnKx7SWmViDtDv5PVzfvRDF"
PUBLIC = "ed25519:FwPH3gH4G6NqFyYr1YD5njRC6FGNRPRXnZ5SLAxHie5J"
ACCOUNT = "0x" + "ab" * 32
ADD = ("keys", "add", "--network", "testnet", "--no-check", "--json")


@pytest.fixture
def ring(monkeypatch: pytest.MonkeyPatch) -> dict[tuple[str, str], str]:
    """A keyring."""
    held: dict[tuple[str, str], str] = {}
    module = types.SimpleNamespace(
        errors=types.SimpleNamespace(KeyringError=RuntimeError),
        get_password=lambda service, name: held.get((service, name)),
        set_password=lambda service, name, word: held.update({(service, name): word}),
        delete_password=lambda service, name: held.pop((service, name)),
    )
    monkeypatch.setitem(sys.modules, "keyring", module)
    return held


def add(run: Run, *more: str) -> dict[str, str]:
    result = run(*ADD, *more, typed=f"{ACCOUNT}\n{SECRET}\n")
    assert result.exit_code == 0, result.stderr
    assert SECRET[8:] not in result.output
    row: dict[str, str] = json.loads(result.stdout)
    return row


def test_a_key_is_kept_in_a_private_file(run: Run) -> None:
    """Which Python reads as it is; listing and removing it need no more than its public key."""
    row = add(run)
    path = Path(row["path"])
    assert (row["key"], row["place"], stat.S_IMODE(path.stat().st_mode)) == (PUBLIC, "file", 0o600)
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert Credentials.from_file(path).key == PUBLIC

    listed = run("keys", "list", "--json")
    assert SECRET[8:] not in listed.output
    assert [one["account_id"] for one in json.loads(listed.stdout)] == [ACCOUNT]
    assert run("keys", "remove", PUBLIC[8:20], "--yes").exit_code == 0
    assert (path.exists(), json.loads(run("keys", "list", "--json").stdout)) == (False, [])


def test_a_key_is_kept_in_the_keyring(run: Run, ring: dict[tuple[str, str], str]) -> None:
    """Its file holds no secret; removing it empties both."""
    row = add(run, "--keyring")
    assert SECRET[8:] not in Path(row["path"]).read_text()
    (kept,) = stored()
    assert kept.credentials().key == PUBLIC
    assert len(ring) == 1
    assert run("keys", "remove", ACCOUNT[:8], "--yes").exit_code == 0
    assert ring == {}


def test_a_keyring_that_refuses_leaves_nothing(
    run: Run, ring: dict[tuple[str, str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither a file nor an entry, and one line."""

    def refuse(*_: str) -> None:
        raise RuntimeError("locked")

    monkeypatch.setattr(sys.modules["keyring"], "set_password", refuse)
    result = run(*ADD, "--keyring", typed=f"{ACCOUNT}\n{SECRET}\n")
    assert (result.exit_code, stored(), ring) == (2, [], {})
    assert "locked" in result.stderr


def test_the_key_of_a_network_is_used(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """By commands that name the network: only where there is one does the command reach out."""
    assert run("keys", "add", "--network", "testnet", "--from-env", "--no-check").exit_code == 2
    monkeypatch.setenv("ORDERLY_ACCOUNT_ID", ACCOUNT)
    monkeypatch.setenv("ORDERLY_SECRET", SECRET)
    assert run("keys", "add", "--network", "testnet", "--from-env", "--no-check").exit_code == 0
    monkeypatch.delenv("ORDERLY_ACCOUNT_ID")
    told = run("balance", "--network", "testnet", "--account", "0xcd")
    assert "no key of testnet fits" in told.stderr
    told = run("balance", "--network", "mainnet")
    assert "keys add --network mainnet" in told.stderr


def test_a_second_copy_is_refused(run: Run) -> None:
    """The first stays as it is."""
    add(run)
    result = run(*ADD, typed=f"{ACCOUNT}\n{SECRET}\n")
    assert (result.exit_code, len(stored())) == (2, 1)
    assert "kept already" in result.stderr


@pytest.mark.parametrize(("harm", "words"), [("mode", "read by others"), ("text", "is no key")])
def test_a_file_that_was_changed(run: Run, harm: str, words: str) -> None:
    """Is named, and nothing of it is shown."""
    path = Path(add(run)["path"])
    if harm == "mode":
        path.chmod(0o644)
    else:
        path.write_text("{}")
    result = run("keys", "list")
    assert result.exit_code == 2
    assert words in result.stderr
    assert SECRET[8:] not in result.output


@pytest.mark.parametrize("typed", ["", f"{ACCOUNT}\n", f"{ACCOUNT}\nsecret\n", f"who?\n{SECRET}\n"])
def test_what_is_no_key(run: Run, typed: str) -> None:
    """Is refused without being repeated."""
    result = run(*ADD, typed=typed)
    assert (result.exit_code, stored()) == (2, [])
    assert "AFmQ" not in result.output


def test_no_command_takes_a_secret_as_an_argument(run: Run) -> None:
    """Not even that of keys."""
    assert "--secret" not in run("keys", "add", "--help").output
    assert run(*ADD, "--secret", SECRET).exit_code == 2
