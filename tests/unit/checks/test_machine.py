"""Checks of this machine."""

from __future__ import annotations

import types
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

from orderly_sync.checks import machine
from orderly_sync.checks.check import CheckState, CheckSubject
from orderly_sync.config import MAINNET, Network

REST: Any = types.SimpleNamespace()


@pytest.mark.parametrize(
    ("needs", "there", "state", "words"),
    [
        (["attrs>=24.2"], {"attrs": "24.2.0"}, CheckState.OK, "attrs 24.2.0"),
        (["attrs>=24.2"], {"attrs": "24.10"}, CheckState.OK, "attrs 24.10"),
        (["attrs>=24.10"], {"attrs": "24.9"}, CheckState.FAILED, "attrs 24.9 is older than 24.10"),
        (["attrs>=24.2"], {"attrs": "25.0rc1"}, CheckState.OK, "25.0rc1"),
        (["attrs>=24.2"], {}, CheckState.FAILED, "attrs is missing"),
        (['rich>=13.7; extra == "cli"'], {}, CheckState.OK, ""),
        (['rich>=13.7; extra == "cli"'], {"rich": "12"}, CheckState.FAILED, "rich 12 is older"),
    ],
)
def test_dependencies(
    monkeypatch: pytest.MonkeyPatch, needs: list[str], there: dict[str, str], state: CheckState, words: str
) -> None:
    """Numbers compare as numbers; an extra that is not installed is not missed, one that is old is told of."""

    def version(name: str) -> str:
        if name not in there:
            raise metadata.PackageNotFoundError(name)
        return there[name]

    monkeypatch.setattr(metadata, "requires", lambda _: needs)
    monkeypatch.setattr(metadata, "version", version)
    found = machine.dependencies(CheckSubject(network=MAINNET, rest=REST))
    assert (found.state, words in found.says) == (state, True)


@pytest.mark.parametrize(
    ("network", "proxy", "environ", "state", "words"),
    [
        (MAINNET, None, {}, CheckState.OK, "no proxy"),
        (MAINNET, None, {"https_proxy": "http://user:word@h:1"}, CheckState.WARNING, "HTTPS_PROXY"),
        (MAINNET, "http://user:word@h:1", {"ALL_PROXY": "x"}, CheckState.OK, "that was named"),
        (Network.from_venue("http://127.0.0.1:9"), None, {"HTTP_PROXY": "x"}, CheckState.OK, "is needed"),
    ],
)
def test_proxies(
    network: Network, proxy: str | None, environ: dict[str, str], state: CheckState, words: str
) -> None:
    """One of the environment is told of, for it is not used; nobody's password is."""
    found = machine.proxies(CheckSubject(network=network, rest=REST, proxy=proxy, environ=environ))
    assert (found.state, words in found.says) == (state, True)
    assert "word@" not in f"{found.says} {found.advice}"


def test_a_full_disk_is_told_of(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Before it ends a journal; nothing of the trial is left."""
    monkeypatch.setattr(machine.shutil, "disk_usage", lambda _: types.SimpleNamespace(free=2**20))
    found = machine.folder(CheckSubject(network=MAINNET, rest=REST, folder=tmp_path))
    assert (found.state, list(tmp_path.iterdir())) == (CheckState.WARNING, [])
