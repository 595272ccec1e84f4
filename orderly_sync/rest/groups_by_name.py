"""The groups of operations, one an attribute, as the venue's menu names them; each imported when first used."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from orderly_sync.rest.api_client import ApiClient

if TYPE_CHECKING:
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

GROUPS = (
    "builder",
    "system",
    "faucet",
    "registration",
    "keys",
    "account",
    "notifications",
    "config",
    "delegate",
    "sub_accounts",
    "orders",
    "liquidations",
    "assets",
    "positions",
    "funding",
    "staking",
    "valor",
    "user_data",
    "campaigns",
    "fees",
    "referral",
    "tradingview",
    "funding_rates",
    "market",
    "builder_admin",
    "listing",
    "multilevel",
    "admin",
    "order_tags",
    "points",
    "strategy_vault",
    "rewards",
    "vault_host",
    "query",
)
"""The attributes of ``RestGroups``, in the menu's order."""


class RestGroups:
    """All groups over one pair of callers; the strategy vault and the faucet have hosts of their own."""

    _public: ApiClient
    _signed: ApiClient
    _vault: ApiClient
    _faucet: ApiClient

    @cached_property
    def builder(self) -> Builder:
        """Builder Info: markets and volumes by builder."""
        from orderly_sync.rest.groups.builder import Builder

        return Builder(self._public, self._signed)

    @cached_property
    def system(self) -> System:
        """System Info: is the venue up, what does it announce."""
        from orderly_sync.rest.groups.system import System

        return System(self._public, self._signed)

    @cached_property
    def faucet(self) -> Faucet:
        """USDC Faucet, on the test network."""
        from orderly_sync.rest.groups.faucet import Faucet

        return Faucet(self._faucet, self._signed)

    @cached_property
    def registration(self) -> Registration:
        """Registration of wallets."""
        from orderly_sync.rest.groups.registration import Registration

        return Registration(self._public, self._signed)

    @cached_property
    def keys(self) -> Keys:
        """Key Management."""
        from orderly_sync.rest.groups.keys import Keys

        return Keys(self._public, self._signed)

    @cached_property
    def account(self) -> Account:
        """Account/User Info."""
        from orderly_sync.rest.groups.account import Account

        return Account(self._public, self._signed)

    @cached_property
    def notifications(self) -> Notifications:
        """Account Notifications."""
        from orderly_sync.rest.groups.notifications import Notifications

        return Notifications(self._public, self._signed)

    @cached_property
    def config(self) -> Config:
        """Account Config: leverage and margin modes."""
        from orderly_sync.rest.groups.config import Config

        return Config(self._public, self._signed)

    @cached_property
    def delegate(self) -> Delegate:
        """Delegate Signer."""
        from orderly_sync.rest.groups.delegate import Delegate

        return Delegate(self._public, self._signed)

    @cached_property
    def sub_accounts(self) -> SubAccounts:
        """Sub-account."""
        from orderly_sync.rest.groups.sub_accounts import SubAccounts

        return SubAccounts(self._public, self._signed)

    @cached_property
    def orders(self) -> Orders:
        """Order Management: orders, algo orders and fills."""
        from orderly_sync.rest.groups.orders import Orders

        return Orders(self._public, self._signed)

    @cached_property
    def liquidations(self) -> Liquidations:
        """Liquidations."""
        from orderly_sync.rest.groups.liquidations import Liquidations

        return Liquidations(self._public, self._signed)

    @cached_property
    def assets(self) -> Assets:
        """Assets/Withdraw/Settle PnL."""
        from orderly_sync.rest.groups.assets import Assets

        return Assets(self._public, self._signed)

    @cached_property
    def positions(self) -> Positions:
        """Positions."""
        from orderly_sync.rest.groups.positions import Positions

        return Positions(self._public, self._signed)

    @cached_property
    def funding(self) -> Funding:
        """Funding paid and received."""
        from orderly_sync.rest.groups.funding import Funding

        return Funding(self._public, self._signed)

    @cached_property
    def staking(self) -> Staking:
        """Staking."""
        from orderly_sync.rest.groups.staking import Staking

        return Staking(self._public, self._signed)

    @cached_property
    def valor(self) -> Valor:
        """Valor."""
        from orderly_sync.rest.groups.valor import Valor

        return Valor(self._public, self._signed)

    @cached_property
    def user_data(self) -> UserData:
        """User Data, for builders."""
        from orderly_sync.rest.groups.user_data import UserData

        return UserData(self._public, self._signed)

    @cached_property
    def campaigns(self) -> Campaigns:
        """Trading Campaigns."""
        from orderly_sync.rest.groups.campaigns import Campaigns

        return Campaigns(self._public, self._signed)

    @cached_property
    def fees(self) -> Fees:
        """Fee Setting, for builders."""
        from orderly_sync.rest.groups.fees import Fees

        return Fees(self._public, self._signed)

    @cached_property
    def referral(self) -> Referral:
        """Referral Program."""
        from orderly_sync.rest.groups.referral import Referral

        return Referral(self._public, self._signed)

    @cached_property
    def tradingview(self) -> TradingView:
        """TradingView's charting protocol."""
        from orderly_sync.rest.groups.tradingview import TradingView

        return TradingView(self._public, self._signed)

    @cached_property
    def funding_rates(self) -> FundingRates:
        """Funding Rates of the markets."""
        from orderly_sync.rest.groups.funding_rates import FundingRates

        return FundingRates(self._public, self._signed)

    @cached_property
    def market(self) -> Market:
        """Market Info."""
        from orderly_sync.rest.groups.market import Market

        return Market(self._public, self._signed)

    @cached_property
    def builder_admin(self) -> BuilderAdmin:
        """Builder Admin."""
        from orderly_sync.rest.groups.builder_admin import BuilderAdmin

        return BuilderAdmin(self._public, self._signed)

    @cached_property
    def listing(self) -> Listing:
        """Listing of markets by builders."""
        from orderly_sync.rest.groups.listing import Listing

        return Listing(self._public, self._signed)

    @cached_property
    def multilevel(self) -> Multilevel:
        """Multilevel Referral."""
        from orderly_sync.rest.groups.multilevel import Multilevel

        return Multilevel(self._public, self._signed)

    @cached_property
    def admin(self) -> Admin:
        """User Data, for builder admins."""
        from orderly_sync.rest.groups.admin import Admin

        return Admin(self._public, self._signed)

    @cached_property
    def order_tags(self) -> OrderTags:
        """Order Tags."""
        from orderly_sync.rest.groups.order_tags import OrderTags

        return OrderTags(self._public, self._signed)

    @cached_property
    def points(self) -> Points:
        """Points."""
        from orderly_sync.rest.groups.points import Points

        return Points(self._public, self._signed)

    @cached_property
    def strategy_vault(self) -> StrategyVault:
        """Strategy Vault, for accounts and providers."""
        from orderly_sync.rest.groups.strategy_vault import StrategyVault

        return StrategyVault(self._public, self._signed)

    @cached_property
    def rewards(self) -> Rewards:
        """Trading and market making rewards, retired by the venue."""
        from orderly_sync.rest.groups.rewards import Rewards

        return Rewards(self._public, self._signed)

    @cached_property
    def vault_host(self) -> VaultHost:
        """Strategy Vault's own host; public."""
        from orderly_sync.rest.groups.vault_host import VaultHost

        return VaultHost(self._vault, self._signed)

    @cached_property
    def query(self) -> PublicQuery:
        """Public queries by wallet address."""
        from orderly_sync.rest.groups.query import PublicQuery

        return PublicQuery(self._public, self._signed)
