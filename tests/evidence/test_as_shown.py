"""What is decided on a page is decided on what the page showed (K4): who saves second is told, and nothing is lost."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from justhtml import JustHTML

from crm.businesses.models import Business
from crm.db.session import session
from crm.documents.queries import documents_about
from crm.evidence import queries
from crm.evidence.models import Ask, Output
from crm.evidence.service import asking, counting
from crm.evidence.service.asking import AskDetails
from crm.evidence.workflow import AskStatus, Instrument, Medium, OutputStatus
from crm.kernel.money import Money
from tests import factories
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient

PDF = b"%PDF-1.7\n%%EOF\n"
MEANWHILE = "This was changed after you opened the page"


def sent_along(page: str, action: str) -> dict[str, str]:
    """What a form of a page carries unseen, but for what every form carries."""
    forms = JustHTML(page, sanitize=False).root.query("form")
    (form,) = [each for each in forms if each.attrs.get("action") == action]
    hidden = [each.attrs for each in form.query("input") if each.attrs.get("type") == "hidden"]
    return {
        each["name"]: each.get("value") or "" for each in hidden if each["name"] not in ("csrf_token", "once")
    }


def ask_again(found: Ask) -> Ask:
    ask_id = found.id
    session().flush()
    session().expire_all()
    known = queries.ask(ask_id)
    assert known is not None
    return known


def output_again(found: Output) -> Output:
    output_id = found.id
    session().flush()
    session().expire_all()
    known = queries.output(output_id)
    assert known is not None
    return known


@pytest.mark.parametrize(
    ("act", "data"),
    [
        ("meet", {"met_by": "A bank"}),
        ("leave-unmet", {"reason": "too_early"}),
        ("drop", {}),
        (
            "edit",
            {"instrument": "loan", "purpose": "Two kilns", "medium": "other", "stage": "", "amount": "1"},
        ),
    ],
)
def test_an_ask_that_a_colleague_changed_is_not_settled_by_a_page_opened_before(
    client: ConformingClient, cast: Cast, owner: Business, act: str, data: dict[str, str]
) -> None:
    made = ask_again(factories.ask(owner, amount=Money.pounds(5_000)))
    client.sign_in(cast.adviser)
    shown = client.get(f"/asks/{made.id}/edit" if act == "edit" else f"/asks/{made.id}").text
    seen = sent_along(shown, f"/asks/{made.id}/{act}")
    changed = AskDetails(Instrument.GRANT, "A studio", Medium.SCREEN, Money.pounds(90_000))
    asking.correct(ask_again(made), changed, by=cast.hub_manager.actor)

    late = client.post(f"/asks/{made.id}/{act}", data=data | seen)

    assert late.status_code == 409
    assert MEANWHILE in late.text
    assert ask_again(made).status is AskStatus.OPEN
    assert ask_again(made).purpose == "A studio"


def test_a_manager_counts_the_proof_that_was_shown_and_no_other(
    client: ConformingClient, cast: Cast, owner: Business
) -> None:
    made = output_again(factories.output(owner, proof="The payroll of March"))
    client.sign_in(cast.hub_manager)
    seen = sent_along(client.get(f"/outputs/{made.id}").text, f"/outputs/{made.id}/claim")
    upload: dict[str, Any] = {"data": {"file": (io.BytesIO(PDF), "Letter.pdf")}}
    client.post(f"/outputs/{made.id}/files/attach", content_type="multipart/form-data", **upload)

    late = client.post(f"/outputs/{made.id}/claim", data=seen | {"proof": "Seen"})
    assert late.status_code == 409
    assert "The files were changed after you opened the page" in late.text
    assert output_again(made).status is OutputStatus.KEPT

    now_seen = sent_along(late.text, f"/outputs/{made.id}/claim")
    assert now_seen["files"] == str(documents_about("output", made.id)[0].id)
    assert client.post(f"/outputs/{made.id}/claim", data=now_seen | {"proof": "Seen"}).status_code == 303


@pytest.mark.parametrize(
    ("act", "data"),
    [
        ("claim", {"proof": "Seen"}),
        ("withdraw", {"why": "Twice"}),
        ("correct", {"amount": "9", "reason": "Counted again"}),
    ],
)
def test_an_outcome_that_a_colleague_corrected_is_not_decided_by_a_page_opened_before(
    client: ConformingClient, cast: Cast, owner: Business, act: str, data: dict[str, str]
) -> None:
    made = output_again(factories.output(owner, indicator=factories.indicator(unit="count")))
    client.sign_in(cast.hub_manager)
    shown = client.get(f"/outputs/{made.id}/correct" if act == "correct" else f"/outputs/{made.id}").text
    seen = sent_along(shown, f"/outputs/{made.id}/{act}")
    counting.correct(output_again(made), 700, reason="Seven of them", by=cast.administrator.actor)

    late = client.post(f"/outputs/{made.id}/{act}", data=data | seen)

    assert late.status_code == 409
    assert MEANWHILE in late.text
    assert (output_again(made).status, output_again(made).amount) == (OutputStatus.KEPT, 700)


def test_jobs_are_counted_on_the_baseline_that_was_shown(
    client: ConformingClient, cast: Cast, owner: Business
) -> None:
    factories.baseline(owner, fte_hundredths=200)
    where = f"/businesses/{BUSINESS}/outputs/new"
    client.sign_in(cast.adviser)
    seen = sent_along(client.get(where).text, where)
    details = counting.BaselineDetails(300, date(2026, 6, 1), "Payroll")
    counting.set_baseline(owner, details, by=cast.hub_manager.actor)
    session().flush()

    told = {"indicator_code": "job_created", "now": "4", "is_permanent": "yes", "months": "24"}
    day = {"happened_on-day": "20", "happened_on-month": "11", "happened_on-year": "2026"}
    late = client.post(where, data=told | day | seen)

    assert late.status_code == 409
    assert MEANWHILE in late.text
    assert queries.outputs_of(BUSINESS) == []


def test_a_baseline_is_not_overwritten_by_a_page_opened_before(
    client: ConformingClient, cast: Cast, owner: Business
) -> None:
    factories.baseline(owner, fte_hundredths=200)
    where = f"/businesses/{BUSINESS}/baseline"
    client.sign_in(cast.adviser)
    seen = sent_along(client.get(where).text, where)
    counting.set_baseline(
        owner, counting.BaselineDetails(300, date(2026, 6, 1), "x"), by=cast.hub_manager.actor
    )
    session().flush()

    day = {"measured_on-day": "1", "measured_on-month": "6", "measured_on-year": "2026"}
    late = client.post(where, data=day | {"fte": "9", "source": "A call"} | seen)

    assert late.status_code == 409
    session().expire_all()
    kept = queries.baseline_of(BUSINESS)
    assert kept is not None
    assert kept.fte_hundredths == 300


def test_k12_what_cannot_be_corrected_now_is_refused_before_the_form(
    client: ConformingClient, cast: Cast, owner: Business
) -> None:
    settled = factories.ask(owner, _status=AskStatus.DROPPED, settled_on=date(2026, 11, 1))
    counted = factories.output(owner, indicator=factories.indicator(unit="business"))
    client.sign_in(cast.hub_manager)

    for where, said in (
        (f"/asks/{settled.id}/edit", "Reopen it first"),
        (f"/outputs/{counted.id}/correct", "A business counts as one"),
    ):
        refused = client.get(where)
        assert refused.status_code == 409
        assert said in refused.text
