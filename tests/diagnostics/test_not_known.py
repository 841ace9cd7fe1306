"""What is not known of a business is said beside its result, and the result claims nothing that was not answered."""

from __future__ import annotations

import io
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pypdf
import pytest

from crm.diagnostics.models import ReadinessCheck
from crm.diagnostics.queries.opened import carried_in_words
from crm.diagnostics.queries.results import asked_of
from crm.diagnostics.rules.carrying import Sheet
from crm.diagnostics.rules.readiness import EXPORT, IP, UNSURE, Asked, Circumstances, Question
from crm.diagnostics.service import readiness
from crm.kernel.permissions import SYSTEM
from tests import assessments
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient

pytestmark = pytest.mark.engine("sqlite")
CLAIMS = {
    IP: "Evidence would stand up to due diligence",
    EXPORT: "You sell abroad by plan and can grow there",
}
OFFERS = {IP: "The angel network, development funding", EXPORT: "A second market, UK Export Finance cover"}
WAITS = "We suggest support for this level once the questions needed to finish are answered."
MARK = "some needed answers not known"


def _best(question: Question) -> str:
    scored = [each for each in question.options if each.score is not None]
    return max(scored, key=lambda each: each.score or 0).value


def _given(asked: Asked, of: Circumstances, unsure: set[str], absent: str = "") -> dict[str, str]:
    """The best answer to all, but for areas and questions that are not sure yet, and an area that does not apply."""
    given = {}
    for each in asked.for_circumstances(of):
        is_unsure = each.area in unsure or each.key in unsure
        given[each.key] = UNSURE if is_unsure else "na" if each.area == absent else _best(each)
    return given


def _finished(name: str, unsure: set[str], absent: str = "") -> ReadinessCheck:
    made = readiness.begin(assessments.own(), name, details=assessments.BY_ADVISER, by=SYSTEM)
    readiness.answer(made, _given(*asked_of(made), unsure, absent), by=SYSTEM)
    return assessments.again(readiness.finish(assessments.again(made), by=SYSTEM))


def _flat(text: str) -> str:
    return " ".join(text.split())


def _paper(client: ConformingClient, check: ReadinessCheck) -> str:
    data: Any = client.get(f"/readiness/{check.id}/report").data
    return _flat(" ".join(each.extract_text() for each in pypdf.PdfReader(io.BytesIO(data)).pages))


def test_a_result_claims_no_evidence_while_the_questions_needed_to_finish_are_not_sure_yet_k10_k11(
    client: ConformingClient, cast: Cast
) -> None:
    check = _finished(IP, {"ownership", "designs"}, absent="patents")
    asked, of = asked_of(check)
    needed = [
        each.text for each in asked.for_circumstances(of) if each.is_critical and each.area == "ownership"
    ]
    assert check.score == 1_000, "what is not known is not nought"
    client.sign_in(cast.founder)
    shown, paper = _flat(client.get(f"/readiness/{check.id}").text), _paper(client, check)
    client.sign_in(cast.adviser)
    for said in (shown, paper, _flat(client.get(f"/readiness/{check.id}").text)):
        assert "100.0 out of 100, for the answers given" in said
        assert "2 of the questions needed to finish are answered “Not sure yet”" in said
        assert "we cannot say yet what this level means for the business" in said
        assert all(each in said for each in needed)
        assert "not in the score: Ownership: staff, freelancers and partners; Designs." in said
        assert "Designs; Inventions" not in said, "what does not apply is known"
        assert CLAIMS[IP] not in said
        assert OFFERS[IP] not in said
        assert WAITS in said


def test_one_needed_question_is_enough_and_a_full_result_claims_as_before_k10(
    client: ConformingClient, cast: Cast
) -> None:
    client.sign_in(cast.founder)
    for name, key in ((IP, "enf4"), (EXPORT, "ex14")):
        for unsure in ({key}, set[str]()):
            check = _finished(name, unsure)
            for said in (_flat(client.get(f"/readiness/{check.id}").text), _paper(client, check)):
                assert ("1 of the questions needed to finish is answered" in said) is bool(unsure)
                assert ("for the answers given" in said) is bool(unsure)
                assert (CLAIMS[name] in said) is not bool(unsure)
                assert (OFFERS[name] in said) is not bool(unsure)
                assert "not in the score:" not in said


def test_an_area_of_which_nothing_is_known_is_named_though_no_question_of_it_is_needed_k11(
    client: ConformingClient, cast: Cast
) -> None:
    check = _finished(IP, {"licensing"})
    client.sign_in(cast.founder)
    for said in (_flat(client.get(f"/readiness/{check.id}").text), _paper(client, check)):
        assert "Not known yet, and not in the score: Licensing and commercialisation." in said
        assert "for the answers given" in said
        assert CLAIMS[IP] in said
        assert "needed to finish" not in said


def test_the_lowest_level_keeps_its_warning(client: ConformingClient, cast: Cast) -> None:
    made = assessments.taken(assessments.own(), IP, "a")
    readiness.answer(made, {"own4": UNSURE}, by=SYSTEM)
    check = readiness.finish(assessments.again(made), by=SYSTEM)
    said = _flat(client.sign_in(cast.founder).get(f"/readiness/{check.id}").text)
    assert "Key rights may not belong to the business" in said
    assert "answered “Not sure yet”. Find out, and answer again:" in said


def test_lists_panels_and_files_mark_a_result_whose_needed_answers_are_not_known_k10(
    client: ConformingClient, cast: Cast
) -> None:
    full, part = _finished(EXPORT, set()), _finished(IP, {"own4"})
    client.sign_in(cast.administrator)
    tabs = [f"/businesses/{BUSINESS}/{tab}" for tab in ("ip", "exporting")]
    for where in (["/readiness"], tabs, ["/readiness.csv"]):
        said = " ".join(_flat(client.get(each).text) for each in where)
        assert f"Investment-grade ({MARK})" in said, where
        assert f"Expanding ({MARK})" not in said, where
    assert full.id != part.id


def test_a_visitor_reads_the_same_and_the_enquiry_carries_it_k10_k11(
    client: ConformingClient, cast: Cast
) -> None:
    check = _finished(IP, set())
    (asked, _of), of = asked_of(check), Circumstances()
    for unsure in ({"ownership"}, set[str]()):
        sheet = Sheet(IP, check.question_set.number, of, _given(asked, of, unsure))
        said = _flat(client.get(f"/check-readiness/{IP}/result?a={sheet.code(asked)}").text)
        assert "100.0 out of 100" in said
        assert ("2 of the questions needed to finish are" in said) is bool(unsure)
        assert ("not in the score: Ownership" in said) is bool(unsure)
        assert (CLAIMS[IP] in said) is not bool(unsure)
        assert (WAITS in said) is bool(unsure)
        token = parse_qs(urlsplit(f"/?{said.split('/enquire?', 1)[1].split(chr(34), 1)[0]}").query)[
            "readiness"
        ][0]
        (told,) = carried_in_words([token]).values()
        assert (f"Investment-grade ({MARK}), 100.0 out of 100" in told) is bool(unsure)
