"""The strategy-vault host: public figures of vaults, providers, depositors and funds."""

from __future__ import annotations

from collections.abc import Sequence

from orderly_sync.models.base import Page, Rows
from orderly_sync.models.liquidation import LiquidatorLiquidation
from orderly_sync.models.vault import (
    ChartPoint,
    Vault,
    VaultPerformance,
    VaultTotals,
)
from orderly_sync.models.vault_enums import VaultChartRange, VaultChartType, VaultStatus
from orderly_sync.models.vault_fund import (
    FundInfo,
    FundPeriod,
    PendingTransactions,
)
from orderly_sync.models.vault_trading import VaultFill, VaultOrder, VaultPosition
from orderly_sync.rest.group_choices import VaultChartRangeLike, VaultChartTypeLike, VaultStatusLike
from orderly_sync.rest.groups.vault_stakes import VaultStakes
from orderly_sync.wire.enum_values import one_of

__all__ = ["VaultHost"]


class VaultHost(VaultStakes):
    """All of it is public and on a host of its own; "provider" runs a vault, "lp" has deposited into it.

    https://orderly.network/docs/introduction/orderly-omniVault/overview
    """

    def fund_info(self, *, vault_id: str, wallet_address: str) -> FundInfo:
        """A vault's fund and its current period.

        ``GET /v1/public/strategy_vault/fund/info``, public; 10 requests a second per IP address.
        https://orderly.network/docs/strategy-vault/strategy-fund/public/get-strategy-fund-details
        """
        return self._public.get(
            "/v1/public/strategy_vault/fund/info", FundInfo, vault_id=vault_id, wallet_address=wallet_address
        )

    def fund_periods(
        self,
        *,
        vault_id: str,
        wallet_address: str,
        period_number: int | str | None = None,
        page: int = 1,
        size: int = 25,
    ) -> Page[FundPeriod]:
        """Periods of a fund.

        ``GET /v1/public/strategy_vault/fund/period_info``, public; 10 requests a second per IP address.
        https://orderly.network/docs/strategy-vault/strategy-fund/public/get-period-history-and-fund-period-instructions
        """
        return self._public.get(
            "/v1/public/strategy_vault/fund/period_info",
            Page[FundPeriod],
            vault_id=vault_id,
            wallet_address=wallet_address,
            period_number=period_number,
            page=page,
            size=size,
        )

    def fund_pending(self, *, vault_id: str, wallet_address: str) -> PendingTransactions:
        """What waits for a fund's next period.

        ``GET /v1/public/strategy_vault/fund/pending_transactions``, public; 10 requests a second per IP address.
        https://orderly.network/docs/strategy-vault/strategy-fund/public/get-preview-users-pending-requests
        """
        return self._public.get(
            "/v1/public/strategy_vault/fund/pending_transactions",
            PendingTransactions,
            vault_id=vault_id,
            wallet_address=wallet_address,
        )

    def vaults(
        self,
        *,
        vault_id: str | None = None,
        status: VaultStatusLike | None = None,
        broker_ids: str | Sequence[str] | None = None,
    ) -> Rows[Vault]:
        """The vaults.

        ``GET /v1/public/strategy_vault/vault/info``, public; 10 requests a second per IP address.
        https://orderly.network/docs/strategy-vault/vault/public/vault-info
        """
        return self._public.get(
            "/v1/public/strategy_vault/vault/info",
            Rows[Vault],
            vault_id=vault_id,
            status=one_of(VaultStatus, status, "status"),
            broker_ids=broker_ids,
        )

    def performance(self, *, vault_id: str) -> Rows[VaultPerformance]:
        """A vault's results, range by range.

        ``GET /v1/public/strategy_vault/vault/performance``, public; 10 requests a second per IP address.
        https://orderly.network/docs/strategy-vault/vault/public/vault-performance
        """
        return self._public.get(
            "/v1/public/strategy_vault/vault/performance", Rows[VaultPerformance], vault_id=vault_id
        )

    def performance_chart(
        self, *, vault_id: str, type: VaultChartTypeLike, time_range: VaultChartRangeLike
    ) -> Rows[ChartPoint]:
        """A vault's value or PnL over time.

        ``GET /v1/public/strategy_vault/vault/performance_chart``, public; 10 requests a second per IP address.
        https://orderly.network/docs/strategy-vault/vault/public/vault-performance-chart
        """
        return self._public.get(
            "/v1/public/strategy_vault/vault/performance_chart",
            Rows[ChartPoint],
            vault_id=vault_id,
            type=one_of(VaultChartType, type, "type"),
            time_range=one_of(VaultChartRange, time_range, "time_range"),
        )

    def totals(self, *, broker_ids: str | Sequence[str] | None = None) -> Rows[VaultTotals]:
        """All vaults together, in one row.

        ``GET /v1/public/strategy_vault/vault/overall_info``, public; 10 requests a second per IP address.
        https://orderly.network/docs/strategy-vault/vault/public/vault-overall-statistics
        """
        return self._public.get(
            "/v1/public/strategy_vault/vault/overall_info", Rows[VaultTotals], broker_ids=broker_ids
        )

    def liquidations(
        self, *, vault_id: str, symbol: str | None = None, page: int = 1, size: int = 25
    ) -> Page[LiquidatorLiquidation]:
        """Liquidations a vault took over.

        ``GET /v1/public/strategy_vault/vault/liquidator_history``, public; 10 requests a second per IP address.
        https://orderly.network/docs/strategy-vault/vault/public/vault-liquidator-history
        """
        return self._public.get(
            "/v1/public/strategy_vault/vault/liquidator_history",
            Page[LiquidatorLiquidation],
            vault_id=vault_id,
            symbol=symbol,
            page=page,
            size=size,
        )

    def positions(self, *, vault_id: str) -> Rows[VaultPosition]:
        """A vault's open positions.

        ``GET /v1/public/strategy_vault/vault/positions``, public; 10 requests a second per IP address.
        https://orderly.network/docs/strategy-vault/vault/public/vault-positions
        """
        return self._public.get(
            "/v1/public/strategy_vault/vault/positions", Rows[VaultPosition], vault_id=vault_id
        )

    def open_orders(
        self,
        *,
        vault_id: str,
        symbol: str | None = None,
        sort_by: str | None = None,
        page: int = 1,
        size: int = 25,
    ) -> Page[VaultOrder]:
        """A vault's open orders.

        ``GET /v1/public/strategy_vault/vault/open_orders``, public; 10 requests a second per IP address.
        https://orderly.network/docs/strategy-vault/vault/public/vault-open-orders
        """
        return self._public.get(
            "/v1/public/strategy_vault/vault/open_orders",
            Page[VaultOrder],
            vault_id=vault_id,
            symbol=symbol,
            sort_by=sort_by,
            page=page,
            size=size,
        )

    def fills(
        self,
        *,
        vault_id: str,
        symbol: str | None = None,
        sort_by: str | None = None,
        page: int = 1,
        size: int = 25,
    ) -> Page[VaultFill]:
        """A vault's fills.

        ``GET /v1/public/strategy_vault/vault/trade_history``, public; 10 requests a second per IP address.
        https://orderly.network/docs/strategy-vault/vault/public/vault-trade-history
        """
        return self._public.get(
            "/v1/public/strategy_vault/vault/trade_history",
            Page[VaultFill],
            vault_id=vault_id,
            symbol=symbol,
            sort_by=sort_by,
            page=page,
            size=size,
        )

    def orders(
        self,
        *,
        vault_id: str,
        symbol: str | None = None,
        sort_by: str | None = None,
        page: int = 1,
        size: int = 25,
    ) -> Page[VaultOrder]:
        """A vault's past orders.

        ``GET /v1/public/strategy_vault/vault/order_history``, public; 10 requests a second per IP address.
        https://orderly.network/docs/strategy-vault/strategy-vault/public/vault-order-history
        """
        return self._public.get(
            "/v1/public/strategy_vault/vault/order_history",
            Page[VaultOrder],
            vault_id=vault_id,
            symbol=symbol,
            sort_by=sort_by,
            page=page,
            size=size,
        )
