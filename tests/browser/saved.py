"""Notebooks as a user has them: run by a kernel, saved, and opened again as a page."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from tests.support.blocks import run

__all__ = ["run_and_save", "to_page"]


def run_and_save(cells: list[str], folder: Path) -> Path:
    """Run cells in a kernel of their own; the notebook file with what they showed."""
    written = folder / "written.ipynb"
    written.write_text(json.dumps(_notebook(cells)), encoding="utf-8")
    _nbconvert(folder, "--to", "notebook", "--execute", "--output", "saved.ipynb", written.name)
    return folder / "saved.ipynb"


def to_page(saved: Path) -> Path:
    """The saved file as the page that is shown of it, without the scripts that Jupyter's own pages load from elsewhere."""
    unwanted = [f"--HTMLExporter.{name}_url=data:," for name in ("mathjax", "require_js")]
    _nbconvert(saved.parent, "--to", "html", *unwanted, saved.name)
    return saved.with_suffix(".html")


def _notebook(cells: list[str]) -> dict[str, object]:
    made = [
        {
            "cell_type": "code",
            "id": f"cell-{number}",
            "metadata": {},
            "execution_count": None,
            "outputs": [],
            "source": text,
        }
        for number, text in enumerate(cells)
    ]
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": made}


def _nbconvert(folder: Path, *arguments: str) -> None:
    kept = {
        name: str(folder / name.lower()) for name in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR")
    }
    done = run([sys.executable, "-m", "nbconvert", *arguments], cwd=folder, **{**os.environ, **kept})
    assert done.returncode == 0, done.stdout + done.stderr
