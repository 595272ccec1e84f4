"""Credentials: where they come from, what is refused, and in which words."""

from __future__ import annotations

import copy
import json
import os
import sys
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from orderly_sync.credentials import Credentials
from orderly_sync.errors import UsageError
from orderly_sync.signing import PREFIX, Secret

SECRET = "ed25519:AFmQSju4FhDwG93cMdKogcnKx7SWmViDtDv5PVzfvRDF"
PUBLIC = "ed25519:FwPH3gH4G6NqFyYr1YD5njRC6FGNRPRXnZ5SLAxHie5J"
ACCOUNT = "0x" + "ab" * 32
WANTED = Credentials(account_id=ACCOUNT, secret=SECRET)

OFFICIAL_INI = f"""\
[keys]
orderly_account_id = {ACCOUNT}
orderly_secret = "{SECRET}"
orderly_key = '{PUBLIC}'
wss_id = OqdphuyCtYWxwzhxyLLjOWNdFP7sQt8RPWzmb5xY
orderly_testnet = True
"""

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a file that only its owner can read."""

    def write(text: str | bytes, name: str = "keys.ini", mode: int = 0o600) -> Path:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        path.chmod(mode)
        return path

    return write


def test_the_public_key_is_derived() -> None:
    """Account id and secret are enough."""
    assert (WANTED.account_id, WANTED.key, WANTED.secret) == (ACCOUNT, PUBLIC, Secret(SECRET))
    assert WANTED.broker_id is None


@pytest.mark.parametrize("key", [PUBLIC, PUBLIC.removeprefix(PREFIX), f" {PUBLIC}\n"])
def test_a_given_key_is_checked(key: str) -> None:
    """The right one passes in both spellings, another one's is refused."""
    assert Credentials(account_id=ACCOUNT, secret=SECRET, key=key) == WANTED
    with pytest.raises(UsageError, match="does not belong to this secret"):
        Credentials(account_id=ACCOUNT, secret=Secret.generate(), key=key)


@pytest.mark.parametrize("account_id", ["", "   ", None])
def test_a_missing_account_id_is_named(account_id: str | None) -> None:
    """The message names the argument and the variable."""
    with pytest.raises(UsageError, match=r"account_id is missing.*ORDERLY_ACCOUNT_ID"):
        Credentials(account_id=account_id, secret=SECRET)  # type: ignore[arg-type]


@pytest.mark.parametrize("account_id", ["0x12/../34", "a b", "é", "١٢", "0x1\r\nX: y", SECRET, "a" * 101])
def test_an_account_id_is_letters_and_digits(account_id: str) -> None:
    """It travels in headers and in a URL, so nothing else is let through, and nothing is quoted."""
    with pytest.raises(UsageError, match="letters and digits only") as caught:
        Credentials(account_id=account_id, secret=SECRET)

    assert account_id not in str(caught.value)


def test_credentials_do_not_change_and_compare_by_value() -> None:
    """They may be shared between threads, kept in sets, and copied as themselves."""
    assert len({WANTED, Credentials(account_id=f" {ACCOUNT} ", secret=Secret(SECRET))}) == 1
    assert Credentials(account_id=ACCOUNT, secret=Secret.generate()) != WANTED
    assert WANTED != ACCOUNT
    assert copy.copy(WANTED) is copy.deepcopy(WANTED) is WANTED
    with pytest.raises(AttributeError, match="do not change"):
        WANTED.account_id = "other"


def test_from_env_reads_the_usual_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """The process's own environment is read at the call."""
    monkeypatch.setenv("ORDERLY_ACCOUNT_ID", ACCOUNT)
    monkeypatch.setenv("ORDERLY_SECRET", SECRET)
    monkeypatch.setenv("ORDERLY_BROKER_ID", "woofi_pro")

    assert Credentials.from_env() == WANTED
    assert Credentials.from_env().broker_id == "woofi_pro"


@pytest.mark.parametrize("secret", [SECRET, SECRET.removeprefix(PREFIX)], ids=["prefixed", "bare"])
@pytest.mark.parametrize("name", ["ORDERLY_KEY", "ORDERLY_API_KEY"])
@pytest.mark.parametrize("key", [PUBLIC, PUBLIC.removeprefix(PREFIX), ""], ids=["prefixed", "bare", "empty"])
def test_from_env_takes_both_spellings(secret: str, name: str, key: str) -> None:
    """Prefix or not, old name or new, an empty key counts as none."""
    env = {"ORDERLY_ACCOUNT_ID": ACCOUNT, "ORDERLY_SECRET": secret, name: key}

    assert Credentials.from_env(env) == WANTED


