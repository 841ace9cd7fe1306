"""Files that show how an output is known: attached and opened by staff, and not taken away once it is counted."""

from __future__ import annotations

import io
from typing import Any

import pytest
from sqlalchemy.orm import Session

from crm.app import LARGEST_UPLOAD
from crm.businesses.queries.seeing import business
from crm.documents import forms, rules
from crm.documents.queries import documents_about
from crm.evidence.models import Output
from crm.evidence.workflow import OutputStatus
from tests import factories
from tests.cast import BUSINESS, OTHER_BUSINESS, Cast
from tests.client import ConformingClient

PDF = b"%PDF-1.7\n%%EOF\n"


@pytest.fixture
def kept(cast: Cast) -> Output:
    owner = business(BUSINESS)
    assert owner is not None
    return factories.output(owner, proof="A letter")


def sent(name: str, data: bytes) -> dict[str, Any]:
    return {"data": {"file": (io.BytesIO(data), name)}, "content_type": "multipart/form-data"}


def test_a_file_is_attached_opened_and_taken_away(cast: Cast, client: ConformingClient, kept: Output) -> None:
    client.sign_in(cast.adviser)
    page = f"/outputs/{kept.id}"
    assert client.post(f"{page}/files/attach", **sent("Payroll & co.pdf", PDF)).status_code == 303
    (made,) = documents_about("output", kept.id)
    shown = client.get(page).text
    assert "Payroll &amp; co.pdf" in shown
    answer = client.get(f"{page}/files/{made.id}")
    assert (answer.data, answer.mimetype) == (PDF, "application/pdf")
    assert client.post(f"{page}/files/{made.id}/remove").status_code == 303
    assert client.get(f"{page}/files/{made.id}").status_code == 404


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("", b"", "Choose a file"),
        ("empty.pdf", b"", "The file is empty"),
        ("page.pdf", b"<html>", "not a PDF"),
        ("a" * 300 + ".exe", b"MZ", "The file must be PDF"),
    ],
)
def test_what_is_not_taken_is_said_at_the_field(
    cast: Cast, client: ConformingClient, kept: Output, name: str, data: bytes, said: str
) -> None:
    client.sign_in(cast.adviser)
    refused = client.post(f"/outputs/{kept.id}/files/attach", **sent(name, data))
    assert refused.status_code == 422
    assert 'id="file-error"' in refused.text
    assert said in refused.text
    assert documents_about("output", kept.id) == []


def test_what_is_a_little_too_large_is_said_at_the_field(
    cast: Cast, client: ConformingClient, kept: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (forms, rules):
        monkeypatch.setattr(module, "LARGEST", 1_000)
    client.sign_in(cast.adviser)
    page = f"/outputs/{kept.id}/files/attach"
    assert client.post(page, **sent("a.txt", b"0" * 1_000)).status_code == 303
    refused = client.post(page, **sent("a.txt", b"0" * 1_001))
    assert refused.status_code == 422
    assert "smaller than 10 MB" in refused.text


def test_what_is_much_too_large_is_not_even_read(cast: Cast, client: ConformingClient, kept: Output) -> None:
    client.sign_in(cast.adviser)
    whole = b"0" * (LARGEST_UPLOAD + 1)
    refused = client.post(
        f"/outputs/{kept.id}/files/attach", data=whole, content_type="multipart/form-data; boundary=x"
    )
    assert refused.status_code == 422
    assert "up to 10 MB" in refused.text


def test_what_is_counted_keeps_its_files(
    cast: Cast, client: ConformingClient, kept: Output, db: Session
) -> None:
    made = factories.document("output", kept.id)
    kept._status = OutputStatus.CLAIMED
    client.sign_in(cast.adviser)
    assert client.post(f"/outputs/{kept.id}/files/{made.id}/remove").status_code == 409
    assert "Take it away" not in client.get(f"/outputs/{kept.id}").text


def test_a42_a_file_is_for_whoever_may_see_its_output(
    cast: Cast, client: ConformingClient, kept: Output
) -> None:
    made = factories.document("output", kept.id)
    owner = business(OTHER_BUSINESS)
    assert owner is not None
    other = factories.output(owner)
    for part, refused in (
        (cast.founder, 403),
        (cast.other_founder, 404),
        (cast.angel, 404),
        (cast.provider, 404),
    ):
        client.sign_in(part)
        assert client.get(f"/outputs/{kept.id}/files/{made.id}").status_code == refused
    client.sign_in(cast.administrator)
    assert client.get(f"/outputs/{other.id}/files/{made.id}").status_code == 404
    assert client.get(f"/outputs/{kept.id}/files/{made.id}").status_code == 200
