"""The journal's file belongs to its owner, and to one client at a time."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from orderly_sync.errors import JournalError
from orderly_sync.journal.private_file import require_private, set_aside
from tests.support.journals import filled_file, opened


def mode(path: Path) -> int:
    """Its permissions."""
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o777])
def test_whatever_the_umask_only_the_owner_can_read(tmp_path: Path, umask: int) -> None:
    """The file and all that SQLite keeps beside it are 0600, the folders that were made 0700."""
    path = tmp_path / "new" / "deep" / "bot.db"
    before = os.umask(umask)
    try:
        store = opened(path)
        beside = sorted(path.parent.iterdir())
        modes = {one.name: mode(one) for one in beside}
        store.close()
    finally:
        os.umask(before)

    assert set(modes.values()) == {0o600}
    assert {"bot.db", "bot.db-wal", "bot.db-lock"} <= set(modes)
    assert (mode(path.parent), mode(path.parent.parent)) == (0o700, 0o700)


@pytest.mark.parametrize("bits", [0o640, 0o604, 0o660, 0o666])
def test_a_file_that_others_may_read_is_refused(tmp_path: Path, bits: int) -> None:
    """The message says what to run."""
    path = tmp_path / "bot.db"
    path.touch()
    path.chmod(bits)

    with pytest.raises(JournalError, match=r"may be read by others; run: chmod 600 "):
        require_private(path)


def test_a_link_a_folder_and_a_pipe_are_refused(tmp_path: Path) -> None:
    """Nothing is followed, nothing but a regular file is opened, and nothing waits for a reader."""
    target = tmp_path / "other.db"
    target.touch(mode=0o600)
    link, pipe = tmp_path / "link.db", tmp_path / "pipe.db"
    link.symlink_to(target)
    os.mkfifo(pipe, 0o600)

    for path, said in ((link, "is a link"), (pipe, "no regular file"), (tmp_path, "cannot be opened")):
        with pytest.raises(JournalError, match=said):
            require_private(path)


def test_one_client_at_a_time(tmp_path: Path) -> None:
    """A second one of this process is refused; once the first is closed, it is not."""
    path = tmp_path / "bot.db"
    first = opened(path)

    with pytest.raises(JournalError, match="in use by another client or process"):
        opened(path)

    first.close()
    opened(path).close()


def test_another_process_is_refused_until_it_is_killed(tmp_path: Path) -> None:
    """The lock goes with the process, however that ends."""
    path = tmp_path / "bot.db"
    text = (
        "import sys; from pathlib import Path; from orderly_sync.journal.store import JournalFile\n"
        "kept = JournalFile(Path(sys.argv[1]), 'paper', '0xabc', now=1)\n"
        "print('open', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", text, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"open\n"
        with pytest.raises(JournalError, match="in use"):
            opened(path)
        other.kill()

    opened(path).close()


def test_what_is_set_aside_keeps_its_content_and_overwrites_nothing(tmp_path: Path) -> None:
    """Two in one second get two names."""
    path = tmp_path / "bot.db"
    names = []
    for number in range(3):
        path.write_bytes(bytes([number]))
        names.append(set_aside(path, 1_000.5))

    assert [name.read_bytes() for name in names] == [b"\0", b"\1", b"\2"]
    assert not path.exists()


def test_a_place_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    """A file where a folder should be, say."""
    (tmp_path / "file").touch()

    with pytest.raises(JournalError, match="name another place"):
        opened(tmp_path / "file" / "bot.db")


def test_the_file_holds_no_account_id(tmp_path: Path) -> None:
    """Only a digest tells accounts apart."""
    path = tmp_path / "bot.db"
    filled_file(path)

    assert b"0xabc" not in path.read_bytes()
