"""``orderly-sync keys``: keys that this machine keeps for commands, in the keyring or in files of mode 0600."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from orderly_sync.cli.epilogs import help_of
from orderly_sync.cli.key_files import StoredKey, folder, keep, service_of, stored
from orderly_sync.cli.key_files import remove as forget
from orderly_sync.cli.layouts import layout_of
from orderly_sync.cli.options import json_option, proxy_option
from orderly_sync.cli.output import note, show
from orderly_sync.config import network as find_network
from orderly_sync.credentials import Credentials
from orderly_sync.errors import UsageError
from orderly_sync.rest import Rest

__all__ = ["keys"]

_NETWORK = click.option(
    "--network",
    type=click.Choice(["testnet", "mainnet"]),
    required=True,
    envvar="ORDERLY_NETWORK",
    show_envvar=True,
    help="Where the key is valid.",
)


@click.group(
    epilog=help_of(
        "orderly-sync keys add --network testnet", "orderly-sync keys list", codes=(0, 1, 2, 3, 130)
    )
)
def keys() -> None:
    """Keys that commands use, so that no secret stands in an argument or in the shell's history."""


@keys.command(
    "add",
    epilog=help_of(
        "orderly-sync keys add --network testnet",
        "orderly-sync keys add --network mainnet --keyring",
        "orderly-sync keys add --network testnet --from-file config.ini",
    ),
)
@_NETWORK
@click.option(
    "--from-file",
    "file",
    type=click.Path(path_type=Path),
    help="Take account id and secret from a file of mode 0600.",
)
@click.option("--from-env", is_flag=True, help="Take them from ORDERLY_ACCOUNT_ID and ORDERLY_SECRET.")
@click.option(
    "--keyring", "in_keyring", is_flag=True, help="Keep the secret in the system's keyring, not in a file."
)
@click.option("--no-check", is_flag=True, help="Do not ask the venue whether it knows the key.")
@proxy_option
@json_option
def add(
    *,
    network: str,
    file: Path | None,
    from_env: bool,
    in_keyring: bool,
    no_check: bool,
    proxy: str | None,
    as_json: bool,
) -> None:
    """Keep a key: account id and secret are asked for, the secret without being shown, or read from a pipe.

    From a pipe the first line is the account id and the second the secret. The venue is asked whether it knows the key.
    """
    credentials = _given(file, from_env=from_env)
    if not no_check:
        with Rest(find_network(network), proxy=proxy) as rest:
            rest.keys.get(account_id=credentials.account_id, orderly_key=credentials.key)
    held = keep(network, credentials, in_keyring=in_keyring)
    show(layout_of("keys add"), _row(held), as_json=as_json)
    where = (
        f"Credentials.from_keyring({held.account_id!r}, {service_of(network, held.key)!r})"
        if in_keyring
        else f"Credentials.from_file({str(held.path)!r})"
    )
    note(f"in Python: {where}")


def _given(file: Path | None, *, from_env: bool) -> Credentials:
    if file is not None and from_env:
        raise UsageError(
            "a key comes from a file or from the environment; leave out --from-file or --from-env"
        )
    if file is not None:
        return Credentials.from_file(file)
    if from_env:
        return Credentials.from_env()
    return _typed()


def _typed() -> Credentials:
    asked = sys.stdin.isatty()
    account_id = click.prompt("Account id", err=True) if asked else sys.stdin.readline()
    secret = click.prompt("Secret", hide_input=True, err=True) if asked else sys.stdin.readline()
    try:
        return Credentials(account_id=account_id, secret=secret.strip())
    finally:
        del secret


def _row(held: StoredKey) -> dict[str, object]:
    return {
        "network": held.network,
        "account_id": held.account_id,
        "key": held.key,
        "place": held.place,
        "path": str(held.path),
    }


@keys.command("list", epilog=help_of("orderly-sync keys list", "orderly-sync keys list --venue --json"))
@click.option("--network", type=click.Choice(["testnet", "mainnet"]), help="Of this network only.")
@click.option(
    "--venue", is_flag=True, help="Ask the venue for the scope and end of each, and for the account's others."
)
@proxy_option
@json_option
def list_keys(*, network: str | None, venue: bool, proxy: str | None, as_json: bool) -> None:
    """List the keys that are kept; no secret is shown."""
    held = [one for one in stored() if network in {None, one.network}]
    rows = [row for one in held for row in (_at_venue(one, proxy) if venue else [_row(one)])]
    unique = {(row["network"], row["key"]): row for row in sorted(rows, key=lambda row: "path" in row)}
    show(layout_of("keys list"), unique.values(), as_json=as_json, title=f"kept in {folder()}")


def _at_venue(held: StoredKey, proxy: str | None) -> Iterator[dict[str, object]]:
    with Rest(find_network(held.network), held.credentials(), proxy=proxy) as rest:
        known = rest.keys.info()
    told = {
        one.orderly_key: {"scope": one.scope, "expiration": one.expiration, "status": one.key_status}
        for one in known
    }
    yield {**_row(held), **told.pop(held.key, {})}
    for key, facts in told.items():
        yield {"network": held.network, "account_id": held.account_id, "key": key, **facts}


@keys.command(
    "remove",
    epilog=help_of("orderly-sync keys remove ed25519:8Yx...", "orderly-sync keys remove 8Yx --venue --yes"),
)
@click.argument("key")
@click.option("--venue", is_flag=True, help="Also have the venue forget it, for ever and for everybody.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@proxy_option
@json_option
def remove(*, key: str, venue: bool, yes: bool, proxy: str | None, as_json: bool) -> None:
    """Remove a key that is kept, by its public key or the beginning of its account's id."""
    fits = [one for one in stored() if key in one.key or one.account_id.startswith(key)]
    if len(fits) != 1:
        raise UsageError(f"{len(fits)} keys fit {key!a:.80}; orderly-sync keys list shows those kept")
    (held,) = fits
    if not yes:
        what = "here and at the venue" if venue else "here"
        click.confirm(f"Remove {held.key} of {held.network} {what}?", abort=True, err=True)
    if venue:
        with Rest(find_network(held.network), held.credentials(), proxy=proxy) as rest:
            rest.keys.remove(orderly_key=held.key)
    forget(held)
    show(layout_of("keys remove"), _row(held), as_json=as_json)
