"""The venue's published operations, as data kept beside this repository."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

__all__ = ["OPERATIONS", "QUERIES", "RETIRED", "VAULT_HOST", "need_published", "published"]

FOLDER = Path(__file__).resolve().parents[2].parent / "shared" / "orderly"
PAGES = FOLDER / "rest.json"

Row = Mapping[str, Any]


def _read() -> dict[str, Any]:
    return json.loads(PAGES.read_text()) if PAGES.exists() else {}


_DATA = _read()
OPERATIONS: list[Row] = _DATA.get("operations", [])
"""The 229 that are current."""
RETIRED: list[Row] = _DATA.get("retired_operations", [])
VAULT_HOST: list[Row] = _DATA.get("strategy_vault_public_operations", {}).get("operations", [])
QUERIES: list[Row] = _DATA.get("public_query", {}).get("queries", [])


def published() -> dict[str, Row]:
    """All operations but the query, by ``"GET /v1/orders"``."""
    return {row["op"]: row for row in [*OPERATIONS, *RETIRED, *VAULT_HOST]}


need_published = pytest.mark.skipif(
    not PAGES.exists() and not os.environ.get("CI"), reason="the published operations are not here"
)
"""Skips where the data are absent, except in CI, where their absence fails."""
