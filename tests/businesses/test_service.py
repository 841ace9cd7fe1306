"""What is done with businesses: kept once, changed with history, closed to whoever it is not meant for."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.audit.queries import entries_about
from crm.businesses.models import Business, BusinessWord, Claim, Consent, YearlyFigures
from crm.businesses.queries.facts import facts_of, growth
from crm.businesses.queries.inviting import colleague_of
from crm.businesses.queries.seeing import business, consents_of, places_of
from crm.businesses.service import claiming, colleagues, inviting, keeping, people
from crm.businesses.service.keeping import BusinessDetails, LooksLikeAnother
from crm.businesses.workflow import ConnectionKind, ConsentPurpose
from crm.kernel.errors import Conflict, Invalid, NotAllowed
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM
from crm.kernel.roles import Standing
from crm.notices.models import Letter
from crm.throttles.rules import Source
from tests import factories
from tests.cast import BUSINESS, Cast


def add(**details: Any) -> Business:
    by = details.pop("by", SYSTEM)
    return keeping.add(BusinessDetails(**({"name": "Thistle Loom"} | details)), by=by)


def again(found: Business) -> Business:
    whole = business(found.id)
    assert whole is not None
    return whole


@pytest.mark.parametrize("form", ["company", "cic", "plc", "llp"])
def test_a27_a_registered_business_needs_a_place(cast: Cast, form: str) -> None:
    with pytest.raises(Invalid) as refused:
        add(legal_form=form)
    assert refused.value.field == "trading_postcode"
    assert add(legal_form=form, trading_outcode="B13").authority == "Birmingham"


def test_a_place_is_worked_out_and_leads_to_its_hub(cast: Cast) -> None:
    made = add(trading_postcode="CV1 2AA")
    assert (made.authority, made.trading_outcode) == ("Coventry", "CV1")
    assert made.hub_id is not None
    assert add(name="No Place Known").hub_id is None


def test_a27_of_a_company_number_there_is_one_business(cast: Cast) -> None:
    add(company_number="01234567")
    with pytest.raises(Invalid) as refused:
        add(name="Quite Another", company_number="01234567", not_a_duplicate="I say so")
    assert refused.value.field == "company_number"


@pytest.mark.parametrize(
    "same",
    [
        {"name": "THISTLE LOOM LIMITED", "trading_outcode": "B9"},
        {"name": "Else", "website": "https://thistle.example/about"},
    ],
)
def test_a28_what_looks_the_same_is_shown_first_and_goes_on_only_with_a_reason(
    cast: Cast, same: dict[str, str]
) -> None:
    add(trading_outcode="B9", website="https://www.thistle.example")
    with pytest.raises(LooksLikeAnother):
        add(**same)
    made = add(**same, not_a_duplicate="A sister company in the same house")
    (entry,) = entries_about(made)
    assert entry.values is not None
    assert entry.values.changes["not_a_duplicate"] == [None, "A sister company in the same house"]


def test_a28_the_same_name_elsewhere_is_another_business_once_it_is_said_why(cast: Cast) -> None:
    add(trading_outcode="B9")
    with pytest.raises(Invalid, match="a record of this business already"):
        add(name="Thistle Loom Ltd", trading_outcode="CV1")
    assert add(name="Thistle Loom Ltd", trading_outcode="CV1", not_a_duplicate="Another loom")


def test_a44_three_changes_in_one_save_are_one_entry_and_a_refused_save_leaves_none(cast: Cast) -> None:
    made = add(trading_outcode="B9")
    details = BusinessDetails(
        name="Thistle & Loom", stage="growth", description="Weaving", trading_outcode="B9"
    )
    keeping.edit(made, details, by=cast.adviser.actor)
    newest = entries_about(made)[0]
    assert newest.values is not None
    assert newest.values.changes == {
        "name": ["Thistle Loom", "Thistle & Loom"],
        "stage": [None, "growth"],
        "description": ["", "Weaving"],
    }
    before = len(entries_about(made))
    with pytest.raises(Invalid):
        keeping.edit(made, BusinessDetails(name="X", legal_form="company"), by=cast.adviser.actor)
    assert len(entries_about(made)) == before


def test_whoever_edits_what_somebody_else_changed_meanwhile_is_told(cast: Cast, db: Session) -> None:
    made = add(trading_outcode="B9")
    seen = made.version
    keeping.edit(
        made, BusinessDetails(name="First", trading_outcode="B9", version=seen), by=cast.adviser.actor
    )
    db.flush()
    with pytest.raises(Conflict):
        keeping.edit(
            made, BusinessDetails(name="Second", trading_outcode="B9", version=seen), by=cast.adviser.actor
        )
    assert made.name == "First"


def test_an_edit_changes_by_which_words_it_is_found(cast: Cast, db: Session) -> None:
    made = add(trading_outcode="B9", trading_names=("Loomery",))
    keeping.edit(made, BusinessDetails(name="Anvil", trading_outcode="B9"), by=SYSTEM)
    words = set(db.scalars(select(BusinessWord.word).where(BusinessWord.business_id == made.id)))
    assert words == {"anvil", "b9"}


def test_a34_an_archived_record_cannot_be_changed_until_it_is_restored(cast: Cast, db: Session) -> None:
    made = add(trading_outcode="B9")
    keeping.archive(made, reason="It closed", by=cast.hub_manager.actor)
    db.flush()
    acts = (
        lambda: keeping.edit(made, BusinessDetails(name="X", trading_outcode="B9"), by=SYSTEM),
        lambda: people.add_person(made, people.PersonDetails("Ann"), by=SYSTEM),
        lambda: people.record_figures(made, people.YearDetails(date(2026, 3, 31)), by=SYSTEM),
        lambda: keeping.share(made, factories.hub().id, reason="x", by=SYSTEM),
        lambda: keeping.override_place(made, "Dudley", reason="x", by=SYSTEM),
        lambda: claiming.claim(made, claiming.Claimant("Ann", "ann@made.example"), by=SYSTEM),
    )
    for act in acts:
        with pytest.raises(Conflict, match="archived"):
            act()
    keeping.restore(made, by=cast.hub_manager.actor)
    assert keeping.edit(made, BusinessDetails(name="X", trading_outcode="B9"), by=SYSTEM)


def test_a34_advisers_do_not_archive(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        keeping.archive(add(trading_outcode="B9"), reason="x", by=cast.adviser.actor)


def test_a22_an_address_stands_once_at_a_business_and_at_another_too(cast: Cast) -> None:
    one, other = add(trading_outcode="B9"), add(name="Other", trading_outcode="B9")
    people.add_person(one, people.PersonDetails("Jo", email="jo@x.example"), by=SYSTEM)
    with pytest.raises(Invalid) as refused:
        people.add_person(one, people.PersonDetails("Joanna", email="jo@x.example"), by=SYSTEM)
    assert refused.value.field == "email"
    assert people.add_person(other, people.PersonDetails("Jo", email="jo@x.example"), by=SYSTEM)


def test_a_consent_is_kept_in_its_wording_taken_back_and_given_anew(cast: Cast, db: Session) -> None:
    made, purpose = add(trading_outcode="B9"), ConsentPurpose.NEWS
    agreement = people.Agreement("Ann", "on this site")
    first = people.give_consent(made, purpose, agreement=agreement, by=SYSTEM)
    assert people.give_consent(made, purpose, agreement=agreement, by=SYSTEM) is first
    held = db.get(Consent, first.id)
    assert held is not None
    db.refresh(held, ["business"])
    people.withdraw_consent(held, by=SYSTEM)
    db.flush()
    with pytest.raises(Conflict):
        people.withdraw_consent(held, by=SYSTEM)
    people.give_consent(made, purpose, agreement=agreement, by=SYSTEM)
    assert [bool(each.withdrawn_at) for each in consents_of(made.id)].count(True) == 1
    assert len(consents_of(made.id)) == 2


def test_figures_of_a_year_are_corrected_not_doubled_and_unknown_stays_unknown(cast: Cast) -> None:
    made, end = add(trading_outcode="B9"), date(2026, 3, 31)
    people.record_figures(made, people.YearDetails(end, turnover=Money.pounds(10)), by=SYSTEM)
    people.record_figures(made, people.YearDetails(end, turnover=Money.pounds(12), employees=2), by=SYSTEM)
    (row,) = again(made).figures
    assert (row.turnover, row.employees, row.research_spend) == (Money.pounds(12), 2, None)
    for wrong in (
        people.YearDetails(date(2030, 1, 1), employees=1),
        people.YearDetails(end, turnover=Money(1), export_turnover=Money(2)),
    ):
        with pytest.raises(Invalid):
            people.record_figures(made, wrong, by=SYSTEM)


def test_the_facts_of_a_business_leave_unknown_what_is_unknown(cast: Cast) -> None:
    bare = facts_of(add(), (), places=None, needs={}, on=date(2026, 11, 24))
    assert (bare.turnover, bare.employees, bare.places, bare.needs, bare.export_share_pct) == (None,) * 5
    made = add(
        name="Known", trading_postcode="B9 4AA", trading_since=date(2024, 11, 25), dcms_groups=("crafts",)
    )
    year = people.YearDetails(date(2026, 3, 31), turnover=Money.pounds(200), export_turnover=Money.pounds(50))
    people.record_figures(made, year, by=SYSTEM)
    facts = facts_of(
        again(made), again(made).figures, places=places_of(made), needs={"grant": 2}, on=date(2026, 11, 24)
    )
    assert (facts.trading_months, facts.export_share_pct, facts.turnover) == (23, 25, Money.pounds(200))
    assert facts.places is not None


def test_k17_a_later_year_of_which_less_is_known_takes_nothing_away(cast: Cast) -> None:
    made = add(name="Known")
    first = people.YearDetails(
        date(2025, 3, 31), turnover=Money.pounds(200), employees=5, export_turnover=Money.pounds(50)
    )
    people.record_figures(made, first, by=SYSTEM)
    people.record_figures(
        again(made), people.YearDetails(date(2026, 3, 31), turnover=Money.pounds(300)), by=SYSTEM
    )
    facts = facts_of(again(made), again(made).figures, places=None, needs={}, on=date(2026, 11, 24))
    assert (facts.turnover, facts.employees, facts.export_share_pct) == (Money.pounds(300), 5, 25)


def test_a_place_that_an_adviser_knows_better_holds_and_survives_an_edit(cast: Cast) -> None:
    made = add(trading_postcode="B9 4AA")
    keeping.override_place(made, "Dudley", reason="The lease says so", by=cast.adviser.actor)
    keeping.edit(made, BusinessDetails(name="Thistle Loom", trading_postcode="B5 5AA"), by=cast.adviser.actor)
    assert (made.authority, made.place_method, made.place_reason) == (
        "Dudley",
        "adviser",
        "The lease says so",
    )
    assert [place.authority for place in places_of(made) or ()] == ["Dudley"]


def test_sharing_lets_another_hub_in_and_ending_it_shuts_it_out(cast: Cast) -> None:
    found = business(BUSINESS)
    assert found is not None
    other = next(iter(cast.other_adviser.actor.grants)).scope_id
    assert not keeping.POLICY.allows(cast.other_adviser.actor, keeping.Act.VIEW, found)
    keeping.share(found, UUID(str(other)), reason="They work in both", by=cast.adviser.actor)
    assert keeping.POLICY.allows(cast.other_adviser.actor, keeping.Act.VIEW, again(found))
    keeping.end_share(again(found), UUID(str(other)), by=cast.adviser.actor)
    assert not keeping.POLICY.allows(cast.other_adviser.actor, keeping.Act.VIEW, again(found))


def test_a_claim_opens_nothing_until_an_adviser_confirms_it(cast: Cast, db: Session) -> None:
    made = add(trading_outcode="B9")
    claimed = claiming.claim(made, claiming.Claimant("Ann", "ann@made.example"), by=cast.adviser.actor)
    db.refresh(claimed, ["business"])
    assert db.scalars(select(Letter).where(Letter.to_address == "ann@made.example")).all() == []
    account = claiming.confirm_claim(claimed, by=cast.adviser.actor)
    db.flush()
    kinds = set(db.scalars(select(Letter.kind).where(Letter.to_address == "ann@made.example")))
    assert kinds == {"sign_in", "claim_confirmed"}
    db.refresh(account, ["grants"])
    assert [(grant.scope_id, grant.standing) for grant in account.grants] == [(str(made.id), Standing.OWNER)]
    with pytest.raises(Conflict):
        claiming.refuse_claim(claimed, reason="too late", by=cast.adviser.actor)


def test_a_founder_never_confirms_a_claim_and_a_contributor_lets_nobody_in(cast: Cast, db: Session) -> None:
    found = business(BUSINESS)
    assert found is not None
    claimed = factories.claim(found)
    whole = db.get(Claim, claimed.id)
    assert whole is not None
    db.refresh(whole, ["business"])
    with pytest.raises(NotAllowed):
        claiming.confirm_claim(whole, by=cast.founder.actor)
    colleague = inviting.ColleagueWanted("bo@made.example", Standing.CONTRIBUTOR)
    with pytest.raises(NotAllowed):
        inviting.invite_colleague(
            found, colleague, source=Source("192.0.2.1", "s"), by=cast.other_founder.actor
        )
    assert cast.founder.id is not None
    own = colleague_of(BUSINESS, cast.founder.id)
    assert own is not None
    with pytest.raises(Conflict, match="only owner"):
        colleagues.remove_colleague(own, by=cast.founder.actor)


def test_a_connection_is_kept_and_ends(cast: Cast, db: Session) -> None:
    made = add(trading_outcode="B9")
    details = people.ConnectionDetails(ConnectionKind.ASSESSOR_INTEREST, "Ann", valid_from=date(2026, 1, 1))
    connection = people.connect(made, details, by=SYSTEM)
    db.refresh(connection, ["business"])
    people.disconnect(connection, by=SYSTEM)
    assert connection.valid_to == date(2026, 11, 24)
    with pytest.raises(Conflict):
        people.disconnect(connection, by=SYSTEM)


def test_growth_is_not_reckoned_from_nothing_and_short_years_are_made_long(db: Session) -> None:
    def year(pounds: int | None, months: int = 12) -> YearlyFigures:
        turnover = None if pounds is None else Money.pounds(pounds)
        return YearlyFigures(turnover=turnover, months=months, year_end=date(2026, 3, 31) - timedelta(days=1))

    assert str(growth(year(100), year(120))) == "20.0"
    assert str(growth(year(75, months=9), year(120))) == "20.0"
    assert growth(year(0), year(120)) is None
    assert growth(year(None), year(120)) is None
