"""The groups of operations, one an attribute, as the venue's menu names them; each imported when first used."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Generic, TypeVar, overload

from orderly_sync.rest.group import Calls, Group

if TYPE_CHECKING:
    from typing_extensions import Self

    from orderly_sync.rest.groups.account import Account
    from orderly_sync.rest.groups.admin import Admin
    from orderly_sync.rest.groups.assets import Assets
    from orderly_sync.rest.groups.builder import Builder
    from orderly_sync.rest.groups.builder_admin import BuilderAdmin
    from orderly_sync.rest.groups.campaigns import Campaigns
    from orderly_sync.rest.groups.config import Config
    from orderly_sync.rest.groups.delegate import Delegate
    from orderly_sync.rest.groups.faucet import Faucet
    from orderly_sync.rest.groups.fees import Fees
    from orderly_sync.rest.groups.funding import Funding
    from orderly_sync.rest.groups.funding_rates import FundingRates
    from orderly_sync.rest.groups.keys import Keys
    from orderly_sync.rest.groups.liquidations import Liquidations
    from orderly_sync.rest.groups.listing import Listing
    from orderly_sync.rest.groups.market import Market
    from orderly_sync.rest.groups.multilevel import Multilevel
    from orderly_sync.rest.groups.notifications import Notifications
    from orderly_sync.rest.groups.order_tags import OrderTags
    from orderly_sync.rest.groups.orders import Orders
    from orderly_sync.rest.groups.points import Points
    from orderly_sync.rest.groups.positions import Positions
    from orderly_sync.rest.groups.query import PublicQuery
    from orderly_sync.rest.groups.referral import Referral
    from orderly_sync.rest.groups.registration import Registration
    from orderly_sync.rest.groups.rewards import Rewards
    from orderly_sync.rest.groups.staking import Staking
    from orderly_sync.rest.groups.strategy_vault import StrategyVault
    from orderly_sync.rest.groups.sub_accounts import SubAccounts
    from orderly_sync.rest.groups.system import System
    from orderly_sync.rest.groups.tradingview import TradingView
    from orderly_sync.rest.groups.user_data import UserData
    from orderly_sync.rest.groups.valor import Valor
    from orderly_sync.rest.groups.vault_host import VaultHost

__all__ = ["GROUPS", "RestGroups"]

G = TypeVar("G", bound=Group)


class _Lazy(Generic[G]):
    """An attribute that imports and makes its group when it is first read, and keeps it.

    Its module is named as the attribute is.

    Args:
        kind: The name of the group's class.
        doc: What the group is about.
        host: Which of the client's callers sends its public requests.
    """

    def __init__(self, kind: str, doc: str, *, host: str = "_public") -> None:
        self.__doc__ = doc
        self._kind = kind
        self._host = host

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, groups: None, owner: type) -> Self: ...
    @overload
    def __get__(self, groups: RestGroups, owner: type) -> G: ...
    def __get__(self, groups: RestGroups | None, owner: type) -> Self | G:
        if groups is None:
            return self
        kind: type[G] = getattr(import_module(f"orderly_sync.rest.groups.{self._name}"), self._kind)
        made = kind(getattr(groups, self._host), groups._signed)  # noqa: SLF001 - the menu's own attribute
        # Two threads may come here at once; both leave with the same group.
        kept: G = vars(groups).setdefault(self._name, made)
        return kept


class RestGroups:
    """All groups over one pair of callers; the strategy vault and the faucet have hosts of their own."""

    _public: Calls
    _signed: Calls
    _vault: Calls
    _faucet: Calls

    builder: _Lazy[Builder] = _Lazy("Builder", "Builder Info: markets and volumes by builder.")
    system: _Lazy[System] = _Lazy("System", "System Info: is the venue up, what does it announce.")
    faucet: _Lazy[Faucet] = _Lazy("Faucet", "USDC Faucet, on the test network.", host="_faucet")
    registration: _Lazy[Registration] = _Lazy("Registration", "Registration of wallets.")
    keys: _Lazy[Keys] = _Lazy("Keys", "Key Management.")
    account: _Lazy[Account] = _Lazy("Account", "Account/User Info.")
    notifications: _Lazy[Notifications] = _Lazy("Notifications", "Account Notifications.")
    config: _Lazy[Config] = _Lazy("Config", "Account Config: leverage and margin modes.")
    delegate: _Lazy[Delegate] = _Lazy("Delegate", "Delegate Signer.")
    sub_accounts: _Lazy[SubAccounts] = _Lazy("SubAccounts", "Sub-account.")
    orders: _Lazy[Orders] = _Lazy("Orders", "Order Management: orders, algo orders and fills.")
    liquidations: _Lazy[Liquidations] = _Lazy("Liquidations", "Liquidations.")
    assets: _Lazy[Assets] = _Lazy("Assets", "Assets/Withdraw/Settle PnL.")
    positions: _Lazy[Positions] = _Lazy("Positions", "Positions.")
    funding: _Lazy[Funding] = _Lazy("Funding", "Funding paid and received.")
    staking: _Lazy[Staking] = _Lazy("Staking", "Staking.")
    valor: _Lazy[Valor] = _Lazy("Valor", "Valor.")
    user_data: _Lazy[UserData] = _Lazy("UserData", "User Data, for builders.")
    campaigns: _Lazy[Campaigns] = _Lazy("Campaigns", "Trading Campaigns.")
    fees: _Lazy[Fees] = _Lazy("Fees", "Fee Setting, for builders.")
    referral: _Lazy[Referral] = _Lazy("Referral", "Referral Program.")
    tradingview: _Lazy[TradingView] = _Lazy("TradingView", "TradingView's charting protocol.")
    funding_rates: _Lazy[FundingRates] = _Lazy("FundingRates", "Funding Rates of the markets.")
    market: _Lazy[Market] = _Lazy("Market", "Market Info.")
    builder_admin: _Lazy[BuilderAdmin] = _Lazy("BuilderAdmin", "Builder Admin.")
    listing: _Lazy[Listing] = _Lazy("Listing", "Listing of markets by builders.")
    multilevel: _Lazy[Multilevel] = _Lazy("Multilevel", "Multilevel Referral.")
    admin: _Lazy[Admin] = _Lazy("Admin", "User Data, for builder admins.")
    order_tags: _Lazy[OrderTags] = _Lazy("OrderTags", "Order Tags.")
    points: _Lazy[Points] = _Lazy("Points", "Points.")
    strategy_vault: _Lazy[StrategyVault] = _Lazy(
        "StrategyVault", "Strategy Vault, for accounts and providers."
    )
    rewards: _Lazy[Rewards] = _Lazy("Rewards", "Trading and market making rewards, retired by the venue.")
    vault_host: _Lazy[VaultHost] = _Lazy("VaultHost", "Strategy Vault's own host; public.", host="_vault")
    query: _Lazy[PublicQuery] = _Lazy("PublicQuery", "Public queries by wallet address.")


GROUPS = tuple(name for name, found in vars(RestGroups).items() if isinstance(found, _Lazy))
"""The attributes of ``RestGroups``, in the menu's order."""
