"""Downloads from a server on this machine: whole or not at all, bounded, checked, and told while they run."""

from __future__ import annotations

import os
import socket
import time
from pathlib import Path

import pytest

from lib.zoo.download import DownloadError, download, md5_of
from tests.zoo.weights_files import md5, serving

DATA = bytes(range(256)) * 4000
MOST = 10_000_000
SECONDS = 30.0


def parts(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_file_arrives_whole_and_its_progress_ends_at_its_length(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    with serving(DATA) as (url, asked):
        download(url, tmp_path / "new" / "w.h5", md5(DATA), MOST, SECONDS, lambda *state: seen.append(state))
    assert (tmp_path / "new" / "w.h5").read_bytes() == DATA
    assert parts(tmp_path / "new") == ["w.h5"] and asked == ["/weights.h5"]
    assert seen[0] == (0, len(DATA)) and seen[-1] == (len(DATA), len(DATA))
    assert [done for done, _ in seen] == sorted(done for done, _ in seen) and len(seen) > 3


def test_what_was_there_before_is_replaced_only_by_a_whole_file(tmp_path: Path) -> None:
    target = tmp_path / "w.h5"
    target.write_bytes(b"old")
    with serving(DATA) as (url, _), pytest.raises(DownloadError):
        download(url, target, md5(b"something else"), MOST, SECONDS)
    assert target.read_bytes() == b"old" and parts(tmp_path) == ["w.h5"]
    with serving(DATA) as (url, _):
        download(url, target, "", MOST, SECONDS)
    assert target.read_bytes() == DATA


@pytest.mark.parametrize(
    ("options", "most", "says"),
    [
        ({"status": 404}, MOST, "127.0.0.1 answered 404"),
        ({"status": 503}, MOST, "127.0.0.1 answered 503"),
        ({"announced": 2 * len(DATA)}, MOST, "the connection broke after 1.0 of 2.0 MB"),
        ({"announced": 10**12}, MOST, "would be 1000000 MB, far more than expected"),
        ({"announced": -1}, 1000, "longer than expected"),
        ({"announced": 0}, MOST, "an empty answer"),
    ],
)
def test_an_answer_that_is_no_whole_file_is_told_and_leaves_nothing(
    options: dict, most: int, says: str, tmp_path: Path
) -> None:
    with serving(DATA, **options) as (url, _), pytest.raises(DownloadError, match=says):
        download(url, tmp_path / "w.h5", "", most, SECONDS)
    assert parts(tmp_path) == []


def test_a_damaged_file_is_told_by_its_checksum(tmp_path: Path) -> None:
    with (
        serving(DATA) as (url, _),
        pytest.raises(DownloadError, match=f"damaged: its checksum is {md5(DATA)}"),
    ):
        download(url, tmp_path / "w.h5", "0" * 32, MOST, SECONDS)


def test_a_server_that_does_not_answer_is_given_up(tmp_path: Path) -> None:
    with serving(DATA, wait=60) as (url, asked):
        with pytest.raises(DownloadError, match=r"127\.0\.0\.1"):
            download(url, tmp_path / "w.h5", "", MOST, 0.3)
        assert asked == ["/weights.h5"]
    assert parts(tmp_path) == []


def test_a_port_where_nobody_listens_is_told(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/w.h5"
        with pytest.raises(DownloadError, match=r"no connection to 127\.0\.0\.1"):
            download(url, tmp_path / "w.h5", "", MOST, SECONDS)


def test_a_look_up_of_a_name_that_hangs_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: time.sleep(3))
    with pytest.raises(DownloadError, match=r"weights\.invalid did not answer within 0\.2 seconds"):
        download("http://weights.invalid/w.h5", tmp_path / "w.h5", "", MOST, 0.2)


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with serving(DATA) as (url, asked), pytest.raises(DownloadError, match="cannot be written to"):
        download(url, tmp_path / "file" / "w.h5", "", MOST, SECONDS)
    assert asked == []


def test_what_a_killed_process_left_is_removed_and_what_another_one_is_writing_stays(tmp_path: Path) -> None:
    (tmp_path / "w.h5.old.part").write_bytes(b"half")
    (tmp_path / "w.h5.young.part").write_bytes(b"half")
    two_hours_ago = time.time() - 7200
    os.utime(tmp_path / "w.h5.old.part", (two_hours_ago, two_hours_ago))
    with serving(DATA) as (url, _):
        download(url, tmp_path / "w.h5", "", MOST, SECONDS)
    assert parts(tmp_path) == ["w.h5", "w.h5.young.part"]


def test_the_checksum_of_a_file_is_the_known_one(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")
    assert md5_of(tmp_path / "a") == "900150983cd24fb0d6963f7d28e17f72"  # RFC 1321
