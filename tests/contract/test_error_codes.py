"""The codes that the package names against the published ones: names, numbers, statuses, and the error of each."""

from __future__ import annotations

import pytest

from orderly_sync.wire import error_codes
from orderly_sync.wire.envelope import error_for
from tests.contract.published import ERRORS

CODES = {name: getattr(error_codes, name) for name in error_codes.__all__ if name.isupper()}


@pytest.mark.parametrize("row", ERRORS["rest"], ids=lambda row: row["name"])
def test_a_published_code_has_its_own_name(row):
    """What a log of the venue calls it, the package calls it too, with the status that goes with it."""
    assert CODES[row["name"]] == row["code"]
    assert error_codes.http_status(row["code"]) == row["http"]


@pytest.mark.parametrize(
    ("prefix", "rows"),
    [("TAG_", ERRORS["order_tag_admin"]), ("GATEWAY_", ERRORS["wallet_gateway"])],
    ids=["order tags", "wallets"],
)
def test_no_code_is_left_out(prefix, rows):
    """Codes without a name of the venue's own have one here, each once."""
    assert sorted(code for name, code in CODES.items() if name.startswith(prefix)) == sorted(
        row["code"] for row in rows
    )


def test_names_are_told_apart_by_their_path_only():
    """Within one range no two names share a number."""
    for prefix in ("TAG_", "GATEWAY_"):
        own = [code for name, code in CODES.items() if name.startswith(prefix)]
        assert len(own) == len(set(own))
    others = [code for name, code in CODES.items() if not name.startswith(("TAG_", "GATEWAY_"))]
    assert len(others) == len(set(others)) == len(ERRORS["rest"])


@pytest.mark.parametrize("row", ERRORS["order_tag_admin"], ids=lambda row: str(row["code"]))
def test_an_order_tags_code_is_an_error_of_its_own(row):
    """Below the path of order tags the range of liquidations means something else."""
    there = error_for(row["code"], row["meaning"], row["http"], "/v1/broker/order_enum/{enum_id}", "PUT")
    elsewhere = error_for(row["code"], row["meaning"], row["http"], "/v1/liquidation", "POST")

    assert there.code == elsewhere.code == row["code"]
    assert (type(there) is not type(elsewhere)) == row["clash"]
