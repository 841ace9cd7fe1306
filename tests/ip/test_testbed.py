"""Test-bed projects: moved on, spent on, joined by businesses; and lessons, which name nobody without consent."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from crm.businesses.service.indexing import index
from crm.db.session import session
from crm.directory.queries import providers_by_name
from crm.ip.testbed.queries import joining, seeing
from crm.ip.testbed.rules.naming import Public, names, runs_of
from crm.ip.testbed.rules.spending import Budget
from crm.ip.testbed.service import leading, spending, taking_part
from crm.ip.testbed.service.leading import Findings
from crm.ip.testbed.service.spending import SpendDetails
from crm.ip.testbed.workflow import Stage
from crm.kernel.clock import today
from crm.kernel.errors import Changed, Conflict, Invalid
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM
from tests import factories
from tests.cast import Cast, Member
from tests.client import ConformingClient
from tests.ip import bed

sqlite = pytest.mark.engine("sqlite")
PROJECT = {
    "title": "Songs for games",
    "question": "Do game studios buy songs?",
    "hypothesis": "One in five does",
    "budget": "12,500.50",
    "may_publish": "",
}


# ---------------------------------------------------------------- rules


@given(st.integers(0, 10**9), st.integers(0, 10**9), st.integers(1, 10**9))
def test_a_sum_fits_just_where_it_is_no_more_than_what_is_left(budget: int, spent: int, more: int) -> None:
    spent = min(spent, budget)
    money = Budget(Money(budget), Money(spent))

    assert (money.why_not_spend(Money(more)) is None) == (spent + more <= budget)
    assert money.share <= 100
    assert (money.share == 100) == (0 < budget == spent)


@pytest.mark.parametrize(
    ("text", "name", "is_named"),
    [
        ("LANTERN-OTTER animation's film", "Lantern Otter Animation", True),
        ("Cop\u200bper\u2060 Lark", "Copper Lark Games Ltd", True),
        ("Creative media in the West Midlands", "West Midlands Games Ltd", False),
        ("The studio CopperLark's brief", "Copper Lark Games Ltd", True),
        ("Café Zoë sold two", "Cafe Zoe", True),
        ("a lantern and an otter", "Lantern Otter", False),
        ("The Mill & Sons", "Mill and Sons Ltd", True),
    ],
)
def test_a_name_is_found_in_a_text_however_it_is_written(text: str, name: str, is_named: bool) -> None:
    assert names(text, [name]) == is_named


def test_runs_of_words_are_of_two_to_eight_and_a_mark_is_of_exact_words() -> None:
    assert runs_of("one two three") == {"one two", "two three", "one two three"}
    assert max(len(each.split()) for each in runs_of(" ".join("abcdefghijkl"))) == 8
    page = Public("a", "b", "c", today(), today(), "d")
    others = [replace(page, **{name: "x"}) for name in ("title", "text", "question", "partners")]
    others += [replace(page, **{name: today() + timedelta(days=1)}) for name in ("tried_from", "tried_to")]
    assert len({page.mark, *(each.mark for each in others)}) == 7


# ---------------------------------------------------------------- projects


@sqlite
def test_k20_a_slip_in_the_last_day_or_the_budget_of_a_project_is_refused(
    client: ConformingClient, cast: Cast, manager: Member
) -> None:
    client.sign_in(manager)
    far = bed.days("starts_on", today()) | bed.days("ends_on", today() + timedelta(days=3_700))
    slip = client.post("/test-bed/propose", data=PROJECT | far | {"budget": "99,999,999,999"})
    for words in ("A project lasts 10 years at most", "The budget must be £10,000,000 or less"):
        assert (slip.status_code, words in slip.text) == (422, True), words


@sqlite
def test_a_project_is_proposed_agreed_run_and_finished_on_its_pages(
    client: ConformingClient, cast: Cast, manager: Member
) -> None:
    client.sign_in(manager)
    first, last = bed.days("starts_on", today()), bed.days("ends_on", today() + timedelta(days=60))
    wrong = client.post(
        "/test-bed/propose", data=PROJECT | first | bed.days("ends_on", today() - timedelta(days=1))
    )
    assert wrong.status_code == 422
    assert "The last day must be on or after the first day" in wrong.text
    where = client.post("/test-bed/propose", data=PROJECT | first | last).headers["Location"]
    assert "Add a partner before the project is agreed" in bed.page(client, where)
    assert client.post(f"{where}/agree").status_code == 409
    provider = str(factories.service().provider_id)
    client.post(f"{where}/partners/add", data={"provider": provider, "name": "", "brings": "rooms"})
    twice = client.post(f"{where}/partners/add", data={"provider": provider, "name": "", "brings": ""})
    assert "is a partner already" in twice.text
    nobody = client.post(f"{where}/partners/add", data={"provider": "", "name": " ", "brings": ""})
    assert "Choose a partner from the directory, or enter the name of another" in nobody.text
    assert "Say what may be published" in bed.page(client, where)
    version = str(seeing.every_project(seeing.Wanted())[0].version)
    client.post(
        f"{where}/change", data=PROJECT | first | last | {"may_publish": "All of it", "version": version}
    )
    assert "Test-bed projects" in bed.page(client, "/desk") or "Agree the project" in bed.page(
        client, "/desk"
    )
    for act, then in (("agree", "Agreed"), ("start", "Running"), ("report", "Reporting")):
        assert client.post(f"{where}/{act}").status_code == 303
        assert then in bed.page(client, where)
    empty = client.post(f"{where}/finish", data={"result": "", "lessons": " "})
    assert "Say what came out" in empty.text
    assert "Say what was learned" in empty.text
    done = client.post(f"{where}/finish", data={"result": "One in ten does", "lessons": "Ask early"})
    assert done.status_code == 303
    told = bed.page(client, where)
    assert "One in ten does" in told
    assert "recorded the result and finished it" in told
    assert client.get(f"{where}/change").status_code == 409


@sqlite
def test_the_list_is_filtered_and_is_downloaded_as_it_is_shown(
    client: ConformingClient, cast: Cast, manager: Member
) -> None:
    bed.proposed(title="Lamps", question="=1+1")
    bed.running(title="Chairs")
    client.sign_in(manager)
    assert "Chairs" in bed.page(client, "/test-bed?stage=running")
    assert "Lamps" not in bed.page(client, "/test-bed?stage=running")
    assert "Lamps" in bed.page(client, "/test-bed?q=lamps&partner=STEAMhouse")
    assert "No project fits this filter" in bed.page(client, "/test-bed?q=tables")
    file = client.get("/test-bed.csv?stage=proposed").get_data(as_text=True)
    assert "Lamps" in file
    assert "'=1+1" in file
    assert "1000.00,0.00,1000.00" in file
    assert "Chairs" not in file
    assert client.sign_in(cast.adviser).get("/test-bed").status_code == 200
    assert client.get("/test-bed.csv").status_code == 403
    assert client.sign_in(cast.founder).get("/test-bed").status_code == 403


@sqlite
def test_a_stopped_project_says_why_and_tells_the_businesses_that_are_in_it(
    client: ConformingClient, cast: Cast, manager: Member
) -> None:
    own = bed.owner()
    factories.person(own, email="ann@made.example")
    found = bed.running()
    bed.invited(own, found)
    client.sign_in(manager)
    assert "Say why" in client.post(f"/test-bed/{found.id}/stop", data={"reason": " "}).text
    client.post(f"/test-bed/{found.id}/stop", data={"reason": "The hall was let"})
    assert "The hall was let" in bed.page(client, f"/test-bed/{found.id}")
    assert bed.letters("test_bed_stopped")[0].context["reason"] == "The hall was let"
    session().expire_all()
    part = joining.part(joining.parts_of([own.id])[0].id)
    assert part is not None
    with pytest.raises(Conflict, match="This project is over"):
        taking_part.take_part(part, by=SYSTEM)
    assert "Say whether you take part" not in bed.page(client.sign_in(cast.founder), "/desk")


def test_an_agreed_project_keeps_a_partner_and_what_may_be_published(db: Session) -> None:
    found = bed.running()
    only = seeing.partner(found.id, found.partners[0].id)
    assert only is not None
    with pytest.raises(Conflict, match="needs a partner"):
        leading.remove_partner(only, reason="It has left", by=SYSTEM)
    with pytest.raises(Invalid, match="fixed when the project was agreed"):
        leading.change(found, bed.details(may_publish=" "), version=None, by=SYSTEM)
    with pytest.raises(Changed):
        leading.change(found, bed.details(), version=found.version - 1, by=SYSTEM)


# ---------------------------------------------------------------- money


@sqlite
def test_spend_is_recorded_to_the_penny_within_the_budget_and_cancelled_with_its_reason(
    client: ConformingClient, cast: Cast, manager: Member
) -> None:
    found = bed.running(budget=Money.pounds(100))
    client.sign_in(manager)
    where = f"/test-bed/{found.id}/spend"
    form: dict[str, Any] = {"what": "Printing", "amount": "99.99"} | bed.days("spent_on", today())
    assert client.post(where, data=form).status_code == 303
    told = bed.page(client, f"/test-bed/{found.id}")
    assert "£99.99" in told
    assert "£0.01" in told
    over = client.post(where, data=form | {"amount": "0.02", "what": "A stamp"})
    assert over.status_code == 422
    assert "This is £0.01 more than is left. Raise the budget first" in over.text
    for name, value, words in (
        ("amount", "0", "Enter an amount of more than £0"),
        ("amount", "-5", "amount"),
        ("amount", "1.234", "pence"),
        ("spent_on", today() + timedelta(days=1), "The day must be today or earlier"),
    ):
        changed = {name: value} if isinstance(value, str) else bed.days(name, value)
        refused = client.post(where, data=form | {"what": f"{value}", "amount": "0.01"} | changed)
        assert refused.status_code == 422
        assert words in refused.text
    line = seeing.spend_of(found.id)[0]
    cancel = f"/test-bed/{found.id}/spend/{line.id}/cancel"
    assert "Say why" in client.post(cancel, data={"reason": ""}).text
    assert client.post(cancel, data={"reason": "Twice"}).status_code == 303
    assert "Twice" in bed.page(client, f"/test-bed/{found.id}")
    assert client.post(cancel, data={"reason": "Again"}).status_code == 409
    assert bed.again(found).spent == Money(0)


def test_a_budget_is_never_lower_than_what_was_spent_and_nothing_is_spent_before_it_is_agreed(
    db: Session,
) -> None:
    with pytest.raises(Conflict, match="once the project is agreed"):
        spending.spend(bed.proposed(), SpendDetails(today(), "Early", Money(1)), by=SYSTEM)
    found = bed.spent().project
    found = bed.again(found)
    with pytest.raises(Invalid, match=r"£250\.50 has been spent already"):
        leading.change(found, bed.details(budget=Money(25_049)), version=None, by=SYSTEM)
    leading.change(found, bed.details(budget=Money(25_050)), version=None, by=SYSTEM)
    assert bed.again(found).money.left == Money(0)


# ---------------------------------------------------------------- businesses


@sqlite
def test_a_business_is_found_invited_and_says_itself_whether_it_takes_part(
    client: ConformingClient, cast: Cast, manager: Member
) -> None:
    own = bed.owner()
    factories.person(own, email="ann@made.example")
    found = bed.running()
    client.sign_in(manager)
    index(own)
    assert own.name in bed.page(client, f"/test-bed/{found.id}/find?q={own.name.split()[0]}")
    where = f"/test-bed/{found.id}/invite/{own.id}"
    preview = bed.page(client, where)
    assert ("ann@made.example" in preview, cast.founder.email in preview) == (True, True)
    assert "Say what the business would do" in client.post(where, data={"does": ""}).text
    client.post(where, data={"does": "Use it with three clients"})
    assert client.post(where, data={"does": "Twice"}).status_code == 409
    assert bed.letters("test_bed_invited")[0].context["does"] == "Use it with three clients"
    part = joining.part(joining.parts_of([own.id])[0].id)
    assert part is not None
    assert client.post(f"/test-bed/parts/{part.id}/take-part").status_code == 409, "it has an account"

    client.sign_in(cast.founder)
    assert f"Say whether you take part in the test-bed project {found.title}" in bed.page(client, "/desk")
    assert "Take part" in bed.page(client, f"/test-bed/parts/{part.id}")
    client.post(f"/test-bed/parts/{part.id}/take-part")
    told = bed.page(client, f"/test-bed/parts/{part.id}")
    assert "Taking part" in told
    assert client.post(f"/test-bed/parts/{part.id}/decline").status_code == 409
    assert found.title in bed.page(client, f"/businesses/{own.id}/ip")
    assert client.get(f"/test-bed/{found.id}").status_code == 404
    client.post(f"/test-bed/parts/{part.id}/withdraw")
    assert "Withdrew" in bed.page(client, f"/test-bed/parts/{part.id}")
    assert client.sign_in(cast.other_founder).get(f"/test-bed/parts/{part.id}").status_code == 404


@sqlite
def test_the_desk_of_the_manager_says_what_is_due_and_its_number_opens_the_running_projects(
    client: ConformingClient, cast: Cast, manager: Member
) -> None:
    late = bed.running(starts_on=today() - timedelta(days=9), ends_on=today() - timedelta(days=1))
    due = bed.proposed(title="Due to start")
    leading.agree(due, by=SYSTEM)
    written = bed.running(title="To write up")
    leading.report(written, by=SYSTEM)
    desk = bed.page(client.sign_in(manager), "/desk")
    assert "End the trial, or change its last day" in desk
    assert "Start the project" in desk
    assert "Record the result and finish the project" in desk
    assert "/test-bed?stage=running" in desk
    assert late.title in bed.page(client, "/search?q=contract")
    leading.finish(bed.again(written), Findings("It works", "Write it down"), by=SYSTEM)
    assert bed.again(written).status is Stage.FINISHED
    assert "Record the result and finish the project" not in bed.page(client, "/desk")


@sqlite
def test_a_business_is_invited_to_what_was_agreed_and_a_mistaken_invitation_is_cancelled_n14(
    client: ConformingClient, cast: Cast, manager: Member
) -> None:
    own = bed.owner()
    factories.person(own, email="ann@made.example")
    found = bed.proposed()
    client.sign_in(manager)
    where = f"/test-bed/{found.id}/invite/{own.id}"
    refused = client.post(where, data={"does": "Use it"})
    assert refused.status_code == 409
    assert "once the project is agreed" in refused.text
    assert bed.letters("test_bed_invited") == []
    client.post(f"/test-bed/{found.id}/agree")
    client.post(where, data={"does": "Use it"})
    letter, to_reply = sorted(bed.letters("test_bed_invited"), key=lambda each: not each.context["is_known"])
    assert to_reply.to_address == "ann@made.example"
    assert letter.context["partners"] == "STEAMhouse"
    assert letter.context["may_publish"] == "The result without names"
    part = joining.part(joining.parts_of([own.id])[0].id)
    assert part is not None
    page = f"/test-bed/parts/{part.id}"
    assert client.sign_in(cast.founder).post(f"{page}/cancel").status_code == 403
    client.sign_in(manager).post(f"{page}/cancel")
    assert "Invitation cancelled" in bed.page(client, page)
    told = {each.to_address for each in bed.letters("test_bed_cancelled")}
    assert cast.founder.email in told, "who has an account is told, not the contact alone"
    assert "Say whether you take part" not in bed.page(client.sign_in(cast.founder), "/desk")
    assert client.post(f"{page}/take-part").status_code == 409
    assert client.sign_in(manager).post(where, data={"does": "Use it twice"}).status_code == 303
    assert "Say whether you take part" in bed.page(client.sign_in(cast.founder), "/desk")
    client.post(f"{page}/take-part")
    assert client.sign_in(manager).post(f"{page}/cancel").status_code == 409


@sqlite
def test_what_is_tested_stays_as_it_was_when_the_project_started_and_its_days_are_those_it_took(
    client: ConformingClient, cast: Cast, manager: Member
) -> None:
    found = bed.proposed(starts_on=today() + timedelta(days=5))
    bed_part = bed.whole(found.id)
    leading.agree(bed_part, by=SYSTEM)
    part = taking_part.invite(bed_part, bed.owner(), does="Use it", by=SYSTEM)
    taking_part.take_part(part, by=SYSTEM)
    client.sign_in(manager)
    where = f"/test-bed/{found.id}"
    client.post(f"{where}/start")
    assert bed.again(found).starts_on == today()
    form = bed.page(client, f"{where}/change")
    assert "were fixed when the project started" in form
    assert 'name="hypothesis"' not in form
    given = PROJECT | bed.days("starts_on", today()) | bed.days("ends_on", today() + timedelta(days=60))
    version = str(bed.again(found).version)
    done = client.post(f"{where}/change", data=given | {"may_publish": "All of it", "version": version})
    assert done.status_code == 303
    assert bed.again(found).hypothesis == "Half of them sign within six months"
    with pytest.raises(Invalid, match="fixed when the project started"):
        leading.change(bed.again(found), bed.details(hypothesis="All of them"), version=None, by=SYSTEM)
    client.post(f"{where}/report")
    assert bed.again(found).ends_on == today()
    assert "Taking part" in bed.page(client, where)
    client.post(f"{where}/finish", data={"result": "One in ten does", "lessons": "Ask early"})
    assert "Took part" in bed.page(client, where)
    assert "Taking part" not in bed.page(client, where)
    assert "Took part" in bed.page(client, f"/test-bed/parts/{part.id}")


@sqlite
def test_a_partner_is_added_once_however_its_name_is_written_and_never_dropped(
    client: ConformingClient, cast: Cast, manager: Member
) -> None:
    found = bed.proposed()
    where = f"/test-bed/{found.id}/partners/add"
    service = factories.service()
    name = next(name for name, each in providers_by_name().items() if each.id == service.provider_id)
    client.sign_in(manager)
    twice = client.post(where, data={"provider": "", "name": " steamhouse ", "brings": ""})
    assert "STEAMhouse is a partner already" in twice.text
    both = client.post(where, data={"provider": str(service.provider_id), "name": "Made Lab", "brings": ""})
    assert both.status_code == 422
    assert "Choose one from the directory, or enter a name, not both" in both.text
    client.post(where, data={"provider": "", "name": name.upper(), "brings": ""})
    assert {each.provider_id for each in bed.again(found).partners} == {None, service.provider_id}
    anew = client.post(where, data={"provider": "", "name": name.upper(), "brings": ""})
    assert "is a partner already" in anew.text, "the same words, on a form opened anew"
    again = client.post(where, data={"provider": str(service.provider_id), "name": "", "brings": ""})
    assert "is a partner already" in again.text


@sqlite
def test_nothing_is_spent_before_the_project_and_a_list_is_never_filtered_by_what_it_does_not_offer(
    client: ConformingClient, cast: Cast, manager: Member
) -> None:
    found = bed.running()
    client.sign_in(manager)
    early = {"what": "Printing", "amount": "9.99"} | bed.days("spent_on", today() - timedelta(days=1))
    refused = client.post(f"/test-bed/{found.id}/spend", data=early)
    assert refused.status_code == 422
    assert "The project began on" in refused.text
    for path in ("/test-bed", "/test-bed.csv"):
        assert client.get(f"{path}?stage=zzz").status_code == 422
        assert client.get(f"{path}?partner=Nobody").status_code == 422
