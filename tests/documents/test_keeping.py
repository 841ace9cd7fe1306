"""Files are stored before they are spoken of, handed out as they came, and swept away once nobody wants them."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask, current_app, make_response
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.documents import queries, service
from crm.documents.models import Document
from crm.documents.papers import file_answer
from crm.documents.service import MOST_ABOUT_ONE, Subject, Upload
from crm.gateways.files import Files, FilesUnavailable, Reach, files_from_url
from crm.kernel.errors import Invalid, Unavailable
from crm.kernel.permissions import SYSTEM
from tests import factories

TEXT = Upload("notes.txt", b"What was agreed\n")


class Lost:
    """A store that cannot be reached."""

    def put(self, key: str, data: bytes) -> None:
        raise FilesUnavailable("not now")


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return files_from_url(f"folder://{tmp_path / 'a folder'}")


def keep(files: Files, about: Subject | None = None) -> Document:
    kept = service.stored(TEXT, files=files)
    return service.keep(kept, about or Subject("made", uuid4()), by=SYSTEM)


def test_a_file_is_kept_with_its_digest_and_read_back(db: Session, files: Files) -> None:
    made = keep(files)
    assert files.get(made.key) == TEXT.data
    assert (made.name, made.kind, made.size) == ("notes.txt", "txt", len(TEXT.data))
    assert [each.id for each in queries.documents_about(made.about_kind, made.about_id)] == [made.id]


def test_so_many_are_kept_about_one_thing(db: Session, files: Files) -> None:
    about = Subject("made", uuid4())
    for _ in range(MOST_ABOUT_ONE):
        keep(files, about)
    with pytest.raises(Invalid) as refusal:
        keep(files, about)
    assert refusal.value.field == "file"


def test_where_the_store_cannot_be_reached_nothing_is_kept(db: Session) -> None:
    with pytest.raises(Invalid):
        service.stored(TEXT, files=Lost())  # type: ignore[arg-type]
    assert not db.scalar(select(func.count()).select_from(Document))


def test_one_that_was_removed_is_not_there_any_more(db: Session, files: Files) -> None:
    made = keep(files)
    service.remove(made)
    assert queries.document(made.id) is None
    assert queries.documents_about("made", made.about_id) == []


def test_a_file_is_handed_out_to_be_saved_and_never_run(db: Session, app: Flask) -> None:
    with app.app_context():
        made = factories.document("made", uuid4(), name="Cynllun “â”.txt")
        answer = file_answer(made)
    assert answer.data == b"Made\n"
    assert answer.headers["Content-Disposition"].startswith("attachment; ")
    assert "filename*=UTF-8''Cynllun%20" in answer.headers["Content-Disposition"]
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")


def test_45_the_policy_of_a_file_is_not_replaced_by_that_of_our_pages(app: Flask) -> None:
    with app.test_request_context():
        answer = make_response("Made")
        answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
        assert (
            app.process_response(answer).headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
        )
        page = app.process_response(make_response("Made")).headers["Content-Security-Policy"]
    assert "default-src 'self'" in page


@pytest.mark.parametrize("instead", [b"something else", None])
def test_bytes_that_are_not_those_that_were_handed_in_are_not_shown(
    db: Session, app: Flask, instead: bytes | None
) -> None:
    with app.app_context():
        made = factories.document("made", uuid4())
        store: Files = current_app.extensions["files"]
        store.delete(made.key)
        if instead is not None:
            store.put(made.key, instead)
        with pytest.raises(Unavailable):
            file_answer(made)


def test_a_setting_names_the_store(tmp_path: Path) -> None:
    assert files_from_url("memory://")
    assert files_from_url("s3://KEY@store.example:9000/a-bucket", Reach("secret"))
    for url in ("ftp://x/y", "s3:///bucket", ""):
        with pytest.raises(ValueError, match="folder://"):
            files_from_url(url)


def test_a_store_that_lacks_a_file_says_so_in_our_words(files: Files) -> None:
    with pytest.raises(FilesUnavailable):
        files.get("ab/" + uuid4().hex)
