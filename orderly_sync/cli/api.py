"""``orderly-sync api``: what can be called and what can be listened to."""

from __future__ import annotations

import json
import re
from pathlib import Path

import click

from orderly_sync.cli.api_diff import differences, page_differences
from orderly_sync.cli.epilogs import help_of
from orderly_sync.cli.layouts import layout_of
from orderly_sync.cli.options import json_option
from orderly_sync.cli.output import note, show
from orderly_sync.errors import DecodingError
from orderly_sync.rest.listing import operations
from orderly_sync.wire.oracle import TOPIC
from orderly_sync.wire.topic_list import ALL

__all__ = ["api"]


@click.group(
    epilog=help_of("orderly-sync api list", "orderly-sync api diff openapi.json", codes=(0, 1, 2, 5))
)
def api() -> None:
    """The operations and topics of this SDK."""


@api.command("list", epilog=help_of("orderly-sync api list --json", codes=(0, 2, 141)))
@click.option("--json", "as_json", is_flag=True, help="One JSON array, a row a line.")
def list_api(*, as_json: bool) -> None:
    """Print every operation and every topic with the call that performs it.

    Operations are rows of method, path, call and the source they are known from, with "retired" where the venue has
    given them up. Topics have the method SUBSCRIBE (one has REQUEST, what is sent has PUBLISH) and
    their wire name as the path.
    """
    rows = [*_operations(), *_topics(), *_PUSHES]
    if as_json:
        click.echo("[\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]")
        return
    for row in rows:
        click.echo(f"{row['method']:<9} {row['path']:<70} {row['call']}")


@api.command("diff", epilog=help_of("orderly-sync api diff openapi.json --json", codes=(0, 1, 2, 5)))
@click.argument("spec", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@json_option
@click.pass_context
def diff(ctx: click.Context, *, spec: Path, as_json: bool) -> None:
    """Show what the venue publishes that this package does not type, and what it published once; exit code 1 if any.

    SPEC is an OpenAPI file: operations, parameters, fields of answers and values of either, new, gone or changed. Or it
    is an index of the venue's pages, such as its llms.txt: pages of operations and of topics. A file is JSON; of YAML
    make it first:
    python -c 'import json, sys, yaml; json.dump(yaml.safe_load(sys.stdin), sys.stdout, default=str)' < x.yaml > x.json
    """
    text = spec.read_bytes()
    if _LINK in text and not text.lstrip().startswith((b"{", b"[")) and not _YAML.search(text):
        rows = list(page_differences(text.decode("utf-8", "replace")))
    else:
        rows = list(differences(_json(text, spec)))
    if not rows and not as_json:
        note(f"{spec.name}: nothing new")
        return
    show(layout_of("api diff"), rows, as_json=as_json, title=f"{spec.name}: {len(rows)} differences")
    if rows:
        ctx.exit(1)


_LINK = b"/docs/build-on-omnichain/"
_YAML = re.compile(rb"^(?:openapi|swagger|paths) *:", re.MULTILINE)
"""An OpenAPI file in YAML, which links the pages of its operations, too."""


def _json(text: bytes, spec: Path) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise DecodingError(str(spec), "", "it is no JSON; of YAML make it as --help says") from None


_PUSHES: list[dict[str, object]] = [
    {
        "method": "PUBLISH",
        "path": TOPIC,
        "call": "OracleFeed.publish(base_ccy, price)",
        "source": "docs page August 2026",
    }
]
"""What is sent by WebSocket and answered by none of the topics."""


def _operations() -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for item in operations():
        row: dict[str, object] = {
            "method": item.method,
            "path": item.path,
            "call": f"rest.{item.call}",
            "source": item.source,
        }
        rows.append({**row, "retired": True} if item.retired else row)
    return rows


def _topics() -> list[dict[str, object]]:
    return [
        {
            "method": "REQUEST" if row["topic"].startswith("request ") else "SUBSCRIBE",
            "path": row["topic"],
            "call": row["call"],
            "topic": row["topic"],
            "access": row["access"],
        }
        for row in ALL
    ]
