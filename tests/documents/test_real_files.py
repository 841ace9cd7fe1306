"""Files as telephones, offices and scanners really send them, handed in through the page."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from PIL import Image
from pillow_heif import from_pillow

from crm.businesses.queries.seeing import business
from crm.documents.queries import documents_about
from crm.evidence.models import Output
from tests import factories
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient
from tests.documents.test_rules import JPEG, PDF, office

PLACE = 0x8825
"""Where a telephone writes in a picture where it was taken."""


@pytest.fixture
def output(cast: Cast) -> Output:
    owner = business(BUSINESS)
    assert owner is not None
    return factories.output(owner, proof="A letter")


def picture(kind: str) -> bytes:
    image, made = Image.new("RGB", (40, 20), "teal"), io.BytesIO()
    if kind == "HEIF":
        from_pillow(image).save(made)
    else:
        image.save(made, kind)
    return made.getvalue()


def attach(client: ConformingClient, output: Output, name: str, data: bytes) -> Any:
    sent = {"data": {"file": (io.BytesIO(data), name)}, "content_type": "multipart/form-data"}
    return client.post(f"/outputs/{output.id}/files/attach", **sent)


@pytest.mark.parametrize(
    ("name", "data", "kept", "media_type"),
    [
        ("IMG_1.jpg", JPEG + b"\x00\x00SEFT and a film" + JPEG, "IMG_1.jpg", "image/jpeg"),
        ("whatsapp.jfif", JPEG, "whatsapp.jpg", "image/jpeg"),
        ("picture.png", JPEG, "picture.jpg", "image/jpeg"),
        ("online.docx", office("docx", further=("word/document2.xml",)), "online.docx", None),
        ("accounts.csv", "What,£\r\nCafé,5\r\n".encode("cp1252"), "accounts.csv", "text/csv"),
        ("scan.pdf", b"\r\n" + PDF + b"\x00" * 2000, "scan.pdf", "application/pdf"),
        ("n" * 300 + ".pdf", PDF, "n" * 146 + ".pdf", "application/pdf"),
    ],
)
def test_a_real_file_is_taken_and_named_as_what_it_is(
    cast: Cast, client: ConformingClient, output: Output, name: str, data: bytes, kept: str, media_type: str
) -> None:
    client.sign_in(cast.adviser)
    assert attach(client, output, name, data).status_code == 303
    (made,) = documents_about("output", output.id)
    assert made.name == kept
    answer = client.get(f"/outputs/{output.id}/files/{made.id}")
    assert answer.status_code == 200
    assert media_type in (None, answer.mimetype)
    assert answer.data in data


@pytest.mark.parametrize(("name", "kind"), [("IMG_0001.HEIC", "HEIF"), ("picture.webp", "WEBP")])
def test_the_picture_of_an_iphone_is_turned_into_a_jpeg(
    cast: Cast, client: ConformingClient, output: Output, name: str, kind: str
) -> None:
    client.sign_in(cast.adviser)
    assert attach(client, output, name, picture(kind)).status_code == 303
    (made,) = documents_about("output", output.id)
    assert made.name == name.partition(".")[0] + ".jpg"
    found = Image.open(io.BytesIO(client.get(f"/outputs/{output.id}/files/{made.id}").data))
    assert (found.format, found.size) == ("JPEG", (40, 20))
    assert PLACE not in found.getexif()


@pytest.mark.parametrize(
    ("kind", "name", "words"),
    [
        ("HEIF", "IMG_0001.HEIC", "This HEIC picture cannot be opened. Save it as a PDF or a JPEG"),
        ("JPEG", "photo.jpg", "This JPEG picture is damaged, or not complete"),
        ("PNG", "shot.png", "This PNG picture is damaged, or not complete"),
        ("PDF", "plan.pdf", "This PDF is damaged, or not complete"),
    ],
)
def test_32_a_broken_file_is_refused_by_what_it_is_with_what_to_do(
    kind: str, name: str, words: str, cast: Cast, client: ConformingClient, output: Output
) -> None:
    client.sign_in(cast.adviser)
    whole = PDF if kind == "PDF" else picture(kind)
    refused = attach(client, output, name, whole[: min(200, len(whole) - 12)])
    assert refused.status_code == 422
    assert 'id="file-error"' in refused.text
    assert words in refused.text


def test_a_file_of_twelve_megabytes_is_refused_at_the_field_with_the_form_still_there(
    cast: Cast, client: ConformingClient, output: Output
) -> None:
    client.sign_in(cast.adviser)
    page = f"/outputs/{output.id}/files/attach"
    token = re.search('name="csrf_token"[^>]*value="([^"]+)"', client.get(page).text)
    assert token
    parts = [
        f'form-data; name="csrf_token"\r\n\r\n{token[1]}'.encode(),
        b'form-data; name="file"; filename="film.pdf"\r\n\r\n' + PDF + b"0" * 12_000_000,
    ]
    body = b"".join(b"--x\r\nContent-Disposition: " + each + b"\r\n" for each in parts) + b"--x--\r\n"
    refused = client.post(page, data=body, content_type="multipart/form-data; boundary=x")
    assert refused.status_code == 422
    assert 'id="file-error"' in refused.text
    assert "smaller than 10 MB" in refused.text
    assert 'type="file"' in refused.text
