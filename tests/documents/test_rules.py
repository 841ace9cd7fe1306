"""Which files are taken: known by what is in them, whole, one kind at a time, named without harm."""

from __future__ import annotations

import io
import zipfile
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.documents.rules import KINDS, LARGEST, LONGEST_NAME, clean_name, kind_of, size_in_words
from crm.kernel.errors import BadInput

PDF = b"%PDF-1.7\n1 0 obj\nendobj\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20 + b"IEND\xaeB`\x82"
JPEG = b"\xff\xd8\xff\xe0" + b"\x00" * 20 + b"\xff\xd9"


def archive(*names: str, size: int = 1) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as made:
        for name in names:
            made.writestr(name, b"0" * size)
    return kept.getvalue()


def word(*further: str) -> bytes:
    return archive("[Content_Types].xml", "word/document.xml", *further)


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("plan.pdf", PDF, "pdf"),
        ("PLAN.PDF", PDF, "pdf"),
        ("a.png", PNG, "png"),
        ("a.jpg", JPEG, "jpeg"),
        ("a.jpeg", JPEG, "jpeg"),
        ("a.docx", word(), "docx"),
        ("a.xlsx", archive("[Content_Types].xml", "xl/workbook.xml"), "xlsx"),
        ("a.pptx", archive("[Content_Types].xml", "ppt/presentation.xml"), "pptx"),
        ("a.csv", "name,café\n1 < 2,R&D\n".encode(), "csv"),
        ("a.txt", "Cynllun â thô\n".encode("utf-8-sig"), "txt"),
    ],
)
def test_a_file_is_known_by_what_is_in_it(name: str, data: bytes, kind: str) -> None:
    assert kind_of(name, data) == kind


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("empty.pdf", b""),
        ("large.txt", b"0" * (LARGEST + 1)),
        ("not-a.pdf", b"MZ\x90\x00"),
        ("cut-off.pdf", PDF[:-6]),
        ("late-head.pdf", b"junk" + PDF),
        ("pdf-and-zip.pdf", PDF + archive("evil.exe") + b"%%EOF"),
        ("png-and-zip.png", PNG[:-8] + archive("evil.exe") + b"IEND\xaeB`\x82"),
        ("trailing.png", PNG + b"<script>"),
        ("trailing.jpg", JPEG + b"PK"),
        ("page.txt", b"<!DOCTYPE html><script>alert(1)</script>"),
        ("picture.txt", b'<svg xmlns="x" onload="alert(1)">'),
        ("hidden.csv", b"name\n< SCRIPT>"),
        ("binary.txt", b"a\x00b"),
        ("latin.txt", b"caf\xe9"),
        ("archive.zip", archive("a.txt")),
        ("plain-zip.docx", archive("a.txt")),
        ("two-at-once.docx", word("xl/workbook.xml")),
        ("macros.docx", word("word/vbaProject.bin")),
        ("bomb.docx", archive("[Content_Types].xml", "word/document.xml", size=101 * 1024 * 1024)),
        ("broken.docx", word()[:-40]),
        ("named-otherwise.png", PDF),
        ("no-ending", PDF),
        ("text.exe", b"hello"),
        ("double.pdf.txt", PDF),
    ],
)
def test_what_is_no_such_file_or_two_at_once_is_refused(name: str, data: bytes) -> None:
    with pytest.raises(BadInput):
        kind_of(name, data)


@given(st.binary(max_size=300), st.sampled_from(["a.pdf", "a.png", "a.docx", "a.csv", "a"]))
def test_whatever_comes_is_of_a_kind_or_refused(data: bytes, name: str) -> None:
    with suppress(BadInput):
        assert kind_of(name, data) in KINDS


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("plan.pdf", "plan.pdf"),
        ("C:\\fakepath\\plan.PDF", "plan.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("plan\r\nSet-Cookie: x.pdf", "plan Set-Cookie x.pdf"),
        ("\u202efdp.exe.pdf", "fdp.exe.pdf"),
        ("...", "file.pdf"),
        (".pdf", "file.pdf"),
        ("Cynllun â thô.pdf", "Cynllun â thô.pdf"),
        ("a" * 300 + ".pdf", "a" * (LONGEST_NAME - 4) + ".pdf"),
    ],
)
def test_a_name_loses_what_could_do_harm(typed: str, kept: str) -> None:
    assert clean_name(typed, "pdf") == kept


@given(st.text(max_size=400))
def test_any_name_ends_up_short_and_plain(typed: str) -> None:
    kept = clean_name(typed, "pdf")
    assert len(kept) <= LONGEST_NAME
    assert kept.endswith(".pdf")
    assert all(sign.isprintable() or sign.isspace() for sign in kept)
    assert not set(kept) & set('/\\:*?"<>|\r\n\x00')


def test_a_size_is_said_as_people_say_it() -> None:
    assert [size_in_words(each) for each in (10, 2048, 3 * 1024 * 1024)] == ["10 bytes", "2 KB", "3.0 MB"]