@pytest.mark.parametrize(
    ("env", "missing"),
    [
        ({}, "account id"),
        ({"ORDERLY_SECRET": SECRET}, "account id"),
        ({"ORDERLY_ACCOUNT_ID": ACCOUNT}, "secret"),
        ({"ORDERLY_ACCOUNT_ID": ACCOUNT, "ORDERLY_SECRET": ""}, "secret"),
    ],
)
def test_from_env_names_what_is_missing(env: dict[str, str], missing: str) -> None:
    """And says which variables to set."""
    with pytest.raises(
        UsageError, match=f"the Orderly {missing} is missing in the environment .*ORDERLY_ACCOUNT_ID"
    ):
        Credentials.from_env(env)


def test_from_env_notices_a_foreign_key() -> None:
    """A key of another secret is a mistake in the environment, found before anything is sent."""
    env = {"ORDERLY_ACCOUNT_ID": ACCOUNT, "ORDERLY_SECRET": SECRET, "ORDERLY_KEY": Secret.generate().public}

    with pytest.raises(UsageError, match="does not belong"):
        Credentials.from_env(env)


@pytest.mark.parametrize(
    "text",
    [
        OFFICIAL_INI,
        "\ufeff" + OFFICIAL_INI,
        OFFICIAL_INI.replace("\n", "\r\n"),
        f"[keys]\norderly_account_id={ACCOUNT}\norderly_secret={SECRET.removeprefix(PREFIX)}\n",
        f"; comment\n[anything]\nACCOUNT_ID: {ACCOUNT}\nsecret: {SECRET}\n",
        json.dumps({"account_id": ACCOUNT, "secret": SECRET}),
        json.dumps({"orderly_account_id": ACCOUNT, "orderly_secret": SECRET, "orderly_key": None, "n": 1}),
        " \n" + json.dumps({"account_id": ACCOUNT, "secret": SECRET, "key": PUBLIC}),
    ],
)
def test_from_file_reads_ini_and_json(write: Write, text: str) -> None:
    """The official connector's file as it is, with quotes or without, and JSON in both spellings of names."""
    assert Credentials.from_file(write(text)) == WANTED
    assert Credentials.from_file(str(write(text))) == WANTED


def test_from_file_takes_the_broker_along(write: Write) -> None:
    """The builder is read where it stands."""
    text = json.dumps({"account_id": ACCOUNT, "secret": SECRET, "broker_id": "woofi_pro"})

    assert Credentials.from_file(write(text)).broker_id == "woofi_pro"


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644, 0o601, 0o610])
def test_files_that_others_may_touch_are_refused(write: Write, mode: int) -> None:
    """Any permission of group or others is too much, and the message is the command that mends it."""
    path = write(OFFICIAL_INI, mode=mode)

    with pytest.raises(UsageError, match=f"may be read by others; run: chmod 600 {path}"):
        Credentials.from_file(path)


@pytest.mark.parametrize("mode", [0o600, 0o400, 0o700])
def test_private_files_are_accepted(write: Write, mode: int) -> None:
    """What the owner may do with it does not matter."""
    assert Credentials.from_file(write(OFFICIAL_INI, mode=mode)) == WANTED


