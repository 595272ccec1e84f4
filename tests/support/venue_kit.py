"""The venue as the tests use it: its exchange in process, and a running server over the wire, in the same verbs.

``place`` and ``mark`` are the same on both; what is read is what each has to read: the exchange's
own records, or typed answers of REST.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import attrs
import pytest

from orderly_sync import Credentials, Network, Rest
from orderly_sync.clock import ManualClock
from orderly_sync.errors import ApiError
from orderly_sync.models.enums import MarginMode, OrderSide, OrderType
from orderly_sync.signing import Secret, request_message
from orderly_sync.venue.engine.commands import (
    AlgoNodeSpec,
    CancelOrders,
    ClaimLiquidation,
    Command,
    PlaceAlgo,
    PlaceOrder,
)
from orderly_sync.venue.engine.exchange import Exchange
from orderly_sync.venue.engine.facts import AlgoReported, Fact, OrderReported, Outcome
from orderly_sync.venue.engine.orders import AlgoNode, Order
from orderly_sync.venue.engine.refusals import Refused
from orderly_sync.venue.server.accounts import PaperAccount, paper_accounts
from orderly_sync.venue.server.answers import HttpAnswer
from orderly_sync.venue.server.api import Api, ReceivedRequest
from orderly_sync.venue.server.constants import LEDGER_CONTRACT
from orderly_sync.venue.server.core import Core
from orderly_sync.venue.server.routes.table import ROUTES
from orderly_sync.venue.server.serve import Venue
from orderly_sync.venue.server.timing import FrozenTime
from orderly_sync.wallet.onboarding import onboard
from orderly_sync.wallet.wallet import Wallet
from tests.contract.shapes import extras

ALL = "read,trading,asset"
BROKER = "paper"
CHAIN = 421614
DAY = 86_400_000
ETH, WOO = "PERP_ETH_USDC", "PERP_WOO_USDC"


class ExchangeKit:
    """An exchange with accounts ``alice``, ``bob`` (100,000 USDC each) and the maker ``maker``."""

    def __init__(self, **options: Any) -> None:
        self.exchange = Exchange(**options)
        self.exchange.open_account("alice", usdc=Decimal(100_000))
        self.exchange.open_account("bob", usdc=Decimal(100_000))
        self.exchange.open_account("maker", usdc=Decimal(10**9), is_maker=True)
        self.now = 1_000
        self.facts: tuple[Fact, ...] = ()
        self.history: list[Fact] = []
        self.answer: dict[str, Any] = {}

    def submit(self, command: Command, by: str = "alice") -> Outcome:
        """Send a command a second later."""
        self.now += 1_000
        outcome = self.exchange.submit(by, command, self.now)
        self.facts, self.answer = outcome.facts, dict(outcome.answer)
        self.history += self.facts
        return outcome

    def refusal(self, command: Command, by: str = "alice") -> Refused:
        """Send a command that must be refused and must change nothing."""
        before = self.picture(by)
        with pytest.raises(Refused) as caught:
            self.exchange.submit(by, command, self.now)
        assert self.picture(by) == before
        assert self.exchange.advance(self.now) == ()
        return caught.value

    def picture(self, account: str) -> tuple[object, ...]:
        """All that can be read of one account and its market."""
        exchange = self.exchange
        return (
            exchange.orders(account),
            exchange.algos(account),
            exchange.fills(account),
            exchange.positions(account),
            exchange.holding(account),
            exchange.account(account),
            exchange.book(ETH),
        )

    def order(self, side: str, kind: str, quantity: Any, price: Any = None, **more: Any) -> PlaceOrder:
        """The command of an order in ETH."""
        return PlaceOrder(
            symbol=more.pop("symbol", ETH),
            side=OrderSide(side),
            order_type=OrderType(kind),
            quantity=None if quantity is None else Decimal(str(quantity)),
            price=None if price is None else Decimal(str(price)),
            **more,
        )

    def place(
        self, side: str, kind: str, quantity: Any, price: Any = None, *, by: str = "alice", **more: Any
    ) -> Order:
        """Place an order and read it back."""
        self.submit(self.order(side, kind, quantity, price, **more), by)
        return self.read(self.answer["order_id"], by)

    def read(self, order_id: int, by: str = "alice") -> Order:
        """An order that must exist."""
        order = self.exchange.order(by, order_id)
        assert order is not None
        return order

    def quote(self, mid: Any = 3400, *, size: Any = 5, levels: int = 3, step: Any = 1) -> None:
        """Let the maker quote around a price, instead of what it quoted before."""
        self.submit(CancelOrders(), "maker")
        for level in range(1, levels + 1):
            away = Decimal(str(step)) * level
            for side, price in (("BUY", Decimal(str(mid)) - away), ("SELL", Decimal(str(mid)) + away)):
                self.submit(self.order(side, "LIMIT", size, price), "maker")

    def mark(self, mark: Any, *, quote: bool = True) -> tuple[Fact, ...]:
        """Move the mark price, the maker's quotes first."""
        if quote:
            self.quote(mark)
        self.now += 1_000
        self.facts = self.exchange.set_prices(ETH, self.now, mark=Decimal(str(mark)))
        self.history += self.facts
        return self.facts

    def algo(self, spec: AlgoNodeSpec, *, by: str = "alice", **more: Any) -> tuple[AlgoNode, ...]:
        """Place an algo order and read its tree."""
        self.submit(PlaceAlgo(root=spec, **more), by)
        return self.tree(self.answer["order_id"], by)

    def tree(self, order_id: int, by: str = "alice") -> tuple[AlgoNode, ...]:
        """The tree of a node."""
        return self.exchange.algo(by, order_id)

    def reported(self, facts: Sequence[Fact] | None = None) -> list[tuple[str, ...]]:
        """The reports among facts, in order, as short tuples: ordinary ones and, a node each, algo ones."""
        rows: list[tuple[str, ...]] = []
        for fact in self.facts if facts is None else facts:
            if isinstance(fact, OrderReported):
                rows.append(("order", fact.status))
            elif isinstance(fact, AlgoReported):
                rows.extend(_row(node) for node in fact.nodes if node.algo_order_id in fact.changed)
        return rows


