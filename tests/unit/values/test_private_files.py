"""Files that only their owner can read, made and opened."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from orderly_sync import Credentials, JournalError, UsageError
from orderly_sync.journal.private_file import require_private
from orderly_sync.recording.record import Recorder
from orderly_sync.values.private_files import NotPrivate, make_private, open_private


@pytest.fixture(params=[0o000, 0o022, 0o777])
def _umask(request: pytest.FixtureRequest) -> Iterator[None]:
    before = os.umask(request.param)
    yield
    os.umask(before)


def record(path: Path) -> None:
    Recorder(path).close()


@pytest.mark.usefixtures("_umask")
@pytest.mark.parametrize("make", [record, require_private])
def test_what_tells_of_an_account_is_its_owners_alone(tmp_path: Path, make: Callable[[Path], None]) -> None:
    """A recording and a journal have mode 0600, whatever the umask takes or leaves."""
    path = tmp_path / "file"
    make(path)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_new_file_takes_the_place_of_none(tmp_path: Path) -> None:
    """Neither of a file nor of a link to nowhere."""
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")

    for name in ("file", "link"):
        with pytest.raises(FileExistsError):
            make_private(tmp_path / name, os.O_WRONLY)
    assert not (tmp_path / "nowhere").exists()


def test_a_descriptor_is_open_as_it_was_asked_for(tmp_path: Path) -> None:
    """To write what is made, to read what is there; bytes stay as they are."""
    handle = make_private(tmp_path / "file", os.O_WRONLY)
    os.write(handle, b"a\nb")
    os.close(handle)
    handle = open_private(tmp_path / "file", os.O_RDONLY)
    try:
        assert os.read(handle, 9) == b"a\nb"
        with pytest.raises(OSError, match="Bad file descriptor"):
            os.write(handle, b"c")
    finally:
        os.close(handle)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o601])
def test_all_doors_refuse_alike(tmp_path: Path, mode: int) -> None:
    """Keys and journals: the same words, each in its own error."""
    path = tmp_path / "file"
    path.touch()
    path.chmod(mode)

    with pytest.raises(NotPrivate) as caught:
        open_private(path, os.O_RDONLY)
    with pytest.raises(UsageError) as keys:
        Credentials.from_file(path)
    with pytest.raises(JournalError) as journal:
        require_private(path)
    assert str(caught.value) == f"may be read by others; run: chmod 600 {path}"
    assert [str(one.value).endswith(str(caught.value)) for one in (keys, journal)] == [True, True]
