"""Checks of this machine: Python, the packages, where files can be written, proxies that are not used."""

from __future__ import annotations

import os
import re
import shutil
import sys
from importlib import metadata
from pathlib import Path

from orderly_sync.checks.check import CheckSubject, Finding, failed, fine, skipped, warned
from orderly_sync.values.private_files import make_private

__all__ = ["dependencies", "folder", "proxies", "python"]

_OLDEST, _NEWEST = (3, 10), (3, 13)
_NAME = re.compile(r"[A-Za-z0-9._-]+")
_NUMBERS = re.compile(r"[0-9.]+")
_BOUND = re.compile(r">=\s*([0-9][0-9.]*)")
_PROXIES = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy")


def python(_: CheckSubject) -> Finding:
    """Whether this Python is one that the package is tested on."""
    version = sys.version_info[:2]
    shown = f"Python {sys.version.split()[0]}"
    if version < _OLDEST:
        return failed(f"{shown} is too old", "install Python 3.10 or newer")
    if version > _NEWEST:
        return warned(f"{shown} is newer than any that was tested", "report what does not work")
    return fine(shown)


def dependencies(_: CheckSubject) -> Finding:
    """Whether each package that is needed is there, and new enough; extras only where they are installed."""
    try:
        wanted = metadata.requires("orderly_sync") or []
    except metadata.PackageNotFoundError:
        return skipped("this package runs from its source, so nothing says what it needs")
    shown, wrong = [], []
    for requirement in wanted:
        name, least, is_extra = _read(requirement)
        try:
            there = metadata.version(name)
        except metadata.PackageNotFoundError:
            wrong += [] if is_extra else [f"{name} is missing"]
            continue
        if _numbers(there) < _numbers(least):
            wrong.append(f"{name} {there} is older than {least}")
        elif not is_extra:
            shown.append(f"{name} {there}")
    if wrong:
        return failed("; ".join(wrong), "run: python -m pip install --upgrade orderly_sync")
    return fine(", ".join(shown))


def _read(requirement: str) -> tuple[str, str, bool]:
    """Name, lower bound, and whether it belongs to an extra."""
    name, bound = _NAME.match(requirement), _BOUND.search(requirement)
    return name.group() if name else requirement, bound.group(1) if bound else "0", "extra ==" in requirement


def _numbers(version: str) -> tuple[int, ...]:
    """A version as numbers that compare; what follows them does not count."""
    found = _NUMBERS.match(version)
    return tuple(int(part) for part in found.group().split(".") if part) if found else ()


def folder(subject: CheckSubject) -> Finding:
    """Whether a file of mode 0600 can be made where journals and recordings are to be kept."""
    place = subject.folder.absolute()
    trial = place / f".orderly-sync-{os.getpid()}"
    try:
        handle = make_private(trial, os.O_WRONLY)
    except OSError as exc:
        return failed(
            f"no file can be made in {place}: {exc.strerror}",
            "name another folder by --folder, or make this one yours and writable",
        )
    os.close(handle)
    trial.unlink()
    return _space(place)


def _space(place: Path) -> Finding:
    free = shutil.disk_usage(place).free / 2**30
    if free < 1:
        return warned(
            f"{place} has {free:.2f} GiB left", "make room: a full disk ends journals and recordings"
        )
    return fine(f"{place} can be written, {free:.0f} GiB left")


def proxies(subject: CheckSubject) -> Finding:
    """Whether a proxy is used, or stands in the environment without being used."""
    ignored = sorted({name.upper() for name in _PROXIES if subject.environ.get(name)})
    if subject.proxy is not None:
        return fine("all goes through the proxy that was named")
    if ignored and not _is_here(subject):
        return warned(
            f"{' and '.join(ignored)} of the environment are not used",
            "if this machine reaches the venue by a proxy only, name it by --proxy or connect(proxy=...)",
        )
    return fine("no proxy is needed" if _is_here(subject) else "no proxy")


def _is_here(subject: CheckSubject) -> bool:
    return subject.network.rest.startswith("http://")
