"""What commands print that speak of this machine, of files and of this package, field by field; see ``columns``."""

from __future__ import annotations

import attrs

from orderly_sync.cli.columns import Layout, column, hidden

__all__ = ["LOCAL"]

_KEPT = (
    column("network", "text", "where it is valid", needed=True),
    column("account_id", "text", "the account", "account", needed=True),
    column("key", "text", "the public key", needed=True),
    column("place", "text", "where its secret is kept: file, keyring; null where it is not", "kept in"),
    column("path", "text", "its file"),
)

LOCAL: tuple[Layout, ...] = (
    Layout(
        "api list",
        "Every operation and topic with the call that performs it.",
        (
            column("method", "text", "the verb; of topics SUBSCRIBE, REQUEST or PUBLISH", needed=True),
            column("path", "text", "the path template, or the topic", needed=True),
            column("call", "text", "what to write in Python", needed=True),
            attrs.evolve(hidden("source", "text", "where it is known from", needed=True), may_lack=True),
            attrs.evolve(hidden("retired", "flag", "true where the venue has given it up"), may_lack=True),
            attrs.evolve(hidden("topic", "text", "of topics: the name on the wire"), may_lack=True),
            attrs.evolve(hidden("access", "text", "of topics: public or private"), may_lack=True),
        ),
    ),
    Layout(
        "api diff",
        "What the venue publishes that this package does not type, or published once and does no longer.",
        (
            column("kind", "text", "operation, parameter, field, value or topic", needed=True),
            column("operation", "text", "POST /v1/order; of a topic its page", needed=True),
            column("name", "text", "of the parameter or field; of a value NAME=VALUE", needed=True),
            column("says", "text", "what is new, gone or changed", needed=True),
        ),
    ),
    Layout(
        "journal show",
        "The reports of a journal, in the order in which they came.",
        (
            column("event_id", "text", "what it tells of", needed=True),
            column("topic", "text", "the wire's name of the topic", needed=True),
            column("order_id", "integer", "whose it is; of an algo order, the node's", needed=True),
            column("ts", "time", "the venue's time of its frame"),
            column("filled", "text", "how much had been filled by then, base units", needed=True),
            column("ended", "flag", "whether nothing more can happen to the order", needed=True),
            column("body", "object", "all that it says, by the wire's names", needed=True),
            column("at", "time", "when it was received", needed=True),
            column("state", "text", "received or delivered", needed=True),
        ),
        "lines",
    ),
    Layout(
        "record",
        "What was recorded.",
        (
            column("file", "text", "the recording", needed=True),
            column("bytes", "integer", "its size", needed=True),
            column("symbols", "texts", "the markets in it", "markets", needed=True),
        ),
        "object",
    ),
    Layout(
        "replay",
        "The events of a recording, in their order.",
        (
            column("time", "time", "when it was received", needed=True),
            column("topic", "text", "the wire's name of the topic", needed=True),
            column("event_id", "text", "what it tells of, the same in every process", needed=True),
            column(
                "data", "object", "the event as the venue writes it, fractions as exact texts", needed=True
            ),
        ),
        "lines",
    ),
    Layout("keys add", "The key that is kept now.", _KEPT, "object"),
    Layout("keys remove", "The key that was kept.", _KEPT, "object"),
    Layout(
        "doctor",
        "What each check found.",
        (
            column("name", "text", "of the check", needed=True),
            column("state", "text", "ok, warning, failed or skipped", needed=True),
            column("says", "text", "what is so", needed=True),
            column("advice", "text", "what to do about it; null where there is nothing to do"),
        ),
    ),
    Layout(
        "conformance",
        "What a venue does otherwise than this package takes for granted, and how far the run came.",
        (
            column("report", "text", "orderly-sync conformance", needed=True),
            column("version", "integer", "of the report's form", needed=True),
            column("network", "text", "the venue", needed=True),
            column("package", "text", "the version of this package", needed=True),
            column("python", "text", "the version of Python", needed=True),
            column("day", "text", "the day of the run, UTC", needed=True),
            column("symbol", "text", "the market that was looked at", needed=True),
            column("planned", "integer", "how many checks were to be run", needed=True),
            column("ended", "text", "complete, or why it ended before", needed=True),
            column("left", "text", "what is left of orders and positions", needed=True),
            column("verdicts", "object", "how many checks ended in each verdict", needed=True),
            column(
                "ground", "objects", "the way to the venue and the key, as doctor finds them", needed=True
            ),
            column("rows", "objects", "one for each check, with its differences", needed=True),
            column("shapes", "object", "by operation or topic, how each field was written", needed=True),
        ),
        shape="object",
    ),
    Layout(
        "keys list",
        "The keys that are kept, and with --venue those that the venue knows.",
        (
            *_KEPT,
            column("scope", "text", "what it may do; null where the venue was not asked"),
            column("expiration", "time", "when it ends; null where the venue was not asked", "ends"),
            column("status", "text", "ACTIVE, REMOVING or REMOVED; null where the venue was not asked"),
        ),
    ),
)
"""Of doctor, keys, record, replay, api and journal."""
