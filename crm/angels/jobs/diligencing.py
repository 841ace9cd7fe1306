"""The demonstration's due diligence: questions of introduced investors in every state; all of it invented."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from crm.accounts.queries import account, account_of, actor_of
from crm.angels.diligence import queries
from crm.angels.diligence.models import DiligenceItem
from crm.angels.diligence.service import answering, asking
from crm.angels.diligence.service.answering import Answering
from crm.angels.diligence.workflow import Sharing
from crm.angels.introductions.models import Introduction
from crm.angels.introductions.queries import introduction
from crm.angels.introductions.service import introducing
from crm.angels.investors.models import Angel
from crm.angels.investors.policy import own_admission
from crm.angels.investors.queries.gate import facts_of
from crm.angels.jobs.acting import owner_of, self_of
from crm.angels.pitches.models import Pitch
from crm.angels.pitches.queries.pitches import pitch
from crm.angels.pitches.service.showing import shown, write_now
from crm.angels.pitches.workflow import Channel
from crm.db.changes import amend
from crm.db.session import session
from crm.kernel.clock import now, today
from crm.kernel.permissions import Actor

INVENTED = "Invented for the demonstration"
WEEK = timedelta(days=7)
SHARED = "Due diligence shared with the syndicate"


def investor(email: str) -> Actor:
    """An investor of the demonstration as they act themselves, with what the gate knows of them now."""
    session().flush()
    known = account_of(email)
    own = account(known.id) if known else None
    assert own is not None
    actor = actor_of(own)
    return replace(actor, facts=facts_of(actor))


def meet(pitch_id: UUID, email: str) -> UUID:
    """An introduction of an investor for a pitch that is shown, asked and agreed to: its id."""
    session().flush()
    session().expire_all()
    found = pitch(pitch_id)
    assert found is not None
    made = introducing.request(found, "Invented: I know this trade.", by=investor(email))
    asked = _introduction(made.id)
    introducing.agree(asked, by=owner_of(found.business_id))
    return asked.id


def close_with(introduction_id: UUID, email: str) -> None:
    """A question about a pitch that is about to end: it is closed with it."""
    asking.ask(_introduction(introduction_id), ("terms",), by=investor(email))
    session().flush()


def load_diligence(met_id: UUID, other_id: UUID, *, email: str, by_another: str) -> None:
    """Questions that wait, wait too long, are answered for one and for all, not available, withdrawn, and wait again."""
    met = _introduction(met_id)
    asker, owner = investor(email), owner_of(met.pitch.business_id)
    codes = ("cap_table", "accounts", "forecast", "ownership", "customers", "grants")
    made = {each.kind: each.id for each in asking.ask(met, codes, own=f"{INVENTED}: who else bid?", by=asker)}
    said = Answering(Sharing.ASKER, f"{INVENTED}: two founders hold 50% each; no options.")
    answering.answer(_item(made["cap_table"]), said, by=owner)
    shared = Answering(Sharing.INTRODUCED, f"{INVENTED}: turnover £212,000 last year, £148,000 before.")
    answering.answer(_item(made["accounts"]), shared, by=owner)
    why = f"{INVENTED}: our customers have not agreed to be called yet."
    answering.decline(_item(made["customers"]), reason=why, by=owner)
    asking.take_back(_item(made[""]), by=asker)
    wrong = Answering(Sharing.ASKER, f"{INVENTED}: the forecast of last year, sent by mistake.")
    answering.answer(_item(made["forecast"]), wrong, by=owner)
    answering.retract(_item(made["forecast"]), by=owner)
    late = _item(made["grants"])
    amend(
        late, asked_at=now() - 3 * WEEK, nudge_on=today() - 2 * WEEK, task_on=today() - WEEK, nudged_at=now()
    )
    asking.ask(_introduction(other_id), ("cap_table",), by=investor(by_another))
    session().flush()


def share_with_syndicate(found: Pitch, leader: Angel, members: Sequence[Angel]) -> None:
    """An answer that the lead of a syndicate asked for, shared with its members, who have read it."""
    owner = owner_of(found.business_id)
    met = next(each for each in queries.introduced_for(found.id) if each.account_id == leader.account_id)
    (asked,) = asking.ask(_introduction(met.id), ("accounts",), by=self_of(leader))
    said = f"{INVENTED}: turnover £181,000 last year and £96,000 before; the accounts were filed in June."
    answering.answer(_item(asked.id), Answering(Sharing.INTRODUCED, said), by=owner)
    answering.share(_item(asked.id), Sharing.INTRODUCED, with_syndicate=True, by=owner)
    for each in (leader, *members):
        reader = self_of(each)
        assert reader.account_id is not None
        seen, admission = [shown(found, SHARED)], own_admission(reader)
        write_now(seen, Channel.PAGE, account_id=reader.account_id, admission=admission)


def _item(item_id: UUID) -> DiligenceItem:
    session().flush()
    session().expire_all()
    found = queries.item(item_id)
    assert found is not None
    return found


def _introduction(introduction_id: UUID) -> Introduction:
    session().flush()
    session().expire_all()
    found = introduction(introduction_id)
    assert found is not None
    return found