def test_files_of_others_are_refused(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that somebody else can rewrite holds nobody's credentials."""
    path = write(OFFICIAL_INI)
    monkeypatch.setattr(os, "getuid", lambda: path.stat().st_uid + 1)

    with pytest.raises(UsageError, match="belongs to another user"):
        Credentials.from_file(path)


def test_links_are_not_followed(write: Write, tmp_path: Path) -> None:
    """Neither to a good file, nor to none."""
    (tmp_path / "link").symlink_to(write(OFFICIAL_INI))
    (tmp_path / "dangling").symlink_to(tmp_path / "nothing")

    for name in ("link", "dangling"):
        with pytest.raises(UsageError, match="a link; name the file itself"):
            Credentials.from_file(tmp_path / name)


def test_a_link_that_slips_in_is_not_followed(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The opening itself refuses links, whatever was there a moment before."""
    (tmp_path / "link").symlink_to(write(OFFICIAL_INI))
    monkeypatch.setattr(Path, "is_symlink", lambda _: False)

    with pytest.raises(UsageError, match="cannot be opened as a plain file"):
        Credentials.from_file(tmp_path / "link")


def test_only_regular_files_are_read(write: Write, tmp_path: Path) -> None:
    """A folder, a pipe and a device are none, a missing file is said to be missing; nothing blocks."""
    os.mkfifo(tmp_path / "pipe", 0o600)

    for path in (tmp_path, tmp_path / "pipe", Path("/dev/null")):
        with pytest.raises(UsageError, match="is no regular file"):
            Credentials.from_file(path)
    with pytest.raises(UsageError, match="No such file"):
        Credentials.from_file(tmp_path / "missing")


def test_long_files_are_refused(write: Write) -> None:
    """4 KiB are plenty; what is longer is something else."""
    text = OFFICIAL_INI + "; " + "x" * (4096 - 2 - len(OFFICIAL_INI))

    assert Credentials.from_file(write(text)) == WANTED
    with pytest.raises(UsageError, match="longer than 4096 bytes"):
        Credentials.from_file(write(text + "x"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   \n",
        "{",
        "{}" * 2,
        '{"a": ' * 600,
        "no section\n",
        f"orderly_secret = {SECRET}\n",
        "[keys]\na = 1\na = 2\n",
        "[keys\n",
        b"\xff\xfe\x00",
    ],
)
def test_malformed_files_are_refused_without_quoting_them(write: Write, text: str | bytes) -> None:
    """The path is named, the content is not."""
    path = write(text)
    with pytest.raises(UsageError) as caught:
        Credentials.from_file(path)

    assert str(caught.value) == f"{path}: neither a JSON object nor an .ini file with account id and secret"


@pytest.mark.parametrize(
    ("name", "missing"), [("orderly_secret", "secret"), ("orderly_account_id", "account id")]
)
def test_incomplete_files_name_what_is_missing(write: Write, name: str, missing: str) -> None:
    """The message tells the missing entry and the file."""
    lines = [line for line in OFFICIAL_INI.splitlines() if not line.startswith(name)]
    path = write("\n".join(lines))

    with pytest.raises(UsageError, match=f"the Orderly {missing} is missing in {path}"):
        Credentials.from_file(path)


def test_files_are_closed(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither success nor refusal leaves one open."""
    opened, closed, really_open, really_close = [], [], os.open, os.close
    good, bad = write(OFFICIAL_INI), write(OFFICIAL_INI, "bad.ini", 0o644)

    def note_open(path: Path, flags: int) -> int:
        opened.append(really_open(path, flags))
        return opened[-1]

    def note_close(handle: int) -> None:
        really_close(handle)
        closed.append(handle)

    with monkeypatch.context() as patch:
        patch.setattr(os, "open", note_open)
        patch.setattr(os, "close", note_close)
        Credentials.from_file(good)
        with pytest.raises(UsageError):
            Credentials.from_file(bad)

    assert len(opened) == 2
    assert closed == opened


@pytest.fixture
def keyring(monkeypatch: pytest.MonkeyPatch) -> types.SimpleNamespace:
    """A keyring with one entry."""

    class KeyringError(Exception):
        pass

    def get_password(service: str, name: str) -> str | None:
        if service == "locked":
            raise KeyringError("the keyring is locked")
        return SECRET if (service, name) == ("orderly_sync", ACCOUNT) else None

    module = types.SimpleNamespace(
        get_password=get_password, errors=types.SimpleNamespace(KeyringError=KeyringError)
    )
    monkeypatch.setitem(sys.modules, "keyring", module)
    return module


def test_from_keyring(keyring: types.SimpleNamespace) -> None:
    """The entry of the account; none, or a keyring that stays shut, is a usage error."""
    assert Credentials.from_keyring(ACCOUNT) == WANTED
    with pytest.raises(UsageError, match="no entry 'orderly_sync' for '0xother"):
        Credentials.from_keyring("0xother")
    with pytest.raises(UsageError, match="cannot be read: the keyring is locked"):
        Credentials.from_keyring(ACCOUNT, service="locked")


def test_from_keyring_without_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message is the command that installs it."""
    monkeypatch.setitem(sys.modules, "keyring", None)

    with pytest.raises(UsageError, match=r'python -m pip install "keyring>=25"'):
        Credentials.from_keyring(ACCOUNT)


def test_an_account_object_of_a_venue_s_line_is_taken_whole() -> None:
    """Its names are understood; the wallet's address and key are taken and not kept."""
    wallet_key = "0x" + "77" * 32
    account = {
        "account_id": ACCOUNT,
        "orderly_key": WANTED.key,
        "orderly_secret": WANTED.secret.reveal(),
        "broker_id": "demo",
        "address": "0x" + "12" * 20,
        "wallet_key": wallet_key,
    }
    made = Credentials(**account)
    assert made == WANTED
    assert made.broker_id == "demo"
    assert {name for name in Credentials.__slots__ if wallet_key in str(getattr(made, name))} == set()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "the secret is missing"),
        ({"secret": "x", "orderly_secret": "y"}, "the secret is given twice"),
        ({"orderly_secret": WANTED.secret, "orderly_key": "ed25519:" + "1" * 32}, "does not belong"),
    ],
)
def test_names_that_contradict_each_other_are_refused(given: dict[str, Any], words: str) -> None:
    """In one sentence, and nothing that was given is in it."""
    with pytest.raises(UsageError, match=words):
        Credentials(account_id=ACCOUNT, **given)
