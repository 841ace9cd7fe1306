"""The demonstration's enquiries and action plans, all invented: one in every standing, and a queue to work."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from crm.accounts.models import Account
from crm.accounts.queries import account, account_of, actor_of, standing_in
from crm.businesses.models import Business
from crm.businesses.queries.listing import Search as BusinessSearch
from crm.businesses.queries.listing import businesses
from crm.businesses.queries.seeing import business
from crm.db.session import session
from crm.evidence.jobs import load_shut_outs
from crm.evidence.service.excluding import Asked
from crm.evidence.workflow import Occasion
from crm.kernel.clock import earlier, now, today
from crm.kernel.permissions import SYSTEM, Actor
from crm.notices.service import Reader
from crm.signposting.models import ActionPlan, Enquiry, EnquiryDraft
from crm.signposting.queries import enquiring
from crm.signposting.queries.planning import matches_for, plan, step_of
from crm.signposting.rules.planning import why_not_choosable
from crm.signposting.service import absences, attaching, planning, queueing
from crm.signposting.service import enquiring as asking
from crm.signposting.service.enquiring import Told
from crm.signposting.workflow import CloseReason, StepOwner, Way

ADVISER, MANAGER, FOUNDER = "adviser@demo.example", "hub.manager@demo.example", "founder@demo.example"
STORIES = (
    (
        "Juniper Anvil Jewellery",
        "B18 6NF",
        "We are asked for more than two of us can make. Do we take somebody on?",
    ),
    (
        "Folded Heron Books",
        "CV1 2AA",
        "A school chain wants to license our picture books. What do we ask for?",
    ),
    ("Second Signal Games", "B5 5AA", "We need £60,000 to finish a demo that a publisher has asked to see."),
    (
        "Painted Mill Ceramics",
        "DY8 1AA",
        "A shop in Copenhagen wants to stock us. How does one sell abroad now?",
    ),
    (
        "Hollow Bellows Records",
        "WV1 1AA",
        "Our landlord is selling the studio. Where else can a small label go?",
    ),
    ("Bright Compass Design", "B74 2AA", "We would like to know whether what we do counts as research."),
    (
        "Gentle Robin Theatre",
        "WS1 1AA",
        "We want to take our next show on tour and do not know who funds that.",
    ),
)


def load_demo() -> dict[str, int]:
    """A queue with every standing in it, and a business with a plan that was sent, one before, and a draft."""
    if session().scalar(select(func.count()).select_from(Enquiry)):
        return {"demo enquiries": 0}
    with earlier(timedelta(days=9)):
        late = _enquiry(*STORIES[0])
    made = [late, *(_enquiry(*story) for story in STORIES[1:])]
    _work(made)
    session().add(EnquiryDraft(answers={"where": {"place": "B1 1AA"}}, begun_at=now(), changed_at=now()))
    plans = _plans()
    return {"demo enquiries": len(made), "demo plans": len(plans), "demo shut-outs": _shut_outs(made, plans)}


def _shut_outs(made: list[Enquiry], plans: list[ActionPlan]) -> int:
    """One by an enquiry that was linked to a business, one by a plan."""
    asked = [(each.business_id, Asked(Occasion.ENQUIRY, each.id)) for each in made if each.business_id]
    asked += [(each.business_id, Asked(Occasion.PLAN, each.id)) for each in plans[-1:]]
    owners = [(business(key), doing) for key, doing in asked]
    return load_shut_outs((whole, doing) for whole, doing in owners if whole is not None)


def _actor(email: str) -> Actor:
    found = account_of(email)
    whole = account(found.id) if found else None
    assert whole is not None
    return actor_of(whole)


def _enquiry(name: str, postcode: str, story: str) -> Enquiry:
    person = f"{name.split(' ', 1)[0]} Demo-Caller"
    told = Told(
        business_name=name,
        person_name=person,
        email=f"{name.split(' ', 1)[0].lower()}@demo.example",
        phone=None,
        person_role="Founder",
        postcode=postcode,
        outcode=postcode.split(" ", maxsplit=1)[0],
        answers={"needs": ["finance", "ip"], "people": "2", "turnover": "85000"},
        consents=("share_with_providers",),
        story=story,
    )
    made = asking.take_down(told, Way.PHONE, by=standing_in(_actor(ADVISER)))
    session().flush()
    found = enquiring.enquiry(made.id)
    assert found is not None
    return found


def _work(made: list[Enquiry]) -> None:
    """One waits and is late, one waits, one is in hand, one attached, one answered, one closed, one opened again."""
    adviser, manager = _actor(ADVISER), _actor(MANAGER)
    in_hand, answered, closed, again = made[2], made[3], made[4], made[6]
    for each in (in_hand, answered, closed):
        queueing.claim(each, by=adviser)
    attaching.attach_to_new(
        in_hand, not_a_duplicate="Invented for the demonstration", asks_access=True, by=adviser
    )
    queueing.note(in_hand, "Invented: she would rather be called after school.", by=adviser)
    queueing.answer(answered, said="Invented: went through the export basics by telephone.", by=adviser)
    queueing.close(closed, CloseReason.HELPED, note="Invented: found a studio in Digbeth.", by=adviser)
    queueing.close(again, CloseReason.NO_REPLY, note="", by=manager)
    queueing.reopen(again, why="Invented: they wrote again.", by=manager)
    _absence()


def _absence() -> None:
    away = account_of("adviser.cw@demo.example")
    if away is not None:
        days = absences.AwayWanted(away.id, today() + timedelta(days=20), today() + timedelta(days=27))
        absences.record_absence(days, by=standing_in(_actor(MANAGER)))


def _plans() -> list[ActionPlan]:
    found = next(iter(businesses(BusinessSearch(text="Lantern Otter"), SYSTEM).rows), None)
    whole = business(found.id) if found else None
    if whole is None:
        return []
    founder = account_of(FOUNDER)
    assert founder is not None
    first_sent = _sent(whole, founder, services=1)
    newest = _sent(whole, founder, services=3)
    first = step_of(newest.id, newest.steps[0].id)
    assert first is not None
    planning.tick(first, by=_actor(FOUNDER))
    discarded = _draft(whole, services=1)
    planning.discard(discarded, by=standing_in(_actor(ADVISER)))
    return [first_sent, discarded, _draft(whole, services=2), newest]


def _draft(whole: Business, *, services: int) -> ActionPlan:
    by = standing_in(_actor(ADVISER))
    begun = planning.draft_plan(whole, by=by)
    made = plan(begun.id)
    assert made is not None
    planning.write_opening(
        made, "Invented: thank you for the talk. This is what we said.", version=None, by=by
    )
    fitting = [each for each in matches_for(whole) if not why_not_choosable(each)]
    closed = [each for each in matches_for(whole) if why_not_choosable(each)]
    for each in fitting[:services]:
        planning.choose(made, each.service.id, by=by)
    planning.rule_out(made, closed[0].service.id, by=by)
    planning.add_step(
        made, planning.StepDetails("Send the budget for the second series", StepOwner.BUSINESS), by=by
    )
    return made


def _sent(whole: Business, founder: Account, *, services: int) -> ActionPlan:
    made = _draft(whole, services=services)
    planning.send_plan(made, Reader(founder.email, founder.name), by=standing_in(_actor(ADVISER)))
    found = plan(made.id)
    assert found is not None
    return found
