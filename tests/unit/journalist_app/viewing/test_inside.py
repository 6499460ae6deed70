"""What is told of archives and mails: everything by name, nothing unpacked, and bombs only by their size."""

import io
import tarfile
import zipfile
from typing import Any

import pytest

from crypto import canonical
from journalist_app.viewing import inside, reports
from tests.support import documents


def told(way: str, data: bytes) -> Any:
    said = inside.WAYS[way](io.BytesIO(data))
    (reports.mail if way == "mail" else reports.listing)(canonical.encode(said))  # it is of the form
    return said


def test_a_zip_is_listed_with_what_is_odd_in_it() -> None:
    data = documents.zipped({"../../etc/passwd": b"x", "a\u202egpj.exe": b"yy", "folder/": b""})
    found = told("zip", data)
    assert [(each["name"], each["size"]) for each in found["entries"]] == [
        ("../../etc/passwd", 1),
        ("a\u202egpj.exe", 2),
        ("folder/", 0),
    ]
    assert found["more"] == 0


def test_a_bomb_is_listed_by_the_size_that_it_says() -> None:
    data = documents.zipped({"first": b"", "zeros": bytes(50_000_000)})
    assert len(data) < 100_000
    assert told("zip", data)["entries"][1]["size"] == 50_000_000


def test_a_locked_file_says_so() -> None:
    data = bytearray(documents.zipped({"secret": b"x"}))
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    assert told("zip", bytes(data))["entries"][0]["note"] == "locked"


def test_of_many_files_the_first_are_listed() -> None:
    for way, data in (
        ("zip", documents.zipped({f"{n}": b"" for n in range(inside.ENTRIES_MAX + 1)})),
        ("tar", documents.tarred({f"{n}": 0 for n in range(inside.ENTRIES_MAX + 1)})),
    ):
        found = told(way, data)
        assert (len(found["entries"]), found["more"]) == (inside.ENTRIES_MAX, 1)


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:bz2", "w:xz"])
def test_a_tar_is_listed_packed_or_not(mode: str) -> None:
    found = told("tar", documents.tarred({"../up": 5, "/srv/x": 2_000}, mode))
    assert [(each["name"], each["size"], each["note"]) for each in found["entries"]] == [
        ("../up", 5, ""),
        ("/srv/x", 2_000, ""),
    ]


def test_unpacking_for_names_ends_early(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inside, "UNPACKED_MAX", 1_000_000)
    found = told("tar", documents.tarred({"first": 10, "zeros": 5_000_000, "hidden": 1}, "w:gz"))
    assert ([each["name"] for each in found["entries"]], found["more"]) == (["first", "zeros"], 1)


def test_what_is_no_archive_fails() -> None:
    for way, data in (("zip", b"PK\x03\x04nothing"), ("tar", b"x" * 2_000)):
        with pytest.raises((zipfile.BadZipFile, OSError, tarfile.TarError)):
            told(way, data)


MAIL = """\
From: =?utf-8?q?J=C3=B6rg?= <j@x.example>
To: a@b.example
Subject: hello
 there
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/plain; charset=euc-kr
Content-Transfer-Encoding: 8bit

{korean}
--b
Content-Type: text/html

<p>One<br>two</p><script>evil()</script><style>x</style><img src=http://pixel.example/dot>three
--b
Content-Type: application/pdf; name="../../x.pdf"
Content-Disposition: attachment; filename="../../x.pdf"
Content-Transfer-Encoding: base64

JVBERi0=
--b
Content-Type: text/plain; charset=no-such

odd \\xff
--b--
"""


def test_a_mail_is_its_headers_its_words_and_the_names_of_what_hangs_on_it() -> None:
    before, _, after = MAIL.partition("{korean}")
    found = told("mail", before.encode() + "부패".encode("euc-kr") + after.encode())
    assert found["headers"] == [
        ["From", "Jörg <j@x.example>"],
        ["To", "a@b.example"],
        ["Subject", "hello there"],
    ]
    assert "부패" in found["text"]
    assert "One\ntwo" in found["text"]
    assert "three" in found["text"]
    assert "odd" in found["text"]
    for hidden in ("evil", "style", "pixel.example"):
        assert hidden not in found["text"]
    assert [(each["name"], each["size"], each["note"]) for each in found["entries"]] == [
        ("../../x.pdf", 5, "application/pdf")
    ]


def test_letters_that_stand_in_a_header_or_text_as_they_are_can_be_read() -> None:
    found = told("mail", "From: 김 <k@x.example>\nSubject: =?utf-8?b?67aA7Yyo?=\n\n부패".encode())
    assert found["headers"] == [["From", "김 <k@x.example>"], ["Subject", "부패"]]
    assert found["text"] == "부패"


def test_a_mail_that_is_too_much_is_cut() -> None:
    found = told("mail", b"From: a\nSubject: b\n\n" + b"x" * (inside.TEXT_MAX + 1))
    assert (len(found["text"]), found["more"]) == (inside.TEXT_MAX, 1)


@pytest.mark.parametrize(
    ("data", "parts"),
    [
        (b"", []),
        (b"\xff\xfe", []),
        (b"From: \xed\xa0\x80", []),
        (b"Content-Type: multipart/mixed\n\n--", ["multipart/mixed"]),
    ],
)
def test_a_broken_mail_is_told_as_far_as_it_goes(data: bytes, parts: list[str]) -> None:
    assert [each["note"] for each in told("mail", data)["entries"]] == parts


def test_a_name_that_is_no_text_can_be_told() -> None:
    assert inside.clean("a\udcffb", 10) == "a?b"
    assert inside.entry("x" * 9_999, -5, "", "")["size"] == 0
