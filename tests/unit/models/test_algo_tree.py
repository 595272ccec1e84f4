"""An algo order as a whole."""

from __future__ import annotations

from typing import Any

import pytest

from orderly_sync.models.algo_tree import AlgoTree
from tests.support.reports import node


def test_a_tree_knows_its_root_and_legs():
    """Its symbol, kind and status are the root's; it prints as one line."""
    legs = (
        node(11, root=10, kind="TAKE_PROFIT", trigger_price="3100"),
        node(12, root=10, kind="STOP_LOSS", trigger_price="2900"),
    )
    tree = AlgoTree(nodes=(node(10, kind="TP_SL"), *legs))
    assert (tree.root.algo_order_id, tree.legs, tree.symbol) == (10, legs, "PERP_ETH_USDC")
    assert (str(tree.algo_type), str(tree.status), tree.is_final) == ("TP_SL", "NEW", False)
    assert repr(tree) == "AlgoTree(10 TP_SL PERP_ETH_USDC NEW TAKE_PROFIT@3100 STOP_LOSS@2900)"
    assert "@3000" in repr(AlgoTree(nodes=(node(10, trigger_price="3000"),)))
    assert AlgoTree(nodes=legs).root is legs[0]


def test_a_tree_ends_when_root_and_legs_have():
    """The newest word on the whole tree counts; one leg left keeps it open."""
    root = node(10, "FILLED", kind="TP_SL")
    done, left = node(11, "FILLED", root=10, timestamp=5), node(12, root=10, root_algo_status="FILLED")
    assert not AlgoTree(nodes=(root, done, left)).is_final
    assert AlgoTree(nodes=(root, done, node(12, "CANCELLED", root=10, root_algo_status="FILLED"))).is_final
    assert AlgoTree(nodes=(node(10, "CANCELLED", root_algo_status=None),)).is_final
    assert not AlgoTree(nodes=(node(10, None),)).is_final


@pytest.mark.parametrize("at", [{}, {"timestamp": 7}])
@pytest.mark.parametrize("ended", ["FILLED", "CANCELLED", "REJECTED"])
@pytest.mark.parametrize("which", range(3))
def test_of_two_words_in_one_millisecond_the_one_that_ends_the_tree_counts(at: Any, ended: str, which: int):
    """The entry's fill was told before its legs were cancelled, all in one millisecond, and the last word by one node."""
    nodes = [
        node(10 + index, "FILLED" if index == 0 else "CANCELLED", root=10,
             root_algo_status=ended if index == which else "PARTIAL_FILLED", **at)
        for index in range(3)
    ]  # fmt: skip
    tree = AlgoTree(nodes=tuple(nodes))
    assert str(tree.status) == ended
    assert tree.is_final


def test_a_tree_that_lives_on_is_not_ended_by_an_older_word():
    """Nor by a node that has ended by itself."""
    root = node(10, "FILLED", root_algo_status="PARTIAL_FILLED", timestamp=9)
    leg = node(11, "NEW", root=10, root_algo_status="PARTIAL_FILLED", timestamp=9)
    assert not AlgoTree(nodes=(root, leg)).is_final
