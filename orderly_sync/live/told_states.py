"""The private topics that tell no order, as a session recovers them: which states it reads, and who is told."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping

from orderly_sync.models.account import AccountInfo
from orderly_sync.models.base import Push
from orderly_sync.models.holding import Holding
from orderly_sync.models.position import Position
from orderly_sync.models.pushes.account import AccountUpdate, BalanceUpdate, PositionUpdate
from orderly_sync.reports.as_push import as_push
from orderly_sync.reports.latest_states import LatestStates
from orderly_sync.reports.report_stream import EventStream

__all__ = ["ToldStates"]

_POSITION = ("position_qty", "average_open_price", "cost_position", "pending_long_qty", "pending_short_qty",
             "settle_price", "leverage", "margin")  # fmt: skip
"""What a position changes in; the rest moves with the mark price or follows from these."""
_BALANCE = ("holding", "frozen", "isolated_margin", "isolated_order_frozen")
_ACCOUNT = ("futures_leverage", "taker_fee_rate", "maker_fee_rate", "futures_taker_fee_rate",
            "futures_maker_fee_rate", "rwa_futures_taker_fee_rate", "rwa_futures_maker_fee_rate",
            "maintenance_cancel_flag")  # fmt: skip

Marks = Mapping[str, Mapping[Hashable, Push]]


def _position_of(update: Push) -> Hashable:
    assert isinstance(update, PositionUpdate)
    return update.symbol, update.margin_mode


def _token_of(update: Push) -> Hashable:
    assert isinstance(update, BalanceUpdate)
    return update.token


def _one(_: Push) -> Hashable:
    return None


def _position(row: Position) -> Push:
    when = row.updated_time or row.timestamp
    values = {"pnl_24h": row.pnl_24_h, "fee_24h": row.fee_24_h}
    return as_push("position", PositionUpdate, row, when, **values)


def _balance(row: Holding) -> Push:
    return as_push("balance", BalanceUpdate, row, row.updated_time)


def _account(info: AccountInfo) -> Push:
    return as_push(
        "account",
        AccountUpdate,
        info,
        None,
        futures_leverage=info.max_leverage,
        rwa_futures_taker_fee_rate=info.rwa_taker_fee_rate,
        rwa_futures_maker_fee_rate=info.rwa_maker_fee_rate,
        maintenance_cancel_flag=info.maintenance_cancel_orders,
    )


class ToldStates:
    """What hooks of positions, balances and the account were told last, and what REST says otherwise.

    Args:
        stream: What brings the pushes, and delivers what is rebuilt.
    """

    def __init__(self, stream: EventStream) -> None:
        self._stream = stream
        self.positions = LatestStates("position", _position_of, _POSITION, "position_qty")
        self.balances = LatestStates("balance", _token_of, _BALANCE)
        self.account = LatestStates("account", _one, _ACCOUNT)
        self._all = (self.positions, self.balances, self.account)

    def mark(self) -> Marks:
        """What has been told, before REST is asked."""
        return {one.topic: one.mark() for one in self._all}

    def forget_all(self) -> None:
        """The venue began anew."""
        for one in self._all:
            one.forget_all()

    def shown(
        self, positions: Iterable[Position], holdings: Iterable[Holding], marks: Marks, *, first: bool
    ) -> None:
        """These rows of REST are shown; whoever hears the topics is told what differs, but not of the first."""
        self._tell(self.positions, map(_position, positions), marks, first=first)
        self._tell(self.balances, map(_balance, holdings), marks, first=first)

    def account_read(self, info: AccountInfo, marks: Marks, *, first: bool) -> None:
        """The same for the account's settings."""
        self._tell(self.account, [_account(info)], marks, first=first)

    def _tell(self, states: LatestStates, said: Iterable[Push], marks: Marks, *, first: bool) -> None:
        if first:
            states.begin(said)
            return
        mark = marks[states.topic]
        news = states.news(said, self._stream.watermark())
        self._stream.deliver_recovered(
            states.topic, [(one,) for one in news], lambda state: states.is_news(state, mark)
        )
