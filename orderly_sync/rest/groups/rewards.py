"""Rewards API / Trading Rewards and Market Making Rewards, retired in March 2026."""

from __future__ import annotations

from orderly_sync.models.account_enums import ChainType
from orderly_sync.models.base import Rows
from orderly_sync.models.rewards import (
    AccountRewards,
    BrokerEstimate,
    EpochAllocation,
    RewardsEpochs,
    RewardsEpochScores,
    RewardsStatus,
    SymbolCategories,
    TraderEstimate,
    WalletRewards,
)
from orderly_sync.models.rewards_maker import (
    GroupRewards,
    MakerEpochs,
    MakerEstimate,
    MakerLeaderboard,
    MakerSymbols,
)
from orderly_sync.rest.group import Group
from orderly_sync.rest.group_choices import ChainTypeLike
from orderly_sync.rest.retired import retired
from orderly_sync.wire.enum_values import one_of

__all__ = ["Rewards"]


class Rewards(Group):
    """Rewards of traders and market makers. Public.

    The venue has taken all of these calls out of its documentation; hosts may still serve them or answer ``NotFound``.
    """

    @retired
    def trading_epoch_info(self) -> RewardsEpochs:
        """Retired. The parameters of every epoch.

        ``GET /v1/public/trading_rewards/epoch_info``, public; 10 requests a second per IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/public/get-parameters-of-each-epoch-for-all-epochs
        """
        return self._public.get("/v1/public/trading_rewards/epoch_info", RewardsEpochs)

    @retired
    def trading_epoch_data(self) -> RewardsEpochScores:
        """Retired. The scores and rewards of every epoch.

        ``GET /v1/public/trading_rewards/epoch_data``, public; 10 requests a second per IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/public/get-epochs-data
        """
        return self._public.get("/v1/public/trading_rewards/epoch_data", RewardsEpochScores)

    @retired
    def broker_allocation_history(self) -> Rows[EpochAllocation]:
        """Retired. Builders' shares by epoch.

        ``GET /v1/public/trading_rewards/broker_allocation_history``, public; 10 requests a second per IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/public/get-broker-allocation-history
        """
        return self._public.get("/v1/public/trading_rewards/broker_allocation_history", Rows[EpochAllocation])

    @retired
    def wallet_rewards_history(
        self, address: str, *, chain_type: ChainTypeLike | None = None
    ) -> WalletRewards:
        """Retired. A wallet's rewards by epoch.

        ``GET /v1/public/trading_rewards/wallet_rewards_history``, public; 10 requests a second per IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/public/get-wallet-trading-rewards-history
        """
        return self._public.get(
            "/v1/public/trading_rewards/wallet_rewards_history",
            WalletRewards,
            address=address,
            chain_type=one_of(ChainType, chain_type, "chain_type"),
        )

    @retired
    def account_rewards_history(
        self, address: str, *, chain_type: ChainTypeLike | None = None
    ) -> Rows[AccountRewards]:
        """Retired. A wallet's rewards by builder.

        ``GET /v1/public/trading_rewards/account_rewards_history``, public; 10 requests a second per IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/public/get-account-trading-rewards-history
        """
        return self._public.get(
            "/v1/public/trading_rewards/account_rewards_history",
            Rows[AccountRewards],
            address=address,
            chain_type=one_of(ChainType, chain_type, "chain_type"),
        )

    @retired
    def trading_status(self) -> RewardsStatus:
        """Retired. Where the traders' programme stands.

        ``GET /v1/public/trading_rewards/status``, public; 10 requests a second per IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/public/get-the-status-of-trading-rewards-programme
        """
        return self._public.get("/v1/public/trading_rewards/status", RewardsStatus)

    @retired
    def symbol_category(self) -> SymbolCategories:
        """Retired. Which symbols count as major.

        ``GET /v1/public/trading_rewards/symbol_category``, public; 10 requests a second per IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/public/get-symbol-rewards-category
        """
        return self._public.get("/v1/public/trading_rewards/symbol_category", SymbolCategories)

    @retired
    def current_epoch_broker_estimate(self) -> Rows[BrokerEstimate]:
        """Retired. What builders may expect.

        ``GET /v1/public/trading_rewards/current_epoch_broker_estimate``, public; 10 requests a second per IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/public/get-current-epoch-estimate-by-broker
        """
        return self._public.get(
            "/v1/public/trading_rewards/current_epoch_broker_estimate", Rows[BrokerEstimate]
        )

    @retired
    def current_epoch_estimate(self, address: str) -> TraderEstimate:
        """Retired. What a trader may expect.

        ``GET /v1/public/trading_rewards/current_epoch_estimate``, public; 10 requests a second per IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/public/get-current-epoch-estimate
        """
        return self._public.get(
            "/v1/public/trading_rewards/current_epoch_estimate", TraderEstimate, address=address
        )

    @retired
    def maker_epoch_info(self) -> MakerEpochs:
        """Retired. The parameters of every epoch.

        ``GET /v1/public/market_making_rewards/epoch_info``, public; 10 requests a second per IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/public/get-parameters-of-each-epoch
        """
        return self._public.get("/v1/public/market_making_rewards/epoch_info", MakerEpochs)

    @retired
    def maker_status(self) -> RewardsStatus:
        """Retired. Where the makers' programme stands.

        ``GET /v1/public/market_making_rewards/status``, public; 10 requests a second per IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/public/get-the-status-of-market-making-rewards-programme
        """
        return self._public.get("/v1/public/market_making_rewards/status", RewardsStatus)

    @retired
    def maker_symbol_params(self) -> MakerSymbols:
        """Retired. What makers must meet by symbol.

        ``GET /v1/public/market_making_rewards/symbol_params``, public; 10 requests a second per IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/public/get-symbol-rewards-parameters
        """
        return self._public.get("/v1/public/market_making_rewards/symbol_params", MakerSymbols)

    @retired
    def maker_leaderboard(self, epoch: int, *, market: str | None = None) -> MakerLeaderboard:
        """Retired. The makers of an epoch.

        ``GET /v1/public/market_making_rewards/leaderboard``, public; 10 requests a second per IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/public/leaderboard-for-market-maker-rewards
        """
        return self._public.get(
            "/v1/public/market_making_rewards/leaderboard", MakerLeaderboard, epoch=epoch, market=market
        )

    @retired
    def maker_current_epoch_estimate(
        self, address: str, *, chain_type: ChainTypeLike | None = None
    ) -> MakerEstimate:
        """Retired. What a maker may expect.

        ``GET /v1/public/market_making_rewards/current_epoch_estimate``, public; 10 requests a second per IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/public/get-market-maker-current-epoch-estimate
        """
        return self._public.get(
            "/v1/public/market_making_rewards/current_epoch_estimate",
            MakerEstimate,
            address=address,
            chain_type=one_of(ChainType, chain_type, "chain_type"),
        )

    @retired
    def maker_group_rewards_history(self, address: str, *, symbol: str | None = None) -> GroupRewards:
        """Retired. The rewards of a wallet's group.

        ``GET /v1/public/market_making_rewards/group_rewards_history``, public; 10 requests a second per IP address.
        https://orderly.network/docs/build-on-omnichain/restful-api/public/get-wallet-group-market-making-rewards-history
        """
        return self._public.get(
            "/v1/public/market_making_rewards/group_rewards_history",
            GroupRewards,
            address=address,
            symbol=symbol,
        )
