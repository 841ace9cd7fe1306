"""Of several files of an answer, those that cannot be taken are named."""

from __future__ import annotations

import io
from typing import Any

from justhtml import JustHTML

from tests import claimed
from tests.angels.diligence.test_asking_and_answering import SECRET, asked, met
from tests.cast import Cast
from tests.client import ConformingClient


def test_a_file_that_cannot_be_taken_is_named_in_a_notice_of_its_own_and_is_no_success(
    cast: Cast, client: ConformingClient
) -> None:
    (item,) = asked(met(), "cap_table")
    files = [(io.BytesIO(claimed.PDF), "good.pdf"), (io.BytesIO(b"no page"), "fake.pdf")]
    given = {"words": SECRET, "file": files, "sharing": "asker"}
    client.sign_in(cast.founder)
    where = f"/due-diligence/{item.id}"
    assert client.post(f"{where}/answer", data=given, content_type="multipart/form-data").status_code == 303
    root: Any = JustHTML(client.get(where).text, sanitize=False).root
    notices = {
        "--success" in each.attrs["class"]: " ".join(each.to_text().split())
        for each in root.query(".govuk-notification-banner")
    }
    assert "Answer sent." in notices[True]
    assert "Not added: fake.pdf: The content of this file is not a PDF" in notices[False]
