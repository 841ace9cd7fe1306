"""The demonstration's year of the network: members who renew, are silent or unchecked, raises that stall, and what was asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from crm.accounts.queries import account, acting, actor_of, standing_in, standing_in_for
from crm.accounts.service.founders import Admission, admit
from crm.angels.investors.models import Angel
from crm.angels.investors.queries.gate import facts_of
from crm.angels.investors.rules.certifying import NetWorth
from crm.angels.investors.service import certifying, joining
from crm.angels.investors.service.certifying import Signing
from crm.angels.investors.workflow import CheckOutcome
from crm.angels.jobs.inventing import invented_angel, invented_pitch
from crm.angels.pitches.models import Pitch
from crm.angels.pitches.queries.pitches import pitch
from crm.angels.pitches.service import pitching, screening
from crm.angels.pitches.workflow import Verdict
from crm.angels.year.rules.kinds import Kind
from crm.angels.year.service import choosing, mailing, yearly
from crm.angels.year.service.mailing import Wish
from crm.billing.service.periods import PeriodDetails, record
from crm.billing.workflow import Way
from crm.businesses.models import Business
from crm.businesses.queries.listing import Search, businesses
from crm.businesses.queries.seeing import business
from crm.db.changes import amend
from crm.db.session import session
from crm.kernel.clock import now, today
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM, Actor
from crm.throttles.rules import Source

INVENTED = "Invented for the demonstration"
MEMBERS = {"Petra": 20, "Remi": -40, "Sefa": 12, "Tariq": 150, "Ulla": 75, "Viggo": 230}
"""Members by name, and in how many days the time that they paid for ends."""
SILENT, UNCHECKED, STOPPED = ("Tariq", "Ulla", "Viggo"), ("Petra", "Ulla"), "Viggo"
RAISES = ((70, None), (45, None), (20, 9))
"""How many days ago each raise was published, and in how many days it ends."""
FIRST_NUMBER = 20


def load_year(manager: Actor) -> None:
    """Six members and three raises, each on some list, and one of each thing that several can be asked at once."""
    people = {name: _member(name, days, manager) for name, days in MEMBERS.items()}
    choosing.stop_emails(by=_self(people[STOPPED]))
    raised = [_raise(owner, number, manager) for number, owner in enumerate(_free(len(RAISES)))]
    session().flush()
    session().expire_all()
    asked = {
        Kind.RENEW: ("Petra", "Remi", "Tariq"),
        Kind.WAKE: ("Tariq", STOPPED, "Petra"),
        Kind.CHECK: ("Petra", "Sefa"),
    }
    for kind, names in asked.items():
        _ask(kind, [people[name].id for name in names], manager)
    _ask(Kind.UPDATE, [raised[0].id], manager)
    _ask(Kind.CLOSE, [raised[2].id], manager)
    opening = f"{INVENTED}: thank you for a year of questions that founders could use."
    yearly.send(opening, seen=yearly.draft(opening, by=manager).mark, by=manager)


def _member(name: str, days: int, by: Actor) -> Angel:
    """A member for over a year, with an old check where the name is among those without a valid one."""
    email = f"angel.{name.lower()}@demo.example"
    made = joining.join(
        invented_angel(f"{name} Demo-Angel", email), sent_from=Source(email, "demo"), by=SYSTEM
    )
    assert made is not None
    joining.check(made, joining.Check(CheckOutcome.PASSED, today(), "Quin Demo-Network", INVENTED), by=by)
    joining.accept(made, note=f"{INVENTED}: both vouch for them", by=by)
    own = account(made.account_id) if made.account_id else None
    assert own is not None
    last = today() + timedelta(days=days)
    record(
        own, PeriodDetails(last - timedelta(days=364), last, Way.INVOICE, Money.pounds(300), "DEMO-2"), by=by
    )
    said = NetWorth(has_income=True, income=Money.pounds(140_000))
    signing = Signing(made.name, "192.0.2.1", "Firefox on Linux")
    certifying.certify_net_worth(made, said, signing=signing, by=_self(made))
    ago = 400 if name in SILENT else 30
    amend(made, decided_at=now() - timedelta(days=ago), applied_at=now() - timedelta(days=ago + 10))
    if name in UNCHECKED:
        amend(made, checked_on=today() - timedelta(days=400))
    return made


def _self(found: Angel) -> Actor:
    """A member as they act themselves."""
    own = account(found.account_id) if found.account_id else None
    assert own is not None
    session().flush()
    actor = actor_of(own)
    return Actor(actor.account_id, actor.name, actor.grants, facts=facts_of(actor))


def _free(count: int) -> list[Business]:
    """Businesses that never raised money here."""
    raising = set(session().scalars(select(Pitch.business_id)))
    rows = businesses(Search(sort="newest"), SYSTEM).rows
    found = (business(each.id) for each in rows if each.id not in raising)
    return [each for each in found if each is not None][:count]


def _raise(owner: Business, number: int, by: Actor) -> Pitch:
    """A raise that was published some time ago, of a business with an owner."""
    amend(
        owner,
        company_number=owner.company_number or f"0998{number:04}",
        registered_address=owner.registered_address or f"{number + 1} Invented Row, Birmingham",
        registered_postcode=owner.registered_postcode or "B1 1AA",
    )
    admission = Admission(f"owner.year.{number}@demo.example", f"Yara{number} Demo-Owner", owner.id)
    admit(admission, by=standing_in(acting("adviser@demo.example")))
    founder = standing_in_for(owner.id, otherwise=acting("adviser@demo.example"))
    made = pitching.begin(owner, invented_pitch(owner.name, FIRST_NUMBER + number), by=founder)
    pitching.submit(_whole(made.id), by=founder)
    screening.review(_whole(made.id), screening.Opinion(Verdict.FOR, f"{INVENTED}: clear"), by=by)
    screening.publish(_whole(made.id), by=by)
    days, ends = RAISES[number]
    found = _whole(made.id)
    last = today() + timedelta(days=ends) if ends else found.closes_on
    amend(found, published_at=now() - timedelta(days=days), closes_on=last)
    return found


def _whole(pitch_id: UUID) -> Pitch:
    session().flush()
    session().expire_all()
    found = pitch(pitch_id)
    assert found is not None
    return found


def _ask(kind: Kind, ids: Sequence[UUID], by: Actor) -> None:
    wish = Wish(kind, tuple(ids), "" if kind is Kind.CHECK else f"{INVENTED}.")
    mailing.write(wish, seen=mailing.weigh(wish, by=by).mark, by=by)
