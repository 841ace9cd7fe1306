"""Conversations: sound even as drafts, whole before they count, with the team of the day, for advisers alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.accounts.models import Account, RoleGrant
from crm.accounts.workflow import AccountStatus
from crm.audit.queries import entries_about
from crm.businesses.models import Business
from crm.businesses.queries.seeing import business
from crm.casework import queries
from crm.casework.models import Conversation, SupportHours
from crm.casework.queries.people import CENTRAL
from crm.casework.service import conversing, keeping_kinds
from crm.casework.service.conversing import ConversationDetails
from crm.casework.workflow import Channel, ConversationStatus
from crm.directory.workflow import ServiceStatus
from crm.kernel.clock import now, today
from crm.kernel.errors import Conflict, Invalid, NotAllowed
from crm.kernel.permissions import SYSTEM
from crm.kernel.roles import Role, Scope
from tests import factories
from tests.cast import BUSINESS, OTHER_BUSINESS, Cast
from tests.client import ConformingClient


@pytest.fixture
def details(cast: Cast, owner: Business) -> ConversationDetails:
    """All that a record needs."""
    assert cast.adviser.id is not None
    return ConversationDetails(
        happened_on=today(),
        subject="The accounts",
        people=(factories.person(owner).id,),
        advisers=(cast.adviser.id,),
        notes="Between us.",
        channel=Channel.VIDEO,
        kind_code=factories.support_kind().code,
        quarters=6,
    )


def kept(cast: Cast, owner: Business, details: ConversationDetails) -> Conversation:
    return again(conversing.record(owner, details, by=cast.adviser.actor))


def again(found: Conversation) -> Conversation:
    whole = queries.conversation(found.id)
    assert whole is not None
    return whole


def test_a16_whoever_took_part_is_at_this_business(
    cast: Cast, owner: Business, details: ConversationDetails
) -> None:
    other = business(OTHER_BUSINESS)
    assert other is not None
    for people in ((factories.person(other).id,), (), (*details.people, uuid4())):
        with pytest.raises(Invalid) as refused:
            kept(cast, owner, replace(details, people=people))
        assert refused.value.field == "people"


def test_a17_a_draft_may_lack_what_a_whole_record_needs(
    cast: Cast, owner: Business, details: ConversationDetails
) -> None:
    for field, changed in {
        "kind_code": replace(details, kind_code=None),
        "channel": replace(details, channel=None),
    }.items():
        draft = kept(cast, owner, changed)
        with pytest.raises(Invalid) as refused:
            conversing.complete(draft, by=cast.adviser.actor)
        assert refused.value.field == field
        assert draft.status is ConversationStatus.DRAFT


def test_a17_what_is_complete_becomes_no_draft_again(
    cast: Cast, owner: Business, details: ConversationDetails
) -> None:
    made = kept(cast, owner, details)
    conversing.complete(made, by=cast.adviser.actor)
    for act in (conversing.complete, conversing.discard):
        with pytest.raises(Conflict):
            act(made, by=cast.adviser.actor)
    with pytest.raises(Invalid):
        conversing.edit(made, replace(details, kind_code=None), version=None, by=cast.adviser.actor)
    assert made.status is ConversationStatus.COMPLETE


@pytest.mark.parametrize("count", [0, 2])
def test_a18_at_least_one_adviser_and_each_once(
    cast: Cast, owner: Business, details: ConversationDetails, count: int
) -> None:
    assert cast.adviser.id is not None
    with pytest.raises(Invalid) as refused:
        kept(cast, owner, replace(details, advisers=(cast.adviser.id,) * count))
    assert refused.value.field == "advisers"


def test_a18_a_founder_is_no_adviser(cast: Cast, owner: Business, details: ConversationDetails) -> None:
    assert cast.founder.id is not None
    with pytest.raises(Invalid):
        kept(cast, owner, replace(details, advisers=(cast.founder.id,)))


def test_a19_the_team_of_the_day_stays_when_an_adviser_moves_on(
    cast: Cast, owner: Business, details: ConversationDetails, db: Session
) -> None:
    made = kept(cast, owner, details)
    before = made.advisers[0].team
    assert before == owner.hub.name if owner.hub else CENTRAL
    grants = db.scalars(select(RoleGrant).where(RoleGrant.account_id == cast.adviser.id)).all()
    for each in grants:
        each.valid_to = today() - timedelta(days=1)
    new = factories.hub(name="Another Team")
    factories.grant(cast.adviser.account, Role.ADVISER, scope=Scope.HUB, scope_id=str(new.id))
    db.flush()
    conversing.edit(made, replace(details, notes="More."), version=None, by=SYSTEM)
    assert again(made).advisers[0].team == before
    assert cast.adviser.id is not None
    assert queries.team_of(cast.adviser.id, on=today()) == "Another Team"


@pytest.mark.parametrize(
    ("removed", "types", "notes", "field"),
    [
        (True, (), "", "barrier_types"),
        (True, ("other",), " ", "barrier_notes"),
        (False, ("finance",), "", "barrier_types"),
        (None, ("finance",), "", "barrier_types"),
    ],
)
def test_a20_a_barrier_is_told_whole_or_not_at_all(
    cast: Cast,
    owner: Business,
    details: ConversationDetails,
    removed: bool | None,
    types: tuple[str, ...],
    notes: str,
    field: str,
) -> None:
    told = {"barrier_removed": removed, "barrier_types": types, "barrier_notes": notes}
    with pytest.raises(Invalid) as refused:
        kept(cast, owner, replace(details, **told))  # type: ignore[arg-type]
    assert refused.value.field == field


def test_a20_a_barrier_that_was_moved_is_kept(
    cast: Cast, owner: Business, details: ConversationDetails
) -> None:
    made = kept(
        cast,
        owner,
        replace(details, barrier_removed=True, barrier_types=("other", "access"), barrier_notes="A visa"),
    )
    assert set(made.barrier_types) == {"other", "access"}


def test_a21_an_area_is_no_kind_of_support_and_a_retired_one_is_offered_no_more(
    client: ConformingClient, cast: Cast, owner: Business, details: ConversationDetails
) -> None:
    assert details.kind_code is not None
    made = kept(cast, owner, details)
    found = queries.kind(details.kind_code)
    assert found is not None
    keeping_kinds.retire(found, by=cast.administrator.actor)
    for code in ("made", "nothing", details.kind_code):
        with pytest.raises(Invalid) as refused:
            kept(cast, owner, replace(details, kind_code=code))
        assert refused.value.field == "kind_code"
    client.sign_in(cast.adviser)
    assert found.code not in client.get(f"/businesses/{BUSINESS}/conversations/new").text
    assert found.label in client.get(f"/conversations/{made.id}").text
    assert found.code in client.get(f"/conversations/{made.id}/edit").text
    conversing.edit(made, replace(details, notes="More."), version=None, by=cast.adviser.actor)
    assert again(made).kind_code == found.code


def test_a23_a_session_that_has_not_been_is_not_kept(
    cast: Cast, owner: Business, details: ConversationDetails
) -> None:
    with pytest.raises(Invalid) as refused:
        kept(cast, owner, replace(details, happened_on=today() + timedelta(days=1)))
    assert refused.value.field == "happened_on"


def test_k4_of_two_who_change_only_who_took_part_the_second_is_told(
    cast: Cast, owner: Business, details: ConversationDetails
) -> None:
    made = kept(cast, owner, details)
    seen = made.version
    both = (*details.people, factories.person(owner, name="Second Person").id)
    conversing.edit(made, replace(details, people=both), version=seen, by=cast.adviser.actor)
    with pytest.raises(Conflict):
        conversing.edit(again(made), details, version=seen, by=cast.adviser.actor)


def test_a44_three_changes_are_one_line_of_the_history(
    cast: Cast, owner: Business, details: ConversationDetails
) -> None:
    made = kept(cast, owner, details)
    changed = replace(details, subject="The plan", notes="", happened_on=date(2026, 11, 20))
    conversing.edit(made, changed, version=made.version, by=cast.adviser.actor)
    conversing.edit(again(made), changed, version=None, by=cast.adviser.actor)
    with pytest.raises(Conflict):
        conversing.edit(again(made), details, version=1, by=cast.adviser.actor)
    edits = [each for each in entries_about(made) if each.act == "edit_conversation"]
    assert len(edits) == 1


def test_a_conversation_keeps_who_joined_and_who_was_there_by_mistake(
    cast: Cast, owner: Business, details: ConversationDetails
) -> None:
    assert cast.hub_manager.id is not None
    made = kept(cast, owner, details)
    person = factories.person(owner)
    changed = replace(details, advisers=(cast.hub_manager.id,), people=(person.id, *details.people))
    conversing.edit(made, changed, version=None, by=cast.adviser.actor)
    assert [each.account_id for each in again(made).advisers] == [cast.hub_manager.id]
    assert {each.person_id for each in again(made).people} == set(changed.people)


def test_a34_nothing_is_kept_at_an_archived_business(
    cast: Cast, owner: Business, details: ConversationDetails, db: Session
) -> None:
    made = kept(cast, owner, details)
    owner.archived_reason = "closed"
    owner._status = type(owner.status)("archived")
    db.flush()
    for act in (
        lambda: conversing.record(owner, details, by=cast.adviser.actor),
        lambda: conversing.complete(made, by=cast.adviser.actor),
    ):
        with pytest.raises(Conflict):
            act()


def test_a42_nobody_outside_sees_what_advisers_note(
    client: ConformingClient, cast: Cast, owner: Business, details: ConversationDetails
) -> None:
    made = kept(cast, owner, replace(details, subject="A quiet word", notes="They are nearly broke"))
    conversing.complete(made, by=cast.adviser.actor)
    for member in (cast.founder, cast.other_founder, cast.angel, cast.other_adviser):
        client.sign_in(member)
        assert client.get(f"/conversations/{made.id}").status_code == 404
    client.sign_in(cast.founder)
    for where in ("/desk", f"/businesses/{BUSINESS}"):
        assert "quiet word" not in client.get(where).text
    with pytest.raises(NotAllowed):
        conversing.record(owner, details, by=cast.founder.actor)


def posted(details: ConversationDetails, **changed: Any) -> dict[str, Any]:
    day = details.happened_on
    form = {"happened_on-day": day.day, "happened_on-month": day.month, "happened_on-year": day.year}
    form |= {"subject": details.subject, "notes": details.notes, "channel": "video", "quarters": "1.5"}
    form |= {"people": [str(each) for each in details.people]}
    form |= {"advisers": [str(each) for each in details.advisers], "kind_code": details.kind_code}
    return form | {"then": "complete"} | changed


def made_by(answer: Any) -> UUID:
    return UUID(answer.headers["Location"].rsplit("/", 1)[-1])


def test_a_conversation_is_kept_whole_in_one_go_and_corrected(
    client: ConformingClient, cast: Cast, details: ConversationDetails, db: Session
) -> None:
    client.sign_in(cast.adviser)
    answer = client.post(f"/businesses/{BUSINESS}/conversations/new", data=posted(details))
    assert answer.status_code == 303
    made_id = made_by(answer)
    made = queries.conversation(made_id)
    assert made is not None
    assert (made.status, made.quarters) == (ConversationStatus.COMPLETE, 6)
    assert db.scalars(select(SupportHours.quarters)).all() == [6]
    assert "The accounts" in client.get(f"/businesses/{BUSINESS}").text
    edited = client.post(f"/conversations/{made_id}/edit", data=posted(details, quarters="2", notes="Other"))
    assert edited.status_code == 303
    assert db.scalars(select(SupportHours.quarters)).all() == [8]


@pytest.mark.parametrize("typed", ["-1", "0", "text", "25", "1.3", "1e1", "１"])
def test_a23_hours_are_quarters_of_a_day(
    client: ConformingClient, cast: Cast, details: ConversationDetails, db: Session, typed: str
) -> None:
    client.sign_in(cast.adviser)
    answer = client.post(f"/businesses/{BUSINESS}/conversations/new", data=posted(details, quarters=typed))
    assert answer.status_code == 422
    assert 'id="quarters-error"' in answer.text
    assert typed in answer.text
    assert db.scalars(select(Conversation)).all() == []


def test_a69_a_note_of_10001_characters_is_refused_and_kept_on_the_page(
    client: ConformingClient, cast: Cast, details: ConversationDetails, db: Session
) -> None:
    client.sign_in(cast.adviser)
    long = "é" * 10_001
    answer = client.post(f"/businesses/{BUSINESS}/conversations/new", data=posted(details, notes=long))
    assert answer.status_code == 422
    assert long in answer.text
    assert db.scalars(select(Conversation)).all() == []


def test_a70_no_form_completes_or_confirms_what_it_does_not_ask(
    client: ConformingClient, cast: Cast, details: ConversationDetails, db: Session
) -> None:
    client.sign_in(cast.adviser)
    extra = {"then": "draft", "status": "complete", "completed_at": "2026-11-24", "recorded_by_id": "x"}
    client.post(f"/businesses/{BUSINESS}/conversations/new", data=posted(details, **extra))
    made = db.scalars(select(Conversation)).one()
    assert (made.status, made.completed_at) == (ConversationStatus.DRAFT, None)
    assert made.recorded_by_id == cast.adviser.id
    assert "draft conversation to complete" in client.get("/desk").text


def test_services_that_were_spoken_of_are_kept_and_changed_with_a_history(
    cast: Cast, owner: Business, details: ConversationDetails
) -> None:
    first, second = factories.service(), factories.service()
    made = kept(cast, owner, replace(details, services=(first.id,)))
    assert [each.service.name for each in made.services] == [first.name]
    conversing.edit(
        made, replace(details, services=(second.id,)), version=made.version, by=cast.adviser.actor
    )
    assert [each.service.name for each in again(made).services] == [second.name]
    with pytest.raises(Invalid) as refused:
        conversing.edit(made, replace(details, services=(uuid4(),)), version=None, by=cast.adviser.actor)
    assert refused.value.field == "services"


def test_a_service_that_closed_since_stays_on_the_record_that_has_it(
    cast: Cast, owner: Business, details: ConversationDetails, client: ConformingClient
) -> None:
    closed = factories.service(ServiceStatus.CLOSED, name="A fund that closed")
    client.sign_in(cast.adviser)
    assert closed.name not in client.get(f"/businesses/{BUSINESS}/conversations/new").text
    made = kept(cast, owner, replace(details, services=(closed.id,)))
    assert closed.name in client.get(f"/conversations/{made.id}").text
    assert closed.name in client.get(f"/conversations/{made.id}/edit").text


def test_k13_what_a_leaver_took_part_in_is_completed_and_the_history_names_the_advisers(
    cast: Cast, client: ConformingClient, owner: Business, details: ConversationDetails, db: Session
) -> None:
    made = kept(cast, owner, details)
    leaver = db.get(Account, cast.adviser.id)
    assert leaver is not None
    leaver._status = AccountStatus.DEACTIVATED
    for grant in db.scalars(select(RoleGrant).where(RoleGrant.account_id == leaver.id)):
        grant.ended_at = now()
    db.flush()
    conversing.edit(made, replace(details, subject="Their accounts"), version=None, by=cast.hub_manager.actor)
    conversing.complete(made, by=cast.hub_manager.actor)
    assert made.status is ConversationStatus.COMPLETE
    page = client.sign_in(cast.hub_manager).get(f"/conversations/{made.id}").text
    assert f"Advisers: {leaver.name}" in " ".join(page.split())
    with pytest.raises(Invalid, match="who worked for a hub on that day"):
        conversing.edit(
            made,
            replace(details, advisers=(cast.founder.actor.account_id,)),
            version=None,
            by=cast.hub_manager.actor,  # type: ignore[arg-type]
        )
