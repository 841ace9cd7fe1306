"""The demonstration's syndicates: one open, one forming, one ended, with leads, terms and members in every state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from crm.angels.investors.models import Angel
from crm.angels.jobs import dealing
from crm.angels.jobs.acting import owner_of, self_of, whole
from crm.angels.pitches.models import Pitch
from crm.angels.syndicates.models import Syndicate, SyndicateLead, SyndicateMember, SyndicateTerms
from crm.angels.syndicates.queries import syndicates as queries
from crm.angels.syndicates.service import agreeing, joining, leading
from crm.angels.syndicates.service.agreeing import TermsDetails
from crm.angels.syndicates.workflow import Naming
from crm.db.session import session
from crm.kernel.clock import today
from crm.kernel.money import Money

INVENTED = "Invented for the demonstration"


def end_with(found: Pitch, leader: Angel, member: Angel) -> None:
    """A syndicate with a lead and a member, of a raise that is about to close."""
    about = _led(found, leader)
    _agreed(about, leader, _terms(5_000))
    joining.join(_whole(about), Naming.MEMBERS, by=self_of(member))


def lead_convertible(found: Pitch, leader: Angel) -> None:
    """A syndicate for convertible loan notes, with a cap and a discount in its terms."""
    dealing.pledge(found, leader, 20_000)
    about = _led(found, leader)
    _agreed(about, leader, replace(_terms(5_000), cap=Money.pounds(1_500_000), discount=20))


def load_syndicates(first: Pitch, second: Pitch, rosa: Angel, others: Sequence[Angel]) -> None:
    """One raise with a lead who replaced another, versions of terms, and members who confirm again, leave and stay unnamed."""
    wanda, yusuf, zelda = others
    owner = owner_of(first.business_id)
    about = _led(first, zelda)
    _agreed(about, zelda, _terms(10_000, pounds=700_000))
    gone = joining.join(_whole(about), Naming.LEAD, by=self_of(yusuf))
    joining.leave(_member(gone.id), by=self_of(yusuf))
    joining.join(_whole(about), Naming.NOBODY, by=self_of(rosa))
    leading.agree(_lead(_offered(first, wanda).id), by=owner)
    turned_down = _proposed(about, wanda, _terms(10_000, pounds=1_200_000))
    agreeing.decline(_version(turned_down), reason=f"{INVENTED}: too high for us to grow into", by=owner)
    agreeing.withdraw(_version(_proposed(about, wanda, _terms(8_000, pounds=850_000))), by=self_of(wanda))
    fee = "Invented: 5% of what the members gain, from their proceeds"
    _agreed(about, wanda, _terms(5_000, pounds=900_000, fee=fee))
    joining.join(_whole(about), Naming.MEMBERS, by=self_of(yusuf))
    _proposed(about, wanda, _terms(5_000, pounds=880_000, fee=fee))
    back = _offered(first, zelda)
    leading.withdraw(_lead(back.id), by=self_of(zelda))
    turned = _offered(second, wanda)
    reason = f"{INVENTED}: we would like someone who knows games"
    leading.decline(_lead(turned.id), reason=reason, by=owner_of(second.business_id))
    _offered(second, yusuf)


def _terms(minimum: int, *, pounds: int = 0, fee: str = "") -> TermsDetails:
    return TermsDetails(
        Money.pounds(minimum),
        today() + timedelta(days=45),
        f"{INVENTED}: one vote a share, figures each quarter, an observer at the board",
        pre_money=Money.pounds(pounds) if pounds else None,
        takes_fee=bool(fee),
        fee=fee,
    )


def _offered(found: Pitch, angel: Angel) -> SyndicateLead:
    words = f"{INVENTED}: I ran a studio for ten years and can give a day a week"
    return leading.offer(whole(found), words, by=self_of(angel))


def _led(found: Pitch, angel: Angel) -> UUID:
    made = _offered(found, angel)
    leading.agree(_lead(made.id), by=owner_of(found.business_id))
    return made.syndicate_id


def _proposed(syndicate_id: UUID, angel: Angel, details: TermsDetails) -> UUID:
    about = _whole(syndicate_id)
    fitting = replace(details, minimum=max(details.minimum, about.pitch.min_ticket))
    return agreeing.propose(about, fitting, by=self_of(angel)).id


def _agreed(syndicate_id: UUID, angel: Angel, details: TermsDetails) -> None:
    version = _version(_proposed(syndicate_id, angel, details))
    agreeing.agree(version, by=owner_of(version.pitch.business_id))


def _fresh() -> None:
    session().flush()
    session().expire_all()


def _whole(syndicate_id: UUID) -> Syndicate:
    _fresh()
    found = queries.syndicate(syndicate_id)
    assert found is not None
    return found


def _lead(lead_id: UUID) -> SyndicateLead:
    _fresh()
    found = queries.lead(lead_id)
    assert found is not None
    return found


def _version(terms_id: UUID) -> SyndicateTerms:
    _fresh()
    found = queries.terms(terms_id)
    assert found is not None
    return found


def _member(member_id: UUID) -> SyndicateMember:
    _fresh()
    found = queries.member(member_id)
    assert found is not None
    return found
