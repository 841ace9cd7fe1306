"""What the audit log tells of a test-bed project: the consents of businesses are found under it, with what followed them."""

from __future__ import annotations

import html
import re
from urllib.parse import quote

import pytest

from crm.ip.testbed.queries import reading
from crm.ip.testbed.service import naming, writing
from crm.kernel.permissions import SYSTEM
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient
from tests.ip import bed

pytestmark = pytest.mark.engine("sqlite")


def test_the_consents_to_be_named_are_found_by_the_title_of_their_project_k6_k32(
    client: ConformingClient, cast: Cast
) -> None:
    found = bed.asked(bed.owner(BUSINESS))
    project, lesson, where = found.lesson.project, found.lesson, f"/test-bed/namings/{found.id}"
    asked_id, title = found.id, project.title
    client.sign_in(cast.founder)
    for verb in ("agree", "refuse"):
        if verb == "refuse":
            writing.submit(bed.text_again(lesson), by=SYSTEM)
            writing.publish(bed.text_again(lesson), kept=bed.KEPT, is_checked=True, by=SYSTEM)
            assert "Anyone can read this text" in client.get(where).text
        again = reading.naming(asked_id)
        assert again is not None
        data = {"seen": naming.mark_shown(again)}
        assert client.post(f"{where}/{verb}", data=data).status_code == 303
    page = client.sign_in(cast.auditor).get(f"/audit?thing={quote(title)}").text
    log = " ".join(re.sub(r"<[^>]+>", " ", html.unescape(page)).split())
    who = cast.founder.known.name
    assert f"{who} agreed to be named" in log
    assert f"{who} did not agree, or no longer agreed, to be named" in log
    assert f"What it followed: {who} withdrew consent" in log
    assert "visitor took back" not in log
