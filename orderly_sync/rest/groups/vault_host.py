"""The strategy-vault host: public figures of vaults, providers, depositors and funds."""

from __future__ import annotations

from collections.abc import Sequence

from orderly_sync.models.base import Page, Rows
from orderly_sync.models.liquidation import LiquidatorLiquidation
from orderly_sync.models.vault import (
    ChartPoint,
    Claimable,
    LiquidityProvider,
    StrategyProvider,
    UserVaultTotals,
    Vault,
    VaultFee,
    VaultPerformance,
    VaultTotals,
    VaultTransactionRecord,
)
from orderly_sync.models.vault_enums import VaultChartRange, VaultChartType, VaultStatus
from orderly_sync.models.vault_fund import (
    FundInfo,
    FundPeriod,
    PendingTransactions,
)
from orderly_sync.models.vault_trading import VaultFill, VaultOrder, VaultPosition
from orderly_sync.rest.caller import Caller
from orderly_sync.rest.request import TimeLike, milliseconds, one_of

__all__ = ["VaultHost"]


class VaultHost:
    """All of it is public and on a host of its own; "provider" runs a vault, "lp" has deposited into it."""

    def __init__(self, public: Caller, signed: Caller) -> None:
        self._public = public
        self._signed = signed

    def provider_info(self, *, vault_id: str, wallet_address: str) -> StrategyProvider:
        """A provider's stake in its vault (``GET /v1/public/strategy_vault/sp/info``)."""
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
        """A provider's transactions (``GET /v1/public/strategy_vault/sp/transaction_history``)."""
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
        """What a provider can claim on a chain (``GET /v1/public/strategy_vault/sp/claim_info``)."""
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
        """Performance fees a provider earned (``GET /v1/public/strategy_vault/sp/fees_history``)."""
        return self._public.get(
            "/v1/public/strategy_vault/sp/fees_history",
            Page[VaultFee],
            vault_id=vault_id,
            wallet_address=wallet_address,
            page=page,
            size=size,
        )

    def fund_info(self, *, vault_id: str, wallet_address: str) -> FundInfo:
        """A vault's fund and its current period (``GET /v1/public/strategy_vault/fund/info``)."""
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
        """Periods of a fund (``GET /v1/public/strategy_vault/fund/period_info``)."""
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
        """What waits for a fund's next period (``GET /v1/public/strategy_vault/fund/pending_transactions``)."""
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
        status: VaultStatus | str | None = None,
        broker_ids: str | Sequence[str] | None = None,
    ) -> Rows[Vault]:
        """The vaults (``GET /v1/public/strategy_vault/vault/info``)."""
        return self._public.get(
            "/v1/public/strategy_vault/vault/info",
            Rows[Vault],
            vault_id=vault_id,
            status=one_of(VaultStatus, status, "status"),
            broker_ids=broker_ids,
        )

    def performance(self, *, vault_id: str) -> Rows[VaultPerformance]:
        """A vault's results, range by range (``GET /v1/public/strategy_vault/vault/performance``)."""
        return self._public.get(
            "/v1/public/strategy_vault/vault/performance", Rows[VaultPerformance], vault_id=vault_id
        )

    def performance_chart(
        self, *, vault_id: str, type: VaultChartType | str, time_range: VaultChartRange | str
    ) -> Rows[ChartPoint]:
        """A vault's value or PnL over time (``GET /v1/public/strategy_vault/vault/performance_chart``)."""
        return self._public.get(
            "/v1/public/strategy_vault/vault/performance_chart",
            Rows[ChartPoint],
            vault_id=vault_id,
            type=one_of(VaultChartType, type, "type"),
            time_range=one_of(VaultChartRange, time_range, "time_range"),
        )

    def totals(self, *, broker_ids: str | Sequence[str] | None = None) -> Rows[VaultTotals]:
        """All vaults together, in one row (``GET /v1/public/strategy_vault/vault/overall_info``)."""
        return self._public.get(
            "/v1/public/strategy_vault/vault/overall_info", Rows[VaultTotals], broker_ids=broker_ids
        )

    def user_totals(self, *, wallet_address: str) -> Rows[UserVaultTotals]:
        """A wallet's stakes together, in one row (``GET /v1/public/strategy_vault/user/overall_info``)."""
        return self._public.get(
            "/v1/public/strategy_vault/user/overall_info",
            Rows[UserVaultTotals],
            wallet_address=wallet_address,
        )

    def liquidations(
        self, *, vault_id: str, symbol: str | None = None, page: int = 1, size: int = 25
    ) -> Page[LiquidatorLiquidation]:
        """Liquidations a vault took over (``GET /v1/public/strategy_vault/vault/liquidator_history``)."""
        return self._public.get(
            "/v1/public/strategy_vault/vault/liquidator_history",
            Page[LiquidatorLiquidation],
            vault_id=vault_id,
            symbol=symbol,
            page=page,
            size=size,
        )

    def positions(self, *, vault_id: str) -> Rows[VaultPosition]:
        """A vault's open positions (``GET /v1/public/strategy_vault/vault/positions``)."""
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
        """A vault's open orders (``GET /v1/public/strategy_vault/vault/open_orders``)."""
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
        """A vault's fills (``GET /v1/public/strategy_vault/vault/trade_history``)."""
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
        """A vault's past orders (``GET /v1/public/strategy_vault/vault/order_history``)."""
        return self._public.get(
            "/v1/public/strategy_vault/vault/order_history",
            Page[VaultOrder],
            vault_id=vault_id,
            symbol=symbol,
            sort_by=sort_by,
            page=page,
            size=size,
        )

    def lp_info(self, *, wallet_address: str, vault_id: str | None = None) -> Rows[LiquidityProvider]:
        """A depositor's stakes, vault by vault (``GET /v1/public/strategy_vault/lp/info``)."""
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
        """Performance fees a depositor paid (``GET /v1/public/strategy_vault/lp/fees_history``)."""
        return self._public.get(
            "/v1/public/strategy_vault/lp/fees_history",
            Page[VaultFee],
            vault_id=vault_id,
            wallet_address=wallet_address,
            page=page,
            size=size,
            start_t=milliseconds(start, "start"),
            end_t=milliseconds(end, "end"),
        )

    def lp_performance(self, *, vault_id: str, wallet_address: str) -> Rows[VaultPerformance]:
        """A depositor's results, range by range (``GET /v1/public/strategy_vault/lp/performance``)."""
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
        type: VaultChartType | str,
        time_range: VaultChartRange | str,
    ) -> Rows[ChartPoint]:
        """A depositor's value or PnL over time (``GET /v1/public/strategy_vault/lp/performance_chart``)."""
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
        """A depositor's transactions (``GET /v1/public/strategy_vault/lp/transaction_history``)."""
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
        """What a depositor can claim on a chain (``GET /v1/public/strategy_vault/lp/claim_info``)."""
        return self._public.get(
            "/v1/public/strategy_vault/lp/claim_info",
            Claimable,
            vault_id=vault_id,
            wallet_address=wallet_address,
            chain_id=chain_id,
        )
