"""The demonstration's referrals: one in every state."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import func, select

from crm.accounts.queries import account, account_of, actor_of
from crm.businesses.models import Business
from crm.businesses.queries.listing import Search, businesses
from crm.businesses.queries.seeing import business, people_of
from crm.businesses.service.people import Agreement, give_consent
from crm.businesses.workflow import ConsentPurpose
from crm.db.session import session
from crm.directory.models import Service
from crm.kernel.clock import today
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM, Actor
from crm.notices.service import Reader
from crm.referrals import queries
from crm.referrals.models import Referral
from crm.referrals.service import answering, preparing, sending, telling
from crm.referrals.workflow import Outcome, ReferralStatus

WHY = "Invented: they know what they want and have not found who gives it."
CAME = answering.Came(Outcome.FUNDED, "Invented: we are glad to have met you.", 8, Money.pounds(1_200))


def _finished(found: Referral, by: Actor) -> None:
    answering.accept(found, by=by)
    answering.complete(found, CAME, by=by)


def _agreed(act: Callable[[Referral, Actor], None]) -> Callable[[Referral, Actor], None]:
    """What happens once the business agreed."""

    def happens(found: Referral, by: Actor) -> None:
        telling.agree(found, by=SYSTEM)
        act(found, by)

    return happens


STATES: dict[str, Callable[[Referral, Actor], None]] = {
    "announced": lambda _found, _by: None,
    "objected": lambda found, _by: telling.object_to(found, reason="Invented: not with them.", by=SYSTEM),
    "sent": _agreed(lambda _found, _by: None),
    "accepted": _agreed(lambda found, by: answering.accept(found, by=by)),
    "under_way": _agreed(lambda found, by: answering.start(found, by=by)),
    "completed": _agreed(_finished),
    "declined": _agreed(lambda found, by: answering.decline(found, reason="Invented: not this year.", by=by)),
    "withdrawn": _agreed(lambda found, by: sending.withdraw(found, reason="Invented: sent twice.", by=by)),
    "lapsed": _agreed(lambda found, _by: lapse(found)),
}


def lapse(found: Referral) -> None:
    """Let it have been asked for an answer as often as may be, and still be late."""
    found.chases, found.due_on = 2, today().replace(year=today().year - 1)
    session().flush()
    sending.chase_or_lapse()


def load_demo() -> dict[str, int]:
    """A draft, and one in every other state."""
    if session().scalar(select(func.count()).select_from(Referral)):
        return {"demo referrals": 0}
    found = next(iter(businesses(Search(text="Lantern Otter Animation"), SYSTEM).rows), None)
    owner, who = business(found.id) if found else None, account_of("adviser@demo.example")
    adviser = account(who.id) if who else None
    if owner is None or adviser is None:
        return {"demo referrals": 0}
    give_consent(
        owner,
        ConsentPurpose.SHARE_WITH_PROVIDERS,
        agreement=Agreement("Sami Demo-Founder", "on this website"),
        by=SYSTEM,
    )
    services = [each for each in queries.services_on_offer() if each.is_available(on=today())]
    actor = actor_of(adviser)
    for service, (state, act) in zip(services, STATES.items(), strict=False):
        made = _draft(owner, service, by=actor)
        telling.announce(made, Reader(f"{state}@demo.example", "Demo Provider"), by=actor)
        act(made, actor)
    _draft(owner, services[-1], by=actor)
    return {"demo referrals": len(STATES) + 1}


def _draft(owner: Business, service: Service, *, by: Actor) -> Referral:
    details = preparing.ReferralDetails(
        people_of(owner.id)[0].id, "A grant for the second series", WHY, service_id=service.id
    )
    made = preparing.draft(owner, details, by=by)
    assert made.status is ReferralStatus.DRAFT
    return made
