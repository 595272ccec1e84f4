"""Where an operation is known from, for those that the venue's OpenAPI files lack."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["OPENAPI", "SOURCES", "source_of"]

OPENAPI = "openapi"
"""The venue's published OpenAPI files and the pages made of them, August 2026."""
_JS_SDK = "js-sdk 3.2.1"
"""The venue's own web client calls it."""
_PAGE = "docs page August 2026"
"""A guide shows it; requests and answers are described in part."""
_CCXT = "ccxt"
"""ccxt lists it."""

SOURCES: Mapping[tuple[str, str], str] = {
    ("POST", "/v1/asset/manual_convert"): _JS_SDK,
    ("GET", "/v1/asset/convert_history"): _JS_SDK,
    ("GET", "/v1/public/auto_convert_threshold"): _JS_SDK,
    ("GET", "/v1/public/rwa/info"): _JS_SDK,
    ("GET", "/v1/public/feature_flags"): _JS_SDK,
    ("GET", "/v1/feature_flags"): _JS_SDK,
    ("GET", "/v1/restricted_areas"): _JS_SDK,
    ("GET", "/v2/public/announcement"): _JS_SDK,
    ("GET", "/v1/public/market_info/funding_comparison"): _JS_SDK,
    ("POST", "/v1/swap/quote"): _JS_SDK,
    ("GET", "/v1/public/chain_info/{broker_id}"): _CCXT,
    ("POST", "/v1/broker/listing/symbol_context"): _PAGE,
    ("GET", "/v1/public/rwa/market_sessions"): _PAGE,
    ("POST", "/v1/broker/listing/oracle/feed"): _PAGE,
    ("GET", "/v1/broker/listing/index_sources"): _PAGE,
    ("GET", "/v1/broker/listing/builder_sources"): _PAGE,
    ("POST", "/v1/broker/listing/submit"): _PAGE,
}
"""By verb and path template."""


def source_of(method: str, path: str) -> str:
    """Where the operation is known from."""
    return SOURCES.get((method, path), OPENAPI)
