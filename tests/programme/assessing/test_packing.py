"""What the panel has before it about an application: one page, and the same as a tagged paper."""

from __future__ import annotations

import io
from typing import Any

import pypdf
import pytest

from crm.programme.applications.workflow import ApplicationStatus
from crm.programme.assessing.papers import pack_pdf, pack_told
from crm.programme.assessing.queries.packing import pack_of
from tests import factories, rounds
from tests.cast import Cast
from tests.client import ConformingClient
from tests.programme.applicants import own
from tests.programme.judging import handed_in, judged


def whole() -> Any:
    """An application that is answered, scored, moderated, helped and known to need something."""
    found = rounds.filled_in(handed_in(readings=[{"rule": "x", "outcome": "met", "words": "in the region"}]))
    first, _ = rounds.scored(found, 5, 2)
    first.override_reason = "Nobody else knows the field"
    rounds.moderation(found, rounds.whole_application(found).round.criteria[0], 4)
    factories.hours(own(), quarters=6)
    factories.diagnosis(own(), is_finished=True)
    return rounds.whole_application(found)


def test_the_page_of_the_panel_shows_what_a_decision_rests_on(cast: Cast, client: ConformingClient) -> None:
    found = whole()
    page = client.sign_in(cast.approver).get(f"/applications/{found.id}/pack").text
    for shown in (
        "£5,000",
        "80.00%",
        "Moderated to 4: Made",
        "Made words enough",
        "Nobody else knows the field",
        "Met: in the region",
        "1.5 hours in total",
        "What will you do?",
        "£80,000",
    ):
        assert shown in page
    assert client.sign_in(cast.founder).get(f"/applications/{found.id}/pack").status_code == 403
    assert client.sign_in(cast.other_founder).get(f"/applications/{found.id}/pack").status_code == 404
    assert client.sign_in(cast.adviser).get(f"/applications/{found.id}/pack").status_code == 403


def test_the_paper_is_tagged_says_the_same_and_reads_nothing_as_markup(
    cast: Cast, client: ConformingClient
) -> None:
    found = whole()
    found.business.name = 'Ŵyn & <Sons> *bold* #read("/etc/passwd")'
    reader = pypdf.PdfReader(io.BytesIO(pack_pdf("A title", [pack_of(found)], service_name="A service")))
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en-GB"
    text = " ".join(page.extract_text() for page in reader.pages).replace("\n", " ")
    assert '#read("/etc/passwd")' in text
    assert "root:" not in text
    for said in ("Moderated to 4", "80.00%", "£80,000", "1.5 hours in total"):
        assert said in text
    answer = client.sign_in(cast.lead_assessor).get(f"/applications/{found.id}/pack.pdf")
    assert (answer.mimetype, answer.data[:5]) == ("application/pdf", b"%PDF-")


@pytest.mark.usefixtures("cast")
def test_what_is_not_known_is_said_in_the_pack() -> None:
    found = handed_in()
    told = pack_told(pack_of(rounds.whole_application(found)))
    assert told["support"] == ["No support on record"]
    assert told["needs"] == ["No diagnosis yet"]
    assert told["total"] == "incomplete (0 of 2 in)"


def test_the_pack_of_a_round_has_those_with_a_total_in_their_order(
    cast: Cast, client: ConformingClient
) -> None:
    found = judged()
    client.sign_in(cast.approver)
    address = f"/programme/rounds/{found.id}/pack.pdf"
    assert client.get(address).status_code == 409
    for name, points in (("Second Films", 3), ("First Films", 5), ("Open Films", 0)):
        made = rounds.application(factories.business(name=name), found, status=ApplicationStatus.SUBMITTED)
        rounds.scored(rounds.whole_application(made), *((points, points) if points else ()))
    reader = pypdf.PdfReader(io.BytesIO(client.get(address).data))
    text = " ".join(page.extract_text() for page in reader.pages)
    assert text.index("First Films") < text.index("Second Films")
    assert "Open Films" not in text
    assert client.sign_in(cast.assessor).get(address).status_code == 404


def test_k13_the_pack_of_a_round_is_offered_once_something_has_a_total(
    cast: Cast, client: ConformingClient
) -> None:
    found = judged()
    made = rounds.application(factories.business(), found, status=ApplicationStatus.SUBMITTED)
    client.sign_in(cast.programme_manager)
    page, pack = f"/programme/rounds/{found.id}/ranking", f"/programme/rounds/{found.id}/pack.pdf"
    assert pack not in client.get(page).text
    rounds.scored(rounds.whole_application(made), 5, 5)
    assert pack in client.get(page).text
