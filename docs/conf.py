"""How Sphinx makes the book of these pages: ``make docs``. Nothing is fetched from the network."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT)]

from sphinx.application import Sphinx  # noqa: E402
from sphinx.environment import BuildEnvironment  # noqa: E402
from sphinx.ext.napoleon import Config, GoogleDocstring  # noqa: E402
from sphinx.util.logging import getLogger  # noqa: E402

import orderly_sync  # noqa: E402 - from this checkout
import orderly_sync.testing  # noqa: E402

project = "orderly_sync"
version = release = orderly_sync.__version__
copyright = "the authors of orderly_sync"  # noqa: A001 - Sphinx's name
language = "en"

extensions = ["myst_nb", "sphinx.ext.autodoc"]
exclude_patterns = ["_build", "Thumbs.db", "*.py"]
html_theme = "furo"
html_title = f"orderly_sync {release}"
html_show_sourcelink = False
html_copy_source = False

myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3
nb_execution_mode = "off"  # make notebooks runs them

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
autodoc_default_options = {"members": True, "show-inheritance": True}
autodoc_inherit_docstrings = False
toc_object_entries = False  # a page has hundreds
smartquotes = False
autodoc_type_aliases = {"Number": "Number", "TimeLike": "TimeLike"}
_DOCUMENTED = "|".join(
    re.escape(name)
    for page in sorted((ROOT / "docs" / "reference").glob("*.md"))
    for name in re.findall(r"^\.\. automodule:: (\S+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
)
nitpick_ignore_regex = [
    (
        "py:.*",
        rf"(?!({_DOCUMENTED})\.[A-Z]\w*(\.\w+)?$).*",
    ),  # of others, whose inventories are not fetched, and what is within
    ("py:.*", r"orderly_sync\.(.*\.)?(_\w+|[A-Z]|[A-Z]_co)"),  # private bases, type variables
    ("py:.*", r"orderly_sync\.live\.orders\.(Told|Shown)"),  # type variables too
]
suppress_warnings = ["ref.python"]  # fields named type, beside the builtin

_GOOGLE = Config(napoleon_use_rtype=False)


def _read_docstring(  # noqa: PLR0917 - as Sphinx calls it
    app: Sphinx, what: str, name: str, thing: object, options: object, lines: list[str]
) -> None:
    """Docstrings have Google's sections; what stands beside a field is prose, in which a colon ends no type."""
    if what not in {"attribute", "data"}:
        kind = "method" if what == "property" else what
        lines[:] = GoogleDocstring(lines, _GOOGLE, app, kind, name, thing, options).lines()


def _look_for_names(_: Sphinx, env: BuildEnvironment) -> None:
    """Warn, which is an error, of each public name that no page documents."""
    told = {name.rpartition(".")[2] for name in env.domaindata["py"]["objects"]}
    modules = {name.rpartition(".")[2] for name in env.domaindata["py"]["modules"]}
    for package in (orderly_sync, orderly_sync.testing):
        for name in package.__all__:
            shown = _OTHER_NAMES.get(name, name)
            if shown not in told | modules:
                getLogger(__name__).warning(
                    "%s.%s stands in no page of the reference", package.__name__, name
                )


_OTHER_NAMES = {"AlgoOrderType": "OrderType", "AlgoStatus": "OrderStatus", "__version__": "Orderly"}


def _read_signature(
    _app: Sphinx, what: str, name: str, thing: object, _: object, given: str | None, returns: str | None
) -> tuple[str | None, str | None] | None:
    """As a reader writes it. Nobody makes a model or a handle by hand: what they have stands below, one by one."""
    if what == "class" and isinstance(thing, type) and name.startswith(_MADE_FOR_YOU):
        return "", ""
    written = _written(given), _written(returns)
    return None if written == (given, returns) else written


_MADE_FOR_YOU = ("orderly_sync.models.", "orderly_sync.trading.handles.", "orderly_sync.trading.algo_handle.")


def _written(text: str | None) -> str | None:
    """Without what Sphinx and the interpreter call a name of ours, or a lock."""
    if text is None:
        return None
    return re.sub(r"TypeAliasForwardRef\('(\w+)'\)", r"\1", text).replace("allocate_lock", "Lock")


def _skip_internal(_app: Sphinx, _what: str, name: str, thing: object, *_: object) -> bool | None:
    """What tab leaves out of a table or a handle stands in no page either."""
    thing = thing.fget if isinstance(thing, property) else thing
    owner = sys.modules.get(getattr(thing, "__module__", None) or "")
    for part in getattr(thing, "__qualname__", "").split(".")[:-1]:
        owner = getattr(owner, part, None)
    return True if name in getattr(owner, "_internal", ()) else None


def _take_notebooks(app: Sphinx, _: object) -> None:
    """Sphinx reads below docs/ only: the notebooks, stored without outputs, are copied there."""
    there = Path(app.srcdir) / "notebooks"
    shutil.rmtree(there, ignore_errors=True)
    shutil.copytree(ROOT / "examples" / "notebooks", there, ignore=shutil.ignore_patterns(".*"))


def setup(app: Sphinx) -> None:
    """Called by Sphinx."""
    app.connect("config-inited", _take_notebooks)
    app.connect("env-check-consistency", _look_for_names)
    app.connect("autodoc-process-signature", _read_signature)
    app.connect("autodoc-skip-member", _skip_internal)
    app.connect("autodoc-process-docstring", _read_docstring)
