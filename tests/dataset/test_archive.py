"""Claims about zips that mean harm: each is refused before anything is unpacked."""

import io
import stat
import struct
import zipfile

import pytest

from lib.dataset import DatasetError, DatasetLimits, read_dataset

LINK = zipfile.ZipInfo("A/link.png")
LINK.create_system = 3
LINK.external_attr = (stat.S_IFLNK | 0o777) << 16


def zipped(*names, method=zipfile.ZIP_STORED, data=b"x"):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name in names:
            archive.writestr(name, data)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "name",
    [
        "../evil.png",
        "A/../../evil.png",
        "/etc/passwd.png",
        "C:/evil.png",
        "\\\\server\\evil.png",
        "..\\evil.png",
    ],
)
def test_paths_that_lead_out_are_refused(name):
    with pytest.raises(DatasetError, match="leads out of the archive"):
        read_dataset(zipped("A/1.png", name), "set.zip")


def test_links_are_refused():
    with pytest.raises(DatasetError, match=r"“A/link\.png”, which is a link"):
        read_dataset(zipped("A/1.png", LINK, data=b"/etc/passwd"))


def test_encrypted_entries_are_refused():
    data = bytearray(zipped("A/1.png"))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(DatasetError, match="encrypted"):
        read_dataset(bytes(data))


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_unusual_compression_is_refused(method):
    with pytest.raises(DatasetError, match="deflate"):
        read_dataset(zipped("A/1.png", method=method, data=b"x" * 100))


def test_a_zip_bomb_is_refused_by_what_it_declares():
    data = zipped("A/1.png", "A/2.png", method=zipfile.ZIP_DEFLATED, data=bytes(3_000_000))
    assert len(data) < 10_000
    with pytest.raises(DatasetError, match=r"unpack to 6 MB; the limit is 5 MB"):
        read_dataset(data, limits=DatasetLimits(unpacked=5_000_000))


def test_an_entry_that_lies_about_its_size_is_told_and_left_out():
    data = bytearray(zipped("A/1.png", method=zipfile.ZIP_DEFLATED, data=bytes(3_000_000)))
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = data.index(signature) + offset
        data[place : place + 4] = struct.pack("<I", 10)
    with pytest.raises(DatasetError, match=r"A/1\.png: the zip is damaged here"):
        read_dataset(bytes(data))


def test_too_many_entries_are_refused():
    data = zipped(*(f"A/{i}.png" for i in range(30)))
    with pytest.raises(DatasetError, match="more than 20 files"):
        read_dataset(data, limits=DatasetLimits(members=20))


def test_a_huge_table_of_contents_is_refused_unread(monkeypatch):
    data = bytearray(zipped("A/1.png"))
    place = data.index(b"PK\x05\x06")
    data[place + 12 : place + 16] = struct.pack("<I", 500_000_000)
    monkeypatch.setattr(zipfile, "ZipFile", None)  # opening it would read the table
    with pytest.raises(DatasetError, match="MISREAD_DATASET_MEMBERS"):
        read_dataset(bytes(data))


@pytest.mark.parametrize("cut", [4, 30, -30, -1])
def test_a_cut_archive_is_refused(cut):
    with pytest.raises(DatasetError, match="damaged or incomplete"):
        read_dataset(zipped("A/1.png", "B/1.png")[:cut])


def test_an_entry_without_a_name_is_no_file():
    with pytest.raises(DatasetError, match="holds no pictures"):
        read_dataset(zipped("N.png").replace(b"N.png", b"\0.png"))
