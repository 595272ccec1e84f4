"""The venue's published operations and topics, as data of this repository: ``tests/data/orderly``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

__all__ = [
    "ALGO_FIELDS",
    "ERRORS",
    "NEWER",
    "OPERATIONS",
    "ORACLE_PUSH",
    "QUERIES",
    "RETIRED",
    "RETIRED_TOPICS",
    "TOPICS",
    "VAULT_HOST",
    "published",
]

FOLDER = Path(__file__).resolve().parents[1] / "data" / "orderly"

Row = Mapping[str, Any]


def _read(name: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    return data


_REST, _WS, _NEWER = _read("rest.json"), _read("ws.json"), _read("newer.json")
ERRORS = _read("errors.json")
"""Codes and their meaning, by the part of the API that uses them."""
OPERATIONS: list[Row] = _REST["operations"]
"""The 229 that are current."""
RETIRED: list[Row] = _REST["retired_operations"]
NEWER: list[Row] = _NEWER["operations"]
"""Those that the OpenAPI files lack, each with its source."""
ORACLE_PUSH: Row = _NEWER["oracle_push"]
VAULT_HOST: list[Row] = _REST["strategy_vault_public_operations"]["operations"]
QUERIES: list[Row] = _REST["public_query"]["queries"]
TOPICS: list[Row] = _WS["topics"]
RETIRED_TOPICS: list[Row] = _WS["retired_topics"]
ALGO_FIELDS: list[list[Any]] = _WS["algo_fields"]["rows"]
"""Every field that any source has seen in an algo report, each row beginning with its name."""


def published() -> dict[str, Row]:
    """All operations but the query, by ``"GET /v1/orders"``."""
    return {row["op"]: row for row in [*OPERATIONS, *RETIRED, *VAULT_HOST, *NEWER]}