def _row(node: Any) -> tuple[str, ...]:
    return str(node.algo_type), str(node.algo_status), str(node.trigger_status), str(node.root_algo_status)


def wealth(kit: ExchangeKit) -> Decimal:
    """All money there is: balances, margins and unsettled PnL of all accounts, the fund's too, and the fees taken."""
    names = [*kit.exchange._state.accounts]
    held = sum((kit.exchange.holding(name).holding for name in names), kit.exchange.fees_collected)
    rows = (row for name in names for row in kit.exchange.positions(name))
    return held + sum((row.unsettled_pnl + row.margin for row in rows), Decimal(0))


def carol(kit: ExchangeKit, usdc: Any, quantity: Any, *, mode: str = "CROSS", side: str = "BUY") -> None:
    """An account that is as far out on a limb as its margin allows."""
    kit.exchange.open_account("carol", usdc=Decimal(usdc))
    kit.quote(size=quantity)
    kit.place(side, "MARKET", quantity, by="carol", margin_mode=MarginMode(mode))


def claim(kit: ExchangeKit, ratio: Any = 1, **more: Any) -> ClaimLiquidation:
    offer = kit.exchange.offers()[0]
    return ClaimLiquidation(
        liquidation_id=offer.liquidation_id, ratio_qty_request=Decimal(str(ratio)), **more
    )


