"""People with wallets and clients of one venue, and a look at what an answer left unread."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import attrs
import pytest

from orderly_sync import Credentials, Network, Rest
from orderly_sync.errors import ApiError
from orderly_sync.models.base import Model
from orderly_sync.venue.server.constants import LEDGER_CONTRACT
from orderly_sync.venue.server.serve import Venue
from orderly_sync.wallet.onboarding import onboard
from orderly_sync.wallet.wallet import Wallet

ALL = "read,trading,asset"
BROKER = "paper"
CHAIN = 421614
ETH = "PERP_ETH_USDC"


@attrs.frozen
class Person:
    """A wallet, the credentials of its account, and a client that uses them."""

    wallet: Wallet
    credentials: Credentials
    rest: Rest

    @property
    def account_id(self) -> str:
        return self.credentials.account_id

    @property
    def usdc(self) -> Any:
        return self.rest.assets.holding().holding[0].holding


class Household:
    """Makes clients of one venue and closes them."""

    def __init__(self, venue: Venue) -> None:
        self.venue = venue
        self.network = Network(
            name="paper",
            rest=venue.urls["rest"],
            ws_public=venue.urls["ws_public"],
            ws_private=venue.urls["ws_private"],
            ledger_contract=LEDGER_CONTRACT,
            chain_id=CHAIN,
            faucet=venue.urls["rest"],
        )
        self._open: list[Rest] = []

    def rest(self, credentials: Credentials | None = None) -> Rest:
        client = Rest(self.network, credentials, rate_limits=False)
        self._open.append(client)
        return client

    def owner(self, index: int) -> Person:
        """The owner of one of the venue's own accounts."""
        account = self.venue.accounts[index]
        credentials = Credentials(
            account_id=account.account_id, secret=account.orderly_secret, broker_id=account.broker_id
        )
        return Person(Wallet(account.wallet_key), credentials, self.rest(credentials))

    def newcomer(self, scope: str = ALL) -> Person:
        """Somebody with a new wallet, registered just now, without money."""
        wallet = Wallet.generate()
        credentials = onboard(self.network, wallet, BROKER, scope=scope)
        return Person(wallet, credentials, self.rest(credentials))

    def close(self) -> None:
        for client in self._open:
            client.close()


def leftovers(value: Any) -> list[str]:
    """The names that an answer held and its model does not know, anywhere in it."""
    if isinstance(value, Model):
        fields = attrs.fields(type(value))
        found = [f"{type(value).__name__}.{name}" for name in value.extra]
        return found + [
            name
            for field in fields
            if field.name not in {"extra", "_extra"}
            for name in leftovers(getattr(value, field.name, None))
        ]
    if isinstance(value, Mapping):
        return [name for item in value.values() for name in leftovers(item)]
    if isinstance(value, Iterable) and not isinstance(value, (str, bytes)):
        return [name for item in value for name in leftovers(item)]
    return []


def refused(call: Any, *args: Any, **kwargs: Any) -> ApiError:
    """The venue's refusal of a call."""
    with pytest.raises(ApiError) as caught:
        call(*args, **kwargs)
    return caught.value
