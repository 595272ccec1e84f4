"""The strategy-vault host: what providers and depositors have in vaults."""

from __future__ import annotations

from orderly_sync.models.base import Page, Rows
from orderly_sync.models.vault import (
    ChartPoint,
    Claimable,
    LiquidityProvider,
    StrategyProvider,
    UserVaultTotals,
    VaultFee,
    VaultPerformance,
    VaultTransactionRecord,
)
from orderly_sync.models.vault_enums import VaultChartRange, VaultChartType
from orderly_sync.rest.arguments import window
from orderly_sync.rest.group import Group
from orderly_sync.rest.group_choices import VaultChartRangeLike, VaultChartTypeLike
from orderly_sync.wire.enum_values import one_of
from orderly_sync.wire.moments import TimeLike

__all__ = ["VaultStakes"]


class VaultStakes(Group):
    """The part of ``VaultHost`` that asks about one wallet: "provider" runs a vault, "lp" has deposited into it.

    https://orderly.network/docs/introduction/orderly-omniVault/overview
    """

    def provider_info(self, *, vault_id: str, wallet_address: str) -> StrategyProvider:
        """A provider's stake in its vault.

        ``GET /v1/public/strategy_vault/sp/info``, public; 10 requests a second per IP address.
        https://orderly.network/docs/strategy-vault/strategy-provider/public/get-strategy-providers-info
        """
        return self._public.get(
            "/v1/public/strategy_vault/sp/info",
            StrategyProvider,
            vault_id=vault_id,
            wallet_address=wallet_address,
        )

    def provider_transactions(
        self,
        *,
        vault_id: str,
        wallet_address: str,
        type: str | None = None,
        chain_id: str | None = None,
        source: str | None = None,
        page: int = 1,
        size: int = 25,
    ) -> Page[VaultTransactionRecord]:
        """A provider's transactions.

        ``GET /v1/public/strategy_vault/sp/transaction_history``, public; 10 requests a second per IP address.
        https://orderly.network/docs/strategy-vault/strategy-provider/public/sp-transaction-history
        """
        return self._public.get(
            "/v1/public/strategy_vault/sp/transaction_history",
            Page[VaultTransactionRecord],
            vault_id=vault_id,
            wallet_address=wallet_address,
            type=type,
            chain_id=chain_id,
            source=source,
            page=page,
            size=size,
        )

    def provider_claimable(self, *, vault_id: str, wallet_address: str, chain_id: str) -> Claimable:
        """What a provider can claim on a chain.

        ``GET /v1/public/strategy_vault/sp/claim_info``, public; 10 requests a second per IP address.
        https://orderly.network/docs/strategy-vault/strategy-provider/public/sp-claim-info
        """
        return self._public.get(
            "/v1/public/strategy_vault/sp/claim_info",
            Claimable,
            vault_id=vault_id,
            wallet_address=wallet_address,
            chain_id=chain_id,
        )

    def provider_fees(
        self, *, vault_id: str, wallet_address: str, page: int = 1, size: int = 25
    ) -> Page[VaultFee]:
        """Performance fees a provider earned.

        ``GET /v1/public/strategy_vault/sp/fees_history``, public; 10 requests a second per IP address.
        https://orderly.network/docs/strategy-vault/strategy-provider/public/sp-fees-history
        """
        return self._public.get(
            "/v1/public/strategy_vault/sp/fees_history",
            Page[VaultFee],
            vault_id=vault_id,
            wallet_address=wallet_address,
            page=page,
            size=size,
        )

    def user_totals(self, *, wallet_address: str) -> Rows[UserVaultTotals]:
        """A wallet's stakes together, in one row.

        ``GET /v1/public/strategy_vault/user/overall_info``, public; 10 requests a second per IP address.
        https://orderly.network/docs/strategy-vault/vault/public/user-overall-statistics
        """
        return self._public.get(
            "/v1/public/strategy_vault/user/overall_info",
            Rows[UserVaultTotals],
            wallet_address=wallet_address,
        )

    def lp_info(self, *, wallet_address: str, vault_id: str | None = None) -> Rows[LiquidityProvider]:
        """A depositor's stakes, vault by vault.

        ``GET /v1/public/strategy_vault/lp/info``, public; 10 requests a second per IP address.
        https://orderly.network/docs/strategy-vault/liquidity-provider/public/lp-info
        """
        return self._public.get(
            "/v1/public/strategy_vault/lp/info",
            Rows[LiquidityProvider],
            wallet_address=wallet_address,
            vault_id=vault_id,
        )

    def lp_fees(
        self,
        *,
        vault_id: str,
        wallet_address: str,
        start: TimeLike | None = None,
        end: TimeLike | None = None,
        page: int = 1,
        size: int = 25,
    ) -> Page[VaultFee]:
        """Performance fees a depositor paid.

        ``GET /v1/public/strategy_vault/lp/fees_history``, public; 10 requests a second per IP address.
        https://orderly.network/docs/strategy-vault/liquidity-provider/public/fees-history
        """
        return self._public.get(
            "/v1/public/strategy_vault/lp/fees_history",
            Page[VaultFee],
            vault_id=vault_id,
            wallet_address=wallet_address,
            page=page,
            size=size,
            **window(start, end),
        )

    def lp_performance(self, *, vault_id: str, wallet_address: str) -> Rows[VaultPerformance]:
        """A depositor's results, range by range.

        ``GET /v1/public/strategy_vault/lp/performance``, public; 10 requests a second per IP address.
        https://orderly.network/docs/strategy-vault/liquidity-provider/public/lp-performance
        """
        return self._public.get(
            "/v1/public/strategy_vault/lp/performance",
            Rows[VaultPerformance],
            vault_id=vault_id,
            wallet_address=wallet_address,
        )

    def lp_performance_chart(
        self,
        *,
        vault_id: str,
        wallet_address: str,
        type: VaultChartTypeLike,
        time_range: VaultChartRangeLike,
    ) -> Rows[ChartPoint]:
        """A depositor's value or PnL over time.

        ``GET /v1/public/strategy_vault/lp/performance_chart``, public; 10 requests a second per IP address.
        https://orderly.network/docs/strategy-vault/liquidity-provider/public/lp-performance-chart
        """
        return self._public.get(
            "/v1/public/strategy_vault/lp/performance_chart",
            Rows[ChartPoint],
            vault_id=vault_id,
            wallet_address=wallet_address,
            type=one_of(VaultChartType, type, "type"),
            time_range=one_of(VaultChartRange, time_range, "time_range"),
        )

    def lp_transactions(
        self,
        *,
        vault_id: str,
        wallet_address: str,
        type: str | None = None,
        chain_id: str | None = None,
        source: str | None = None,
        page: int = 1,
        size: int = 25,
    ) -> Page[VaultTransactionRecord]:
        """A depositor's transactions.

        ``GET /v1/public/strategy_vault/lp/transaction_history``, public; 10 requests a second per IP address.
        https://orderly.network/docs/strategy-vault/liquidity-provider/public/lp-transaction-history
        """
        return self._public.get(
            "/v1/public/strategy_vault/lp/transaction_history",
            Page[VaultTransactionRecord],
            vault_id=vault_id,
            wallet_address=wallet_address,
            type=type,
            chain_id=chain_id,
            source=source,
            page=page,
            size=size,
        )

    def lp_claimable(self, *, vault_id: str, wallet_address: str, chain_id: str) -> Claimable:
        """What a depositor can claim on a chain.

        ``GET /v1/public/strategy_vault/lp/claim_info``, public; 10 requests a second per IP address.
        https://orderly.network/docs/strategy-vault/liquidity-provider/public/lp-claim-info
        """
        return self._public.get(
            "/v1/public/strategy_vault/lp/claim_info",
            Claimable,
            vault_id=vault_id,
            wallet_address=wallet_address,
            chain_id=chain_id,
        )
