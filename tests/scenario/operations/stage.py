"""A running venue with people of all kinds, whose calls are remembered by the name of the operation."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from orderly_sync import Credentials, Network, Rest
from orderly_sync.rest.listing import operations
from orderly_sync.venue.server.constants import LEDGER_CONTRACT
from orderly_sync.venue.server.serve import Venue
from orderly_sync.wallet.wallet import Wallet

__all__ = ["BROKER", "CHAIN", "DAY", "ETH", "NAMES", "SPAN", "WOO", "Row", "Stage", "play"]

BROKER, CHAIN, DAY = "paper", 421614, 86_400_000
ETH, WOO = "PERP_ETH_USDC", "PERP_WOO_USDC"
SPAN = {"start_date": "2026-01-01", "end_date": "2026-01-31"}
NAMES = tuple(each.call.partition("(")[0] for each in operations())
"""Every operation, as ``orders.create``."""


class Stage:
    """The venue's five accounts, the first of which is its builder's admin and the provider of its vaults.

    ``answers`` holds the first answer of each operation.
    """

    def __init__(self, venue: Venue) -> None:
        self.venue = venue
        self.answers: dict[str, Any] = {}
        self.kept: dict[str, Any] = {}
        """What one operation tells and a later one asks for."""
        self._open: list[Rest] = []
        self.network = Network(
            name="paper",
            rest=venue.urls["rest"],
            ws_public=venue.urls["ws_public"],
            ws_private=venue.urls["ws_private"],
            ledger_contract=LEDGER_CONTRACT,
            chain_id=CHAIN,
            faucet=venue.urls["rest"],
        )
        self.wallets = [Wallet(each.wallet_key) for each in venue.accounts]
        self.ids = [each.account_id for each in venue.accounts]
        self.keys = [each.orderly_key for each in venue.accounts]
        self.clients = [
            self.client(
                Credentials(account_id=each.account_id, secret=each.orderly_secret, broker_id=each.broker_id)
            )
            for each in venue.accounts
        ]
        self.public = self.client()
        self.admin, self.user, self.third = self.clients[:3]

    def client(self, credentials: Credentials | None = None) -> Rest:
        """A client whose calls are remembered."""
        rest = Rest(self.network, credentials, rate_limits=False)
        self._open.append(rest)
        for name in NAMES:
            group, _, method = name.partition(".")
            its = getattr(rest, group)
            setattr(its, method, partial(self._call, name, getattr(its, method)))
        return rest

    def _call(self, name: str, method: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        answer = method(*args, **kwargs)
        self.answers.setdefault(name, answer)
        return answer

    def address(self, index: int) -> str:
        """The wallet of an account."""
        return self.wallets[index].address

    def buy(self, rest: Rest, quantity: str, symbol: str = ETH, **more: Any) -> Any:
        """A market order, which fills at once."""
        return rest.orders.create(
            symbol=symbol, order_type="MARKET", side="BUY", order_quantity=quantity, **more
        )

    def rest_order(self, name: str, price: int = 3300) -> int:
        """The id of an order that rests, with a client order id of its own."""
        made = self.user.orders.create(
            symbol=ETH,
            order_type="LIMIT",
            side="BUY",
            order_price=price,
            order_quantity="0.1",
            client_order_id=name,
        )
        assert made.order_id is not None
        return made.order_id

    def stop(self, name: str, trigger: int = 3000) -> int:
        """The id of a stop order that waits."""
        made = self.user.orders.create_algo(
            symbol=ETH,
            algo_type="STOP",
            type="MARKET",
            side="SELL",
            quantity="0.1",
            trigger_price=trigger,
            client_order_id=name,
        )
        return made.order_id

    def close(self) -> None:
        """Close all clients."""
        for rest in self._open:
            rest.close()


Row = tuple[str, Callable[[Stage], Any]]
"""An operation's name and what calls it, perhaps through a flow that signs with a wallet."""


def play(stage: Stage, rows: Iterable[Row]) -> dict[str, BaseException]:
    """Call each in turn; what was raised, by name."""
    raised: dict[str, BaseException] = {}
    for name, call in rows:
        try:
            call(stage)
        except Exception as exc:
            raised[name] = exc
    return raised