class ApiKit:
    """The venue's HTTP in process, without a socket, and one account that signs."""

    def __init__(self) -> None:
        self._clock = ManualClock()
        accounts = paper_accounts(7, 1)
        self.core = Core(accounts=accounts, time=FrozenTime(), clock=self._clock, kind="frozen", seed=7)
        self.api = Api(self.core.services, ROUTES, self._clock, rate_limits=False)
        self._account, self._secret = accounts[0], Secret(accounts[0].orderly_secret)

    def ask(self, method: str, target: str, body: bytes = b"") -> HttpAnswer:
        """The answer to a signed request, whatever is in it."""
        stamp = self._clock.time_ms()
        headers = {
            "content-type": "application/json",
            "orderly-timestamp": str(stamp),
            "orderly-account-id": self._account.account_id,
            "orderly-key": self._secret.public,
            "orderly-signature": self._secret.sign(request_message(stamp, method, target, body)),
        }
        return self.api.answer(ReceivedRequest(method, target, headers, body, "127.0.0.1"))


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


class VenueKit:
    """Clients of a running venue: one for each of its accounts, and as many more as are asked for.

    The first account is its builder's admin and the provider of its vaults. ``close`` closes all clients.
    """

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
        self.owners = [self._owner(account) for account in venue.accounts]
        self.clients = [each.rest for each in self.owners]
        self.admin, self.user = self.clients[:2]

    def close(self) -> None:
        """Close all clients."""
        for client in self._open:
            client.close()

    # Who trades

    def client(self, credentials: Credentials | None = None) -> Rest:
        """One more client, without credentials a public one."""
        made = Rest(self.network, credentials, rate_limits=False)
        self._open.append(made)
        return made

    def _owner(self, account: PaperAccount) -> Person:
        credentials = Credentials(
            account_id=account.account_id, secret=account.orderly_secret, broker_id=account.broker_id
        )
        return Person(Wallet(account.wallet_key), credentials, self.client(credentials))

    def newcomer(self, scope: str = ALL) -> Person:
        """Somebody with a new wallet, registered just now, without money."""
        wallet = Wallet.generate()
        credentials = onboard(self.network, wallet, BROKER, scope=scope)
        return Person(wallet, credentials, self.client(credentials))

    def account(self, index: int) -> PaperAccount:
        """One of the venue's own accounts."""
        return self.venue.accounts[index]

    def address(self, index: int) -> str:
        """The wallet's address of one of the venue's own accounts."""
        return self.venue.accounts[index].address

    # What they do

    def place(
        self, side: str, kind: str, quantity: Any, price: Any = None, *, by: Rest | int = 1, **more: Any
    ) -> Any:
        """Place an order, in ETH unless told otherwise, by a client or by the number of an account."""
        if price is not None:
            more["order_price"] = price
        client = self.clients[by] if isinstance(by, int) else by
        return client.orders.create(
            symbol=more.pop("symbol", ETH), order_type=kind, side=side, order_quantity=quantity, **more
        )

    def buy(self, by: Rest | int, quantity: Any, symbol: str = ETH, **more: Any) -> Any:
        """A market order, which fills at once."""
        return self.place("BUY", "MARKET", quantity, by=by, symbol=symbol, **more)

    def sell(self, by: Rest | int, quantity: Any, symbol: str = ETH, **more: Any) -> Any:
        """A market order, which fills at once."""
        return self.place("SELL", "MARKET", quantity, by=by, symbol=symbol, **more)

    def mark(self, price: Any, symbol: str = ETH) -> None:
        """Move the mark price."""
        self.venue.set_mark_price(symbol, price)


def whole(value: Any) -> Any:
    """The value, once nothing of the answer was left over."""
    assert leftovers(value) == []
    return value


def leftovers(value: Any) -> list[str]:
    """What an answer held and its model does not know, anywhere in it."""
    return list(extras(value))


def refused(call: Any, *args: Any, **kwargs: Any) -> ApiError:
    """The venue's refusal of a call."""
    with pytest.raises(ApiError) as caught:
        call(*args, **kwargs)
    return caught.value
