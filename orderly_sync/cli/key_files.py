"""Keys that ``orderly-sync keys add`` keeps: in files of mode 0600, or in the system's keyring with a file beside it.

Each key has one file, ``NETWORK-ACCOUNT-KEY.json``, in a folder of mode 0700. ``Credentials.from_file`` reads those
that hold their secret; of the others, ``Credentials.from_keyring(account_id, service)`` finds it.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

import attrs
import click

from orderly_sync.credentials import Credentials
from orderly_sync.errors import UsageError
from orderly_sync.values.private_files import NotPrivate, make_private, open_private

__all__ = ["StoredKey", "folder", "keep", "remove", "service_of", "stored", "stored_for"]

_LIMIT = 4096
_SHORT = 10
_NAME = re.compile(r"[^A-Za-z0-9]+")
SECRET = "orderly_secret"  # noqa: S105 - the name of the field


@attrs.frozen
class StoredKey:
    """A key that is kept; its secret is read when it is needed, and not before."""

    network: str
    account_id: str
    key: str
    """The public key."""
    place: str
    """``"file"`` or ``"keyring"``."""
    path: Path

    def credentials(self) -> Credentials:
        """With the secret.

        Raises:
            UsageError: It is not there any more, or cannot be read.
        """
        if self.place == "keyring":
            return Credentials.from_keyring(self.account_id, service_of(self.network, self.key))
        return Credentials.from_file(self.path)


def folder() -> Path:
    """Where the files are: ``ORDERLY_KEYS``, or a folder of this user's configuration."""
    given = os.environ.get("ORDERLY_KEYS")
    return Path(given) if given else Path(click.get_app_dir("orderly-sync")) / "keys"


def service_of(network: str, key: str) -> str:
    """Under which name the keyring holds it: accounts have one id on testnet and mainnet, and several keys."""
    return f"orderly_sync {network} {key}"


def keep(network: str, credentials: Credentials, *, in_keyring: bool) -> StoredKey:
    """Keep a key.

    Raises:
        UsageError: It is kept already, or cannot be: the folder or the keyring refuses.
    """
    place = folder()
    path = (
        place
        / f"{_plain(network)}-{_plain(credentials.account_id)[:_SHORT]}-{_plain(credentials.key)[7:17]}.json"
    )
    held = {
        "network": network,
        "orderly_account_id": credentials.account_id,
        "orderly_key": credentials.key,
        "place": "keyring" if in_keyring else "file",
    }
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = make_private(path, os.O_WRONLY)
    except FileExistsError:
        raise UsageError(f"this key is kept already, in {path}; remove it first") from None
    except OSError as exc:
        raise UsageError(f"{path} cannot be written: {exc.strerror}; name a folder by ORDERLY_KEYS") from None
    try:
        if in_keyring:
            credentials.to_keyring(service_of(network, credentials.key))
        else:
            held[SECRET] = credentials.secret.reveal()
        os.write(handle, json.dumps(held, indent=1).encode())
    except BaseException:
        path.unlink()
        raise
    finally:
        held.pop(SECRET, None)
        os.close(handle)
    return StoredKey(network, credentials.account_id, credentials.key, held["place"], path)


def _plain(text: str) -> str:
    return _NAME.sub("", text)


def remove(stored_key: StoredKey) -> None:
    """Forget it: the secret too."""
    if stored_key.place == "keyring":
        Credentials.forget_in_keyring(stored_key.account_id, service_of(stored_key.network, stored_key.key))
    stored_key.path.unlink()


def stored() -> list[StoredKey]:
    """All keys that are kept, by network and account.

    Raises:
        UsageError: A file may be read by others, or is none of these.
    """
    found = folder()
    if not found.is_dir():
        return []
    return sorted(_read(found), key=lambda one: (one.network, one.account_id, one.key))


def _read(place: Path) -> Iterator[StoredKey]:
    for path in place.glob("*.json"):
        try:
            handle = open_private(path, os.O_RDONLY)
        except NotPrivate as exc:
            raise UsageError(f"{path} {exc}") from None
        try:
            held = json.loads(os.read(handle, _LIMIT))
            names = ("network", "orderly_account_id", "orderly_key", "place")
            network, account_id, key, kept = (str(held[name]) for name in names)
            yield StoredKey(network, account_id, key, kept, path)
        except (ValueError, KeyError, TypeError):
            raise UsageError(f"{path} is no key that orderly-sync keys add has written; remove it") from None
        finally:
            os.close(handle)


def stored_for(network: str, account: str | None) -> Credentials | None:
    """Whose credentials a command uses at a network: the environment's, or the key that is kept; None if there is none.

    Args:
        network: Its name.
        account: How the account's id, or the public key, begins; the only one that is kept unless given.

    Raises:
        UsageError: Several fit, or none does that was asked for.
    """
    own = os.environ.get("ORDERLY_ACCOUNT_ID", "").strip()
    if own and os.environ.get("ORDERLY_SECRET") and (account is None or own.startswith(account)):
        return Credentials.from_env()
    there = [one for one in stored() if one.network == network]
    fits = [
        one for one in there if account is None or one.account_id.startswith(account) or account in one.key
    ]
    if len(fits) == 1:
        return fits[0].credentials()
    if len(fits) > 1:
        raise UsageError(
            f"{len(fits)} keys of {network} fit; name one by --account, orderly-sync keys list shows them"
        )
    if account is not None:
        raise UsageError(
            f"no key of {network} fits --account {account!a:.80}; orderly-sync keys list shows those kept"
        )
    return None
