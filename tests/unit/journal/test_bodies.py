"""A report as a row and back."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import attrs
import pytest

from orderly_sync import topics
from orderly_sync.errors import DecodingError
from orderly_sync.journal.bodies import redelivered, row_of
from orderly_sync.models.base import Frame

ORDER: dict[str, Any] = {
    "symbol": "PERP_ETH_USDC", "clientOrderId": "a1", "orderId": 7, "type": "LIMIT", "side": "BUY",
    "quantity": Decimal("1.50"), "price": Decimal("3000.10"), "tradeId": 9, "executedPrice": Decimal("3000.1"),
    "executedQuantity": Decimal("0.5"), "fee": Decimal("0.00000001"), "feeAsset": "USDC",
    "totalExecutedQuantity": Decimal("0.5"), "avgExecutedPrice": Decimal("3000.1"), "status": "PARTIAL_FILLED",
    "reason": "", "timestamp": 1790000000000, "maker": True, "newField": {"deep": [1, Decimal("2.5")]},
}  # fmt: skip
NODE: dict[str, Any] = {
    "symbol": "PERP_ETH_USDC", "rootAlgoOrderId": 5, "parentAlgoOrderId": 0, "algoOrderId": 5, "algoType": "STOP",
    "type": "MARKET", "side": "SELL", "quantity": Decimal(1), "triggerPrice": Decimal(3600), "algoStatus": "NEW",
    "rootAlgoStatus": "NEW", "status": "NEW", "tradeId": 0, "isTriggered": False, "timestamp": 1790000000000,
}  # fmt: skip


def read(topic: Any, data: Any, numbers: type = Decimal, **frame: Any) -> Any:
    """The report of a frame."""
    return topic.read(data, Frame(topic.name, 1790000000123, **frame), numbers)[0]


@pytest.mark.parametrize("numbers", [Decimal, float])
@pytest.mark.parametrize(
    ("topic", "data"),
    [
        (topics.execution_report(), ORDER),
        (topics.execution_report(), {**ORDER, "tradeId": 0, "status": "SOMETHING_NEW", "price": None}),
        (
            topics.execution_report(),
            {**ORDER, "reason": "bad \ud800 \u202e \x00 text", "clientOrderId": None},
        ),
        (topics.algo_execution_report(), NODE),
        (topics.algo_execution_report(), {**NODE, "tradeId": 3, "totalExecutedQuantity": Decimal("0.3")}),
    ],
)
def test_it_comes_back_fact_for_fact(topic: Any, data: Any, numbers: type) -> None:
    """Whatever it says, known or not, in the caller's kind of numbers, under the same id."""
    report = read(topic, data, numbers)
    again: Any = redelivered(row_of(report, 1), numbers)

    assert again.event_id == report.event_id
    assert (again.topic, again.ts, again.redelivered, report.redelivered) == (
        report.topic,
        report.ts,
        True,
        False,
    )
    for field in attrs.fields(type(report)):
        if field.name not in {"frame", "reason"}:
            assert getattr(again, field.name) == getattr(report, field.name), field.name
    assert again.symbol == "PERP_ETH_USDC"


@pytest.mark.parametrize("flag", ["recovered", "out_of_order"])
def test_how_it_came_is_kept(flag: str) -> None:
    """Recovered by REST, or out of order."""
    again = redelivered(
        row_of(read(topics.execution_report(), ORDER, origin="rest", **{flag: True}), 1), Decimal
    )

    assert (again.origin, getattr(again, flag)) == ("rest", True)
    assert again.recovered != again.out_of_order


@pytest.mark.parametrize(
    "body", ["", "[]", "{}", "null", '{"event": 7}', '{"event": {"orderId": "x"}}', "{" * 5000]
)
def test_what_cannot_be_read_says_whose_it_is(body: str) -> None:
    """As one typed error."""
    row = row_of(read(topics.execution_report(), ORDER), 1)._replace(body=body)

    with pytest.raises(DecodingError, match="the journal's report executionreport/7/fill/9"):
        redelivered(row, Decimal)
