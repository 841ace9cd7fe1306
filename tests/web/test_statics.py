"""Static files: kept for ever under addresses that change with them, compressed, and the same for everybody."""

from __future__ import annotations

import gzip
import logging
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import brotli
import pytest
from flask import Flask
from werkzeug.test import TestResponse

from crm.web import statics
from tests.cast import Cast
from tests.client import ConformingClient

FOR_EVER = "public, max-age=31536000, immutable"
STYLE = "body { color: black }\n" * 200
STATIC = Path(statics.__file__).parents[1] / "static"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "static"
    (made / "fonts").mkdir(parents=True)
    (made / "style.css").write_text(STYLE)
    (made / "fonts" / "letters.woff2").write_bytes(bytes(range(256)) * 8)
    return made


def served(folder: Path, kept: Path | None) -> Flask:
    app = Flask("served", static_folder=str(folder), static_url_path="/static")
    statics.build_of.cache_clear()
    statics.install(app, headers={"X-Content-Type-Options": "nosniff"}, kept=kept)
    return app


def address(app: Flask, name: str) -> str:
    with app.test_request_context():
        return statics.asset(name)


def asked(app: Flask, where: str, coding: str = "br") -> TestResponse:
    return app.test_client().get(where, headers={"Accept-Encoding": coding}, buffered=True)


@pytest.mark.parametrize(("coding", "opened"), [("br", brotli.decompress), ("gzip", gzip.decompress)])
def test_a_file_is_sent_as_it_was_compressed_at_the_start(
    folder: Path, tmp_path: Path, coding: str, opened: object
) -> None:
    app = served(folder, tmp_path / "kept")

    answer = asked(app, address(app, "style.css"), coding)

    assert answer.headers["Content-Encoding"] == coding
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert (answer.headers["Cache-Control"], answer.headers["X-Content-Type-Options"]) == (
        FOR_EVER,
        "nosniff",
    )
    assert len(answer.data) < len(STYLE) / 10
    assert opened(answer.data).decode() == STYLE  # type: ignore[operator]


def test_a_file_that_grows_by_it_is_not_compressed_and_who_takes_nothing_gets_it_whole(
    folder: Path, tmp_path: Path
) -> None:
    app = served(folder, tmp_path / "kept")

    letters = asked(app, address(app, "fonts/letters.woff2"), "br, gzip")
    whole = asked(app, address(app, "style.css"), "identity")

    assert "Content-Encoding" not in letters.headers
    assert whole.text == STYLE


def test_every_address_changes_with_any_file_and_an_old_one_leads_to_the_file_as_it_is_now(
    folder: Path, tmp_path: Path
) -> None:
    before = address(served(folder, tmp_path / "kept"), "style.css")
    (folder / "fonts" / "letters.woff2").write_bytes(b"other letters")
    app = served(folder, tmp_path / "kept")
    old = asked(app, before)

    assert address(app, "style.css") != before
    assert (old.status_code, old.text) == (200, STYLE)
    assert old.headers["Cache-Control"] != FOR_EVER


def test_several_processes_that_start_at_once_make_it_once(folder: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    statics.build_of.cache_clear()
    target = kept / statics.build_of(folder)
    with ThreadPoolExecutor(4) as pool:
        found = set(pool.map(lambda _: statics._compressed(folder, target), range(4)))

    assert found == {target}
    assert [each.name for each in kept.iterdir()] == [target.name]
    assert sorted(each.name for each in target.iterdir()) == [
        "fonts",
        "style.css",
        "style.css.br",
        "style.css.gz",
    ]


def test_where_nothing_can_be_kept_files_are_sent_as_they_are(
    folder: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "kept").write_text("a file where the folder should be")
    with caplog.at_level(logging.WARNING, "crm.statics"):
        app = served(folder, tmp_path / "kept")

    answer = asked(app, address(app, "style.css"))
    assert (answer.text, answer.headers["Cache-Control"]) == (STYLE, FOR_EVER)
    assert "Static files are sent uncompressed" in caplog.text


def test_files_of_a_page_are_kept_for_ever_and_the_same_whoever_asks(
    client: ConformingClient, cast: Cast
) -> None:
    client.sign_in(cast.administrator)
    found = re.findall(r"/static/[0-9a-f]{12}/[^\"]+", client.get("/desk").text)

    assert len(found) >= 5
    for each in found:
        answer = client.get(each)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, FOR_EVER)
        assert "Cookie" not in answer.headers.get("Vary", "")
        assert "Set-Cookie" not in answer.headers


def test_what_a_script_imports_lies_beside_it_so_that_its_address_changes_too() -> None:
    scripts = list(STATIC.glob("*.js"))
    imported = [
        (script.name, name)
        for script in scripts
        for name in re.findall(r"(?:from|import) +\"([^\"]+)\"", script.read_text(encoding="utf-8"))
    ]

    assert imported
    assert [
        each for each in imported if not (each[1].startswith("./") and (STATIC / each[1]).is_file())
    ] == []
