"""Which files are taken: known by what is in them, whole, one kind at a time, named without harm."""

from __future__ import annotations

import io
import re
import zipfile
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.documents.rules import KINDS, LARGEST, LONGEST_NAME, Taking, clean_name, kind_of, read, size_in_words
from crm.kernel.errors import BadInput

PDF = b"%PDF-1.7\n1 0 obj\nendobj\n%%EOF\n"
END = b"\x00\x00\x00\x00IEND\xaeB`\x82"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\x02IDATxx\x00\x00\x00\x00" + END
THUMBNAIL = b"\xff\xe1\x00\x08\xff\xd8\xff\xd9.."
JPEG = b"\xff\xd8" + THUMBNAIL + b"\xff\xda\x00\x02\x12\xff\x00\x34\xff\xd0\x56" + b"\xff\xd9"
MAIN = {
    "docx": "wordprocessingml.document",
    "xlsx": "spreadsheetml.sheet",
    "pptx": "presentationml.presentation",
}


def archive(*names: str, size: int = 1, types: str = "") -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as made:
        if types:
            made.writestr("[Content_Types].xml", types)
        for name in names:
            made.writestr(name, b"0" * size)
    return kept.getvalue()


def office(*kinds: str, further: tuple[str, ...] = (), size: int = 1) -> bytes:
    start = "application/vnd.openxmlformats-officedocument."
    types = "".join(f'<Override PartName="/p" ContentType="{start}{MAIN[each]}.main+xml"/>' for each in kinds)
    return archive(*further, types=f"<Types>{types}</Types>", size=size)


def word(*further: str) -> bytes:
    return office("docx", further=("word/document.xml", *further))


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("plan.pdf", PDF, "pdf"),
        ("PLAN.PDF", PDF, "pdf"),
        ("a.png", PNG, "png"),
        ("a.jpg", JPEG, "jpeg"),
        ("a.jpeg", JPEG, "jpeg"),
        ("a.docx", word(), "docx"),
        ("online.docx", office("docx", further=("word/document2.xml",)), "docx"),
        ("a.xlsx", office("xlsx"), "xlsx"),
        ("a.pptx", office("pptx"), "pptx"),
        ("excel.csv", "name,café\r\n“1”,£5\r\n".encode("cp1252"), "csv"),
        ("unicode.txt", "name\tcafé\r\n".encode("utf-16"), "txt"),
        ("called-otherwise.png", PDF, "pdf"),
        ("no-ending", PDF, "pdf"),
        ("double.pdf.txt", PDF, "pdf"),
        ("whatsapp.jfif", JPEG, "jpeg"),
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
        ("pdf-and-zip.pdf", PDF[:9] + archive("evil.exe") + b"%%EOF"),
        ("cut-off.png", PNG[:-6]),
        ("cut-off.jpg", JPEG[:-2]),
        ("very-late-head.pdf", b"0" * 1025 + PDF),
        ("page.txt", b"<!DOCTYPE html><script>alert(1)</script>"),
        ("picture.txt", b'<svg xmlns="x" onload="alert(1)">'),
        ("hidden.csv", b"name\n< SCRIPT>"),
        ("hidden-16.txt", "<script>".encode("utf-16")),
        ("binary.txt", b"a\x00b"),
        ("archive.zip", archive("a.txt")),
        ("plain-zip.docx", archive("a.txt")),
        ("two-at-once.docx", office("docx", "xlsx")),
        ("macros.docx", word("word/vbaProject.bin")),
        ("broken.docx", word()[:-40]),
        ("text.exe", b"hello"),
    ],
)
def test_what_is_no_such_file_or_two_at_once_is_refused(name: str, data: bytes) -> None:
    with pytest.raises(BadInput):
        kind_of(name, data)


def test_what_would_unpack_to_far_too_much_is_refused() -> None:
    # It is slow to make, so not where tests are found.
    bomb = office("docx", further=("a", "b"), size=101 * 1024 * 1024)
    with pytest.raises(BadInput):
        kind_of("bomb.docx", bomb)


@pytest.mark.parametrize("after", [b"SEFT\x00\x01", JPEG, b"\x00" * 3000, archive("evil.exe")])
@pytest.mark.parametrize("whole", [PDF, PNG, JPEG])
def test_k19_what_stands_after_the_end_of_a_file_is_cut_off(whole: bytes, after: bytes) -> None:
    assert read("as telephones send it", whole + after).data == whole


@pytest.mark.parametrize("before", [b"\r\n", b"\xef\xbb\xbf", b"Content-Type: application/pdf\r\n\r\n"])
def test_k19_what_stands_before_the_beginning_of_a_pdf_is_cut_off(before: bytes) -> None:
    assert read("scan.pdf", before + PDF).data == PDF


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.gif", b"GIF89a", "GIF"),
        ("a.tif", b"II*\x00", "TIFF"),
        ("a.doc", b"\xd0\xcf\x11\xe0", "before 2007"),
        ("a.zip", archive("a.txt"), "archive"),
        ("a.docm", word("word/vbaProject.bin"), "macros"),
        ("a.mov", b"\x00\x00\x00\x14ftypqt  ", "film"),
    ],
)
def test_a_refusal_names_what_it_is_and_what_to_do(name: str, data: bytes, said: str) -> None:
    with pytest.raises(BadInput, match=said) as refusal:
        kind_of(name, data)
    assert re.search("Save it|Choose the files", str(refusal.value))


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
        ("scan.jpg", "scan.pdf"),
        ("plan.v2", "plan.v2.pdf"),
        ("plan.pdf.exe", "plan.pdf.exe.pdf"),
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


@pytest.mark.parametrize("kinds", [frozenset({"pdf", "jpeg"}), frozenset({"docx", "csv"}), frozenset(KINDS)])
def test_a_place_offers_hints_at_and_refuses_the_same_kinds_k10(kinds: frozenset[str]) -> None:
    taking = Taking(kinds)
    assert set(taking.accept.split(",")) <= set(Taking().accept.split(","))
    assert (".heic" in taking.accept) == ("HEIC" in taking.words) == ("jpeg" in kinds)
    assert (".csv" in taking.accept) == ("CSV" in taking.words) == ("csv" in kinds)
    for name, data in (("a.csv", b"a,b\n"), ("a.pdf", PDF), ("a.exe", b"MZ\x90")):
        if name[2:] in kinds:
            assert kind_of(name, data, taking=taking) == name[2:]
        else:
            with pytest.raises(BadInput, match=re.escape(taking.words)):
                kind_of(name, data, taking=taking)
