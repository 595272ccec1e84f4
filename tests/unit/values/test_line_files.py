"""Lines with checksums: what is not whole is not believed, and a full disk leaves what was there."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderly_sync.values.line_files import LineFile, checked_line, text_of_line
from orderly_sync.values.private_files import NotPrivate

ONE, TWO = checked_line(b"one"), checked_line(b"and two")


@given(st.binary().filter(lambda text: b"\n" not in text))
def test_a_line_gives_back_its_text(text: bytes) -> None:
    """And no shorter one does."""
    line = checked_line(text)
    assert text_of_line(line) == text
    assert {text_of_line(line[:at]) for at in range(len(line))} == {None}


@pytest.mark.parametrize(
    "line", [b"", b"\n", b"x\n", b"00000000\n", b"zzzzzzzz one\n", ONE[:-1], ONE.upper()]
)
def test_what_is_no_line(line: bytes) -> None:
    """Whatever else a file may hold."""
    assert text_of_line(line) is None


def test_a_file_that_was_cut_short_loses_its_last_line_alone_and_goes_on(tmp_path: Path) -> None:
    """At whatever byte of it; what is added then stands behind what is whole, and the file is this user's alone."""
    for at in range(len(TWO)):
        path = tmp_path / "folder" / f"{at}"
        file = LineFile(path)
        assert file.load(text_of_line) == []
        file.add(ONE)
        path.write_bytes(ONE + TWO[:at])
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        again = LineFile(path)
        assert again.load(text_of_line) == [b"one"]
        again.add(TWO)
        assert path.read_bytes() == ONE + TWO


def test_what_nobody_can_make_something_of_ends_the_file(tmp_path: Path) -> None:
    """As a line that is not whole does."""
    file = LineFile(tmp_path / "file")
    file.add(ONE)
    file.add(TWO)
    assert LineFile(file.path).load(lambda line: None if line == TWO else line) == [ONE]


@pytest.mark.parametrize("room", [0, 1, 9])
def test_a_full_disk_leaves_the_file_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, room: int
) -> None:
    """A part of the line may have been written before."""
    file, left, real = LineFile(tmp_path / "file"), [room], os.write
    file.add(ONE)

    def write(handle: int, data: bytes) -> int:
        if not left[0]:
            raise OSError(errno.ENOSPC, "No space left on device")
        written = real(handle, data[: left[0]])
        left[0] -= written
        return written

    monkeypatch.setattr(os, "write", write)
    with pytest.raises(OSError, match="No space"):
        file.add(TWO)
    monkeypatch.undo()
    assert file.path.read_bytes() == ONE


def test_a_file_that_others_may_read_is_refused(tmp_path: Path) -> None:
    """With what to do."""
    path = tmp_path / "file"
    path.write_bytes(ONE)
    path.chmod(0o644)
    with pytest.raises(NotPrivate, match="chmod 600"):
        LineFile(path).load(text_of_line)
