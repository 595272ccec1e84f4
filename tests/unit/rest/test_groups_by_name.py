"""The menu of groups: seen by whoever completes or asks for help, made when first used, and then kept."""

from __future__ import annotations

import inspect
import pydoc
import rlcompleter
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from orderly_sync import Rest
from orderly_sync.rest.api_client import ApiClient
from orderly_sync.rest.group import Group
from orderly_sync.rest.groups_by_name import GROUPS, RestGroups
from orderly_sync.rest.request import Request


class Hosts(RestGroups):
    """All groups, each of the four callers sending to a list of its own."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []
        for name in ("public", "signed", "vault", "faucet"):
            setattr(self, f"_{name}", ApiClient(self._to(name), signed=name == "signed"))

    def _to(self, name: str) -> Any:
        def send(request: Request) -> Any:
            self.sent.append((name, request.path))
            raise ConnectionError

        return send


@pytest.mark.parametrize("group", GROUPS)
def test_a_group_is_made_once(group):
    """Whoever asks again has the same, and another client one of its own."""
    first, second = Hosts(), Hosts()
    made = getattr(first, group)

    assert isinstance(made, Group)
    assert getattr(first, group) is made
    assert getattr(second, group) is not made
    assert type(getattr(second, group)) is type(made)


@pytest.mark.parametrize("group", GROUPS)
def test_a_group_is_its_own_kind_only(group):
    """No group writes a constructor of its own: there is one way to make them."""
    kind = type(getattr(Hosts(), group))

    assert kind.__init__ is Group.__init__
    assert kind.__module__ == f"orderly_sync.rest.groups.{group}"


def test_threads_share_one():
    """Both ask for it at the same moment."""
    for _ in range(40):
        menu, together = Hosts(), Barrier(4)

        def asked(menu: Hosts = menu, together: Barrier = together) -> object:
            together.wait()
            return menu.query

        with ThreadPoolExecutor(4) as pool:
            found = [future.result() for future in [pool.submit(asked) for _ in range(4)]]
        assert len({id(group) for group in found}) == 1


@pytest.mark.parametrize(
    ("group", "method", "arguments", "host"),
    [
        ("market", "symbols", {}, "public"),
        ("positions", "list", {}, "signed"),
        ("faucet", "usdc", {"user_address": "0x1", "broker_id": "b"}, "faucet"),
        ("vault_host", "fund_info", {"vault_id": "1", "wallet_address": "0x1"}, "vault"),
    ],
)
def test_a_group_asks_its_own_host(group, method, arguments, host):
    """The vault and the faucet have hosts of their own."""
    menu = Hosts()

    with pytest.raises(ConnectionError):
        getattr(getattr(menu, group), method)(**arguments)

    assert {name for name, _ in menu.sent} == {host}


@pytest.mark.parametrize("group", GROUPS)
def test_help_says_what_a_group_is_about(group):
    """From the class, with nothing made and nothing imported."""
    about = inspect.getdoc(inspect.getattr_static(Rest, group))

    assert about
    assert about.endswith(".")
    assert group in pydoc.render_doc(Rest, renderer=pydoc.plaintext)


def test_a_console_completes_groups_and_methods():
    """As the interpreter's own completer does."""
    with Rest("testnet") as rest:
        completer = rlcompleter.Completer({"rest": rest})

        assert completer.complete("rest.fund", 0)
        assert completer.complete("rest.funding_rates.market_h", 0) == "rest.funding_rates.market_history()"


def test_a_client_imports_only_the_groups_that_are_used():
    """Nobody pays for the operations of builders who only places orders."""
    script = (
        "import sys\n"
        "from orderly_sync import Rest\n"
        "with Rest('testnet') as rest:\n"
        "    rest.orders\n"
        "print(*sorted(n for n in sys.modules if n.startswith('orderly_sync.rest.groups.')))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert done.stdout.split() == [
        "orderly_sync.rest.groups.algo_orders",
        "orderly_sync.rest.groups.orders",
    ]
