"""The audit log read aloud: each line names its thing, links to it, says its values in words; searched and downloaded."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import Integer, select
from sqlalchemy.orm import Session

from crm.app import FEATURES
from crm.audit import service
from crm.audit.rules import Wording, field_in_words, told
from crm.db.base import Base
from crm.funding.envelopes.models import LedgerEntry
from crm.funding.envelopes.workflow import Act as EnvelopeAct
from crm.kernel.clock import now
from crm.kernel.permissions import SYSTEM
from crm.web.feature import unfolded
from tests import factories, rounds
from tests.cast import BUSINESS, Cast
from tests.client import ConformingClient
from tests.funding.envelopes.money import envelope
from tests.rules.test_budgets import cast_business

ROOMS = unfolded(FEATURES)
WORDS = {key: said for room in ROOMS for key, said in room.words.items()}
# Whole numbers that are read as they are: counts, places in an order, marks.
PLAIN = frozenset(
    {
        *("angel.version", "document.size", "capacity.most_open", "letter.attempts", "throttle_count.tries"),
        *("gate_visit.tried", "audit_seal.up_to_id", "audit_seal.entries", "workshop.sequence"),
        "submission.up_to_id",
        *("feed_import.page", "feed_import.pages", "incoming_service.page", "incoming_service.place"),
        "incoming_service.became",
        *("evidence_end.showings", "evidence_end.statements", "evidence_end.attempts"),
        *("appointment.sequence", "action_plan.number", "pitch.number", "pitch_review.number"),
        *("assessment_version.number", "stripe_check.looked", "stripe_event.tries"),
        *("pitch_version.number", "promotion.pitch_version", "referral.chases"),
        *("criterion.highest", "criterion.least", "moderation.value", "score.value", "round_assessor.most"),
        *("service.min_employees", "service.max_employees", "programme_round.min_employees"),
        *("programme_round.max_employees", "yearly_figures.employees"),
        *("readiness_check.score", "readiness_set.number"),
        *("cohort_proposal.steps", "cohort_proposal.done", "cohort_proposal.attempts"),
        *("decision.place", "cohort_draft.reserves", "cohort_target.least"),
        *(
            "award_claim.number",
            "award_claim_version.number",
            "outcome_report.place",
            "outcome_figures.number",
        ),
        *("outcome_figures.employees", "outcome_figures.rights_registered", "delegation.sequence"),
        *("delegation_place.queue", "delegation_place.seat"),
        *("delegation_return.leads", "delegation_return.meetings"),
        *("company_update.people", "company_update.shares_in_issue", "network_yearly_letter.year"),
        *("night_feedback.score", "night_place.sequence", "night_slot.sequence"),
        *("pledge.pitch_version", "raise_exemption.people_before", "syndicate_terms.number"),
        *("company_update_correction.people", "company_update_correction.shares_in_issue"),
        # Counts of the worker, which no act writes a line about.
        *(f"coverage_cell.{each}" for each in ("alone", "micro", "small", "medium")),
        *(f"coverage_count.{each}" for each in ("businesses", "services", "unconfirmed")),
        *(f"coverage_gap.{each}" for each in ("asked", "businesses", "unreached")),
        *(
            "coverage_total.uncovered",
            "coverage_total.unserved",
            "report_count.rows",
            "report_count.seen_entry",
        ),
        *(f"report_cell.{each}" for each in ("amount", "behind", "count")),
        *("checked_service.became", "night_guest.sequence"),
    }
)


def lines(page: str) -> list[str]:
    """What the headings of the lines say, without their markup."""
    found = re.findall(r'<h2 class="govuk-heading-s[^>]*>(.*?)</h2>', page, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", "", each).split()) for each in found]


def test_p25_a_line_names_the_account_that_was_deactivated_and_links_to_it(
    client: ConformingClient, cast: Cast
) -> None:
    client.sign_in(cast.administrator)
    assert client.post(f"/people/{cast.assessor.id}/deactivate").status_code == 303
    page = client.get("/audit").text

    assert f"{cast.administrator.account.name} deactivated: {cast.assessor.account.name}" in lines(page)
    assert f'href="/people/{cast.assessor.id}"' in page


def test_a_line_about_an_application_says_which_and_of_whom(client: ConformingClient, cast: Cast) -> None:
    made = rounds.application(cast_business(), rounds.bare_round())
    service.record("fill_in_application", made, by=cast.founder.actor)
    page = client.sign_in(cast.auditor).get("/audit").text

    wanted = f"{cast.founder.account.name} filled in application: {made.reference}, Cast Pictures"
    assert any(line.startswith(wanted) for line in lines(page))
    assert f'href="/applications/{made.id}"' in page


def test_no_link_is_shown_to_a_reader_who_may_not_open_the_page(client: ConformingClient, cast: Cast) -> None:
    made = rounds.assessment(rounds.application(cast_business(), rounds.bare_round()), cast.assessor.account)
    service.record("score_assessment", made, by=cast.assessor.actor)
    page = client.sign_in(cast.auditor).get("/audit").text

    assert any("scored assessment" in line for line in lines(page))
    assert f"/assessments/{made.id}" not in page


@pytest.mark.parametrize(
    ("kind", "field", "value", "said"),
    [
        ("programme_round", "threshold", 6000, "60%"),
        ("programme_round", "weight", [800, 700], "8% → 7%"),
        ("conversation", "quarters", 6, "1.5 hours"),
        ("workshop", "quarters", 4, "1 hour"),
        ("business", "legal_form", "sole_trader", "Sole trader"),
        ("business", "dcms_groups", ["crafts"], "Crafts"),
        ("business", "hub_id", str(UUID(int=7)), "something since deleted"),
        ("pitch", "instrument", "loan_note", "Loan notes"),
        ("programme_round", "grace_minutes", 1, "1 minute"),
        ("baseline", "fte_hundredths", 350, "3.5"),
        ("application", "is_dry_run", True, "yes"),
        ("certification", "signed_on", "2026-11-24", "24 November 2026"),
    ],
)
def test_a_stored_value_has_its_unit_and_its_words(kind: str, field: str, value: object, said: str) -> None:
    (change,) = Wording(WORDS).changes(kind, {field: value})

    assert str(change).casefold() == f"{field_in_words(field)}: {said}".casefold()


def test_a_proposed_figure_is_named_with_its_unit() -> None:
    changes = Wording(WORDS).changes(
        "dated_figure", {"name": [None, "enquiry.reply_days"], "value": [None, "5"]}
    )

    assert [str(each) for each in changes] == [
        "Name: " + str(WORDS["dated_figure.name"]["enquiry.reply_days"]),  # type: ignore[index]
        "Value: 5 working days",
    ]


def test_every_stored_number_has_a_unit_or_is_read_as_it_is() -> None:
    numbers = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, Integer) and not column.primary_key and not column.foreign_keys
        if column.name not in {"version", "position"}
    }

    assert numbers - set(WORDS) - PLAIN == set()


def test_every_kind_of_thing_that_words_speak_of_is_a_table() -> None:
    tables = Base.metadata.tables
    assert {key for key in WORDS if key.partition(".")[0] not in tables} == set()
    assert {table for room in ROOMS for table in room.pages if table not in tables} == set()


@pytest.mark.parametrize(
    ("act", "said"),
    [
        ("fill_in_application", "filled in application"),
        ("take_back_request", "withdrew a request to meet"),
        ("submit_pitch", "submitted pitch"),
        ("copy_round", "copied round"),
        ("end_grant", "ended grant"),
        ("sign_in", "signed in"),
        ("destroy", "destroyed"),
        ("send_plan", "sent plan"),
        ("readmit_angel", "readmitted investor"),
        ("forget_search", "forgot search"),
    ],
)
def test_an_act_is_told_in_the_past(act: str, said: str) -> None:
    assert told(act) == said


def test_the_log_is_searched_by_person_thing_act_and_days(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    service.record("edit_business", cast_business(), by=cast.adviser.actor)
    service.record("restore_business", factories.business(name="Made Elsewhere"), by=SYSTEM)
    day = now()
    client.sign_in(cast.auditor)

    def found(**asked: object) -> set[str]:
        return {line.partition(": ")[2] for line in lines(client.get("/audit", query_string=asked).text)} & {
            "Cast Pictures",
            "Made Elsewhere",
        }

    asked = {f"first_day-{part}": getattr(day, part) for part in ("day", "month", "year")}
    tomorrow = day + timedelta(days=1)
    later = {f"first_day-{part}": getattr(tomorrow, part) for part in ("day", "month", "year")}
    assert found() == {"Cast Pictures", "Made Elsewhere"}
    assert found(person=cast.adviser.account.name) == {"Cast Pictures"}
    assert found(thing="made elsewhere") == {"Made Elsewhere"}
    assert found(act="edit_business") == {"Cast Pictures"}
    assert found(**asked) == {"Cast Pictures", "Made Elsewhere"}
    assert found(**later) == set()
    assert found(thing="100% of nothing") == set()
    impossible = client.get("/audit?first_day-day=31&first_day-month=2&first_day-year=2026")
    assert (impossible.status_code, 'href="#first_day-day"' in impossible.text) == (422, True)
    assert "Made Elsewhere" not in impossible.text, "what cannot be asked for shows no entries"
    backwards = {f"last_day-{part}": value for part, value in {"day": 1, "month": 1, "year": 2020}.items()}
    answer = client.get("/audit", query_string={**asked, **backwards}).text
    assert "The last day must be the first day or later" in answer


def test_entries_of_the_ledger_and_other_things_are_found_by_one_search(
    client: ConformingClient, cast: Cast, db: Session
) -> None:
    """A ledger counts its rows, so that their ids are numbers; other ids are random."""
    made = envelope(cast, name="Made Fund")
    entry = db.scalars(select(LedgerEntry).where(LedgerEntry.envelope_id == made.id)).one()
    service.record(EnvelopeAct.REVERSE, entry, by=cast.approver.actor)
    client.sign_in(cast.auditor)
    page = client.get("/audit?thing=made+fund").text
    assert f'href="/envelopes/{made.id}"' in page
    assert told(EnvelopeAct.REVERSE) in page


def test_the_auditor_downloads_what_they_searched_for_and_that_is_recorded(
    client: ConformingClient, cast: Cast
) -> None:
    service.record("edit_business", cast_business(), {"stage": ("early", "growth")}, by=cast.adviser.actor)
    client.sign_in(cast.auditor)
    answer = client.get("/audit.csv?thing=cast+pictures&act=edit_business")
    head, *rows = csv.reader(io.StringIO(answer.get_data(as_text=True).lstrip("\ufeff")))

    assert head == ["When", "Who", "What was done", "Kind of thing", "Thing", "Values"]
    ((_, who, did, kind, thing, values),) = rows
    assert (who, did, kind, thing) == (
        cast.adviser.account.name,
        "edited business",
        "business",
        "Cast Pictures",
    )
    assert "→" in values
    assert any("downloaded entries of the audit log" in line for line in lines(client.get("/audit").text))


@pytest.mark.parametrize("part", ["adviser", "founder", "hub_manager", "visitor"])
def test_nobody_else_downloads_the_log(client: ConformingClient, cast: Cast, part: str) -> None:
    assert client.sign_in(cast[part]).get("/audit.csv").status_code in {303, 403, 404}


def test_everything_about_one_thing_and_everything_by_one_person(
    client: ConformingClient, cast: Cast
) -> None:
    service.record("edit_business", cast_business(), by=cast.adviser.actor)
    client.sign_in(cast.auditor)

    about = client.get(f"/audit?kind=business&thing_id={BUSINESS}").text
    assert "What was done to Cast Pictures" in about
    assert all(line.endswith(": Cast Pictures") for line in lines(about))
    by = client.get(f"/audit?by={cast.adviser.id}").text
    assert f"What {cast.adviser.account.name} did" in by


def test_a_history_tells_an_act_without_a_sentence_of_its_own_in_the_past_and_leaves_out_what_is_empty() -> (
    None
):
    assert told("ask_to_confirm_hours") == "asked the business to confirm hours"
    assert told("admit_to_business") == "gave a person access to the business"
    assert field_in_words("rows") == "Number of rows"
    assert field_in_words("wording_version") == "Wording"


def test_a_history_shows_a_value_that_stayed_once_and_nothing_that_is_stored_for_the_service_alone(
    client: ConformingClient, cast: Cast
) -> None:
    stayed = {"email": ("dora@made.example", "dora@made.example"), "match_name": (None, "made name")}
    service.record("edit_business", cast_business(), stayed, by=cast.administrator.actor)
    client.sign_in(cast.administrator)
    history, log = client.get(f"/businesses/{BUSINESS}/history").text, client.get("/audit").text
    for page in (history, log):
        assert page.count("dora@made.example") == 1
        assert "made name" not in page


def test_a_kind_that_the_log_does_not_have_is_refused_and_one_that_it_has_shows_only_its_entries(
    client: ConformingClient, cast: Cast
) -> None:
    factories.entry(factories.business("Kind of Thing"), name=("Before", "After"))
    client.sign_in(cast.auditor)
    refused = client.get("/audit?kind=zz")
    assert (refused.status_code, "cannot be sorted or filtered like that" in refused.text) == (422, True)
    assert client.get(f"/audit?thing_id={BUSINESS}").status_code == 422
    assert "Everything of one kind: business" in client.get("/audit?kind=business").text


def test_a_status_is_read_aloud_with_its_label_and_a_time_as_people_say_it() -> None:
    said = Wording(WORDS).changes(
        "award", {"register_status": ["", "voluntary-arrangement"], "offered_at": "2027-03-01T12:00:00+00:00"}
    )
    assert [str(each) for each in said] == [
        "Offered: 1 March 2027 at midday",
        "Status at Companies House: In a voluntary arrangement",
    ]
