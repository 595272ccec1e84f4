"""What is said to somebody who lacks an extra."""

from __future__ import annotations

import configparser
import sys
from pathlib import Path

import pytest

from orderly_sync import Credentials, UsageError, connect
from orderly_sync.extras import REQUIREMENTS, extra_of, install_command, lacking
from orderly_sync.wallet.wallet import Wallet

SETUP = Path(__file__).parent.parent.parent / "setup.cfg"
ACCOUNT = "0x" + "ab" * 32


def test_the_table_is_that_of_setup_cfg() -> None:
    """Whatever users can choose when they install, save what only tests and developers need."""
    parser = configparser.ConfigParser()
    parser.read(SETUP, encoding="utf-8")
    extras = {
        name: text.split()
        for name, text in parser["options.extras_require"].items()
        if name not in {"test", "browser", "docs", "dev"}
    }
    assert extras == {name: list(brought.values()) for name, brought in REQUIREMENTS.items()}


@pytest.mark.parametrize("extra", REQUIREMENTS)
def test_the_command_names_what_is_missing_and_not_this_package(extra: str) -> None:
    """So it works for a clone, for a wheel and for an index that has no such package."""
    command = install_command(extra)
    assert "orderly" not in command
    assert all(f'"{wanted}"' in command for wanted in REQUIREMENTS[extra].values())
    assert lacking(extra, "this").isascii()
    assert "\n" not in lacking(extra, "this")


@pytest.mark.parametrize(
    ("module", "extra"),
    [("aiohttp.web", "paper"), ("rich", "cli"), ("eth_utils.crypto", "wallet"), ("nacl", None), (None, None)],
)
def test_a_module_belongs_to_one_extra(module: str | None, extra: str | None) -> None:
    """Deep modules too; what is none of an extra's is nobody's fault but a defect's."""
    assert extra_of(module) == extra


@pytest.mark.parametrize(
    ("missing", "use", "extra"),
    [
        ("aiohttp", lambda: connect("paper"), "paper"),
        ("keyring", lambda: Credentials.from_keyring(ACCOUNT), "keyring"),
        ("eth_account", lambda: Wallet("11" * 32), "wallet"),
    ],
)
def test_who_lacks_an_extra_is_told_the_command(
    monkeypatch: pytest.MonkeyPatch, missing: str, use: object, extra: str
) -> None:
    """One sentence with the command, as a UsageError, in each place that needs an extra."""
    for name in list(sys.modules):
        if name.partition(".")[0] == missing or name.startswith(
            ("orderly_sync.venue.server", "orderly_sync.paper.start")
        ):
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, missing, None)
    assert callable(use)
    with pytest.raises(UsageError) as told:
        use()
    assert install_command(extra) in str(told.value)
