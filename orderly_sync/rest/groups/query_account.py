"""The public query about one wallet, whichever; amounts in USDC."""

from __future__ import annotations

from orderly_sync.models.enums import KlineInterval
from orderly_sync.models.pages import CursorPage
from orderly_sync.models.query_account import (
    AgentContext,
    PortfolioPoint,
    PositionContext,
    QueryAccounts,
    QueryAccountState,
    QueryAssetRecord,
    QueryFeeRate,
    QueryFill,
    QueryFundingFee,
    QueryOrder,
    WhaleContext,
)
from orderly_sync.rest.arguments import window
from orderly_sync.rest.group import Group
from orderly_sync.wire.moments import TimeLike
from orderly_sync.wire.numbers import number

__all__ = ["WalletQuery"]

_SPAN = ("start_time", "end_time")


class WalletQuery(Group):
    """The part of ``PublicQuery`` that asks about one wallet, at one builder or in one account where they are named.

    https://orderly.network/docs/build-on-omnichain/public-info-api/overview
    """

    def account_state(
        self, address: str, *, broker_id: str | None = None, account_id: str | None = None
    ) -> QueryAccountState:
        """A wallet's value, margin ratios and positions; of one account where it is named.

        ``POST /v1/public/query`` with type ``accountState``, public; weight 5 of 1,200 a minute per IP address.
        https://orderly.network/docs/build-on-omnichain/public-info-api/account/account-state
        """
        return self._public.post(
            "/v1/public/query",
            QueryAccountState,
            weight=5,
            type="accountState",
            address=address,
            broker_id=broker_id,
            account_id=account_id,
        )

    def accounts(self, address: str, *, broker_id: str | None = None) -> QueryAccounts:
        """The accounts of a wallet, at one builder or at all.

        ``POST /v1/public/query`` with type ``accounts``, public; weight 5 of 1,200 a minute per IP address.
        https://orderly.network/docs/build-on-omnichain/public-info-api/account/accounts
        """
        return self._public.post(
            "/v1/public/query", QueryAccounts, weight=5, type="accounts", address=address, broker_id=broker_id
        )

    def agent_context(
        self, address: str, *, broker_id: str | None = None, account_id: str | None = None
    ) -> AgentContext:
        """A wallet's account, positions and markets in one answer.

        ``POST /v1/public/query`` with type ``agentContext``, public; weight 2 of 1,200 a minute per IP address.
        https://orderly.network/docs/build-on-omnichain/public-info-api/account/agent-context
        """
        return self._public.post(
            "/v1/public/query",
            AgentContext,
            weight=2,
            type="agentContext",
            address=address,
            broker_id=broker_id,
            account_id=account_id,
        )

    def fee_rate(
        self, address: str, *, broker_id: str | None = None, account_id: str | None = None
    ) -> QueryFeeRate:
        """A wallet's fee tier and rates.

        ``POST /v1/public/query`` with type ``feeRate``, public; weight 1 of 1,200 a minute per IP address.
        https://orderly.network/docs/build-on-omnichain/public-info-api/account/fee-rate
        """
        return self._public.post(
            "/v1/public/query",
            QueryFeeRate,
            type="feeRate",
            address=address,
            broker_id=broker_id,
            account_id=account_id,
        )

    def funding_payments(
        self,
        address: str,
        *,
        broker_id: str | None = None,
        account_id: str | None = None,
        symbol: str | None = None,
        start: TimeLike | None = None,
        end: TimeLike | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> CursorPage[QueryFundingFee]:
        """Funding that a wallet paid and received, 100 a page where no limit is given.

        ``POST /v1/public/query`` with type ``fundingPayments``, public; weight 5 of 1,200 a minute per IP address.
        https://orderly.network/docs/build-on-omnichain/public-info-api/account/funding-payments
        """
        return self._public.post(
            "/v1/public/query",
            CursorPage[QueryFundingFee],
            weight=5,
            type="fundingPayments",
            address=address,
            broker_id=broker_id,
            account_id=account_id,
            symbol=symbol,
            **window(start, end, _SPAN),
            limit=limit,
            cursor=cursor,
        )

    def historical_orders(
        self,
        address: str,
        *,
        broker_id: str | None = None,
        account_id: str | None = None,
        symbol: str | None = None,
        status: str | None = None,
        start: TimeLike | None = None,
        end: TimeLike | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> CursorPage[QueryOrder]:
        """A wallet's orders that are done; the last 24 hours where no span is given.

        ``POST /v1/public/query`` with type ``historicalOrders``, public; weight 5 of 1,200 a minute per IP address.
        https://orderly.network/docs/build-on-omnichain/public-info-api/account/historical-orders

        Args:
            address: The wallet.
            broker_id: At one builder.
            account_id: Of one account.
            symbol: In one market.
            status: One of those that are final, such as ``FILLED``; all of them where absent.
            start: From then on.
            end: Until then.
            limit: Rows a page, 100 where absent.
            cursor: After this page.
        """
        return self._public.post(
            "/v1/public/query",
            CursorPage[QueryOrder],
            weight=5,
            type="historicalOrders",
            address=address,
            broker_id=broker_id,
            account_id=account_id,
            symbol=symbol,
            status=status,
            **window(start, end, _SPAN),
            limit=limit,
            cursor=cursor,
        )

    def open_orders(
        self,
        address: str,
        *,
        broker_id: str | None = None,
        account_id: str | None = None,
        symbol: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> CursorPage[QueryOrder]:
        """A wallet's open orders, 100 a page where no limit is given.

        ``POST /v1/public/query`` with type ``openOrders``, public; weight 5 of 1,200 a minute per IP address.
        https://orderly.network/docs/build-on-omnichain/public-info-api/account/open-orders
        """
        return self._public.post(
            "/v1/public/query",
            CursorPage[QueryOrder],
            weight=5,
            type="openOrders",
            address=address,
            broker_id=broker_id,
            account_id=account_id,
            symbol=symbol,
            limit=limit,
            cursor=cursor,
        )

    def order_status(
        self,
        address: str,
        order_id: int | str,
        *,
        broker_id: str | None = None,
        account_id: str | None = None,
    ) -> QueryOrder:
        """One order of a wallet.

        ``POST /v1/public/query`` with type ``orderStatus``, public; weight 5 of 1,200 a minute per IP address.
        https://orderly.network/docs/build-on-omnichain/public-info-api/account/order-status
        """
        return self._public.post(
            "/v1/public/query",
            QueryOrder,
            weight=5,
            type="orderStatus",
            address=address,
            order_id=number(order_id, "order_id"),
            broker_id=broker_id,
            account_id=account_id,
        )

    def portfolio(
        self,
        address: str,
        *,
        broker_id: str | None = None,
        account_id: str | None = None,
        interval: KlineInterval | str | None = None,
        start: TimeLike | None = None,
        end: TimeLike | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> CursorPage[PortfolioPoint]:
        """A wallet's value and PnL over time; 90 days by day where nothing else is asked for.

        ``POST /v1/public/query`` with type ``portfolio``, public; weight 5 of 1,200 a minute per IP address.
        https://orderly.network/docs/build-on-omnichain/public-info-api/account/portfolio

        Args:
            address: The wallet.
            broker_id: At one builder.
            account_id: Of one account.
            interval: ``1d`` where absent.
            start: 90 days before ``end`` where absent.
            end: Now where absent.
            limit: Rows a page, 90 where absent.
            cursor: After this page.
        """
        return self._public.post(
            "/v1/public/query",
            CursorPage[PortfolioPoint],
            weight=5,
            type="portfolio",
            address=address,
            broker_id=broker_id,
            account_id=account_id,
            interval=interval,
            **window(start, end, _SPAN),
            limit=limit,
            cursor=cursor,
        )

    def position_context(
        self, address: str, symbol: str, *, broker_id: str | None = None, account_id: str | None = None
    ) -> PositionContext:
        """A wallet's position in one market with its open orders, market and margin.

        ``POST /v1/public/query`` with type ``positionContext``, public; weight 2 of 1,200 a minute per IP address.
        https://orderly.network/docs/build-on-omnichain/public-info-api/account/position-context
        """
        return self._public.post(
            "/v1/public/query",
            PositionContext,
            weight=2,
            type="positionContext",
            address=address,
            symbol=symbol,
            broker_id=broker_id,
            account_id=account_id,
        )

    def trades(
        self,
        address: str,
        *,
        broker_id: str | None = None,
        account_id: str | None = None,
        symbol: str | None = None,
        start: TimeLike | None = None,
        end: TimeLike | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> CursorPage[QueryFill]:
        """A wallet's fills, 100 a page where no limit is given.

        ``POST /v1/public/query`` with type ``trades``, public; weight 5 of 1,200 a minute per IP address.
        https://orderly.network/docs/build-on-omnichain/public-info-api/account/trades
        """
        return self._public.post(
            "/v1/public/query",
            CursorPage[QueryFill],
            weight=5,
            type="trades",
            address=address,
            broker_id=broker_id,
            account_id=account_id,
            symbol=symbol,
            **window(start, end, _SPAN),
            limit=limit,
            cursor=cursor,
        )

    def user_deposits_withdrawals(
        self,
        address: str,
        *,
        broker_id: str | None = None,
        account_id: str | None = None,
        side: str | None = None,
        token: str | None = None,
        start: TimeLike | None = None,
        end: TimeLike | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> CursorPage[QueryAssetRecord]:
        """A wallet's deposits and withdrawals; ``side`` is in lower case here, such as ``deposit``.

        ``POST /v1/public/query`` with type ``userDepositsWithdrawals``, public;
        weight 5 of 1,200 a minute per IP address.
        https://orderly.network/docs/build-on-omnichain/public-info-api/account/user-deposits-withdrawals
        """
        return self._public.post(
            "/v1/public/query",
            CursorPage[QueryAssetRecord],
            weight=5,
            type="userDepositsWithdrawals",
            address=address,
            broker_id=broker_id,
            account_id=account_id,
            side=side,
            token=token,
            **window(start, end, _SPAN),
            limit=limit,
            cursor=cursor,
        )

    def whale_context(
        self,
        address: str,
        *,
        broker_id: str | None = None,
        account_id: str | None = None,
        recent_trades_limit: int | None = None,
    ) -> WhaleContext:
        """A large wallet's account, positions and latest fills, 20 where no limit is given.

        ``POST /v1/public/query`` with type ``whaleContext``, public; weight 3 of 1,200 a minute per IP address.
        https://orderly.network/docs/build-on-omnichain/public-info-api/account/whale-context
        """
        return self._public.post(
            "/v1/public/query",
            WhaleContext,
            weight=3,
            type="whaleContext",
            address=address,
            broker_id=broker_id,
            account_id=account_id,
            recent_trades_limit=recent_trades_limit,
        )
