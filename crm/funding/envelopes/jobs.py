"""The demonstration's envelopes: two that are running, one that ended with every kind of entry, and one that waits."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from crm.accounts.queries import account, account_of, actor_of
from crm.businesses.queries.listing import Search, businesses
from crm.funding.envelopes.models import EntryReversal, Envelope, EnvelopeChange, LedgerEntry
from crm.funding.envelopes.queries import changes as change_queries
from crm.funding.envelopes.queries import ledger as queries
from crm.funding.envelopes.queries import reversals
from crm.funding.envelopes.rules import LedgerAccount as A
from crm.funding.envelopes.rules import Line, Movement, Subject
from crm.funding.envelopes.service import changing, opening, posting, reversing
from crm.funding.envelopes.service.changing import Limits
from crm.funding.envelopes.service.opening import EnvelopeDetails
from crm.funding.envelopes.service.posting import Posting
from crm.kernel.clock import earlier, now, today
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM, Actor

SCALE_UP, PILOT, NEXT = "Scale-up programme", "Creative pilot grants", "Test-bed vouchers"
GROWTH = "Scale-up growth fund"
# What became of each pilot grant: when it was committed, in days before today, its size, and how far it came.
GRANTS = (
    (330, 40_000, ("claim", "pay")),
    (310, 25_000, ("claim", "pay", "recover")),
    (300, 50_000, ("claim", "pay")),
    (240, 30_000, ("claim",)),
    (180, 35_000, ()),
    (120, 20_000, ("reverse",)),
)
TAKEN_OVER = "Pilot grant, taken over from the fund’s bank statements (invented)"
"""Why the older books have what was paid before payments were made here: a named person entered each from its paper."""
PAID_BY_THE_BANK = "Lantern Otter Animation"
"""The business whose payments the demonstration sends to the bank: it has none in the older books."""
WAYS = {
    "claim": (Movement.CLAIM, A.COMMITTED, A.CLAIMED),
    "pay": (Movement.PAY, A.CLAIMED, A.PAID),
    "recover": (Movement.RECOVER, A.PAID, A.RECOVERED),
}


def load_demo() -> dict[str, int]:
    """Envelopes in several states; the entries of the older one are dated as they would have been recorded."""
    manager, approver = _person("programme@demo.example"), _person("approver@demo.example")
    if manager is None or approver is None or queries.envelopes():
        return {"demo envelopes": 0}
    whole = Limits(Money.pounds(800_000), Money.pounds(500_000))
    running = _approved(SCALE_UP, (-430, 490), whole, by=manager, approver=approver)
    mistyped = Limits(Money.pounds(80_000), Money.pounds(500_000))
    change = changing.propose(running, mistyped, reason="Fewer cameras", by=manager)
    changing.withdraw(change, by=manager)
    _approved(GROWTH, (-30, 700), whole, by=manager, approver=approver)
    _opened(NEXT, (30, 400), Limits(revenue=Money.pounds(60_000)), by=manager)
    older = _opened(PILOT, (-400, 90), Limits(revenue=Money.pounds(5_000)), by=manager)
    changing.refuse(_waiting(older), reason="The grant letter says £250,000", by=approver)
    _keep_older_books(older)
    _ask_to_reverse(older)
    changing.propose(
        older, Limits(revenue=Money.pounds(240_000)), reason="The fund asked for £10,000 back", by=manager
    )
    return {"demo envelopes": 4}


def _person(email: str) -> Actor | None:
    found = account_of(email)
    whole = account(found.id) if found else None
    return actor_of(whole) if whole else None


def _waiting(found: Envelope) -> EnvelopeChange:
    change = change_queries.waiting_change(found.id)
    assert change is not None
    return change


def _opened(name: str, days: tuple[int, int], limits: Limits, *, by: Actor) -> Envelope:
    first, last = (today() + timedelta(days=each) for each in days)
    assert by.account_id is not None
    details = EnvelopeDetails(name, "Invented regional fund", _month(first), last, by.account_id)
    return opening.open_envelope(details, limits, by=by)


def _approved(name: str, days: tuple[int, int], limits: Limits, *, by: Actor, approver: Actor) -> Envelope:
    """An envelope whose limit was approved on its first day, before anything was reserved of it."""
    ago = -days[0]
    with earlier(timedelta(days=ago)):
        found = _opened(name, (0, days[1] + ago), limits, by=by)
        changing.approve(_waiting(found), by=approver)
    return found


def _month(day: date) -> date:
    return day.replace(day=1)


def _keep_older_books(found: Envelope) -> None:
    """The older envelope's money, from its limit to what was paid and recovered of it."""
    fund = Subject("envelope", found.id)
    whole = Money.pounds(250_000)
    _write(found, (Movement.RAISE, A.FUND, A.FREE), whole, about=fund, at=_ago(395), reason="Grant letter")
    ids = [each.id for each in businesses(Search(), SYSTEM).rows if each.name != PAID_BY_THE_BANK]
    for (days, pounds, steps), business_id in zip(GRANTS, ids, strict=False):
        _grant(found, business_id, days, Money.pounds(pounds), steps)


def _ask_to_reverse(found: Envelope) -> None:
    """Requests of a finance officer to reverse an entry: one withdrawn, one refused, and one that waits."""
    officer, approver = _person("finance@demo.example"), _person("approver@demo.example")
    rows = [each for each in queries.every_entry(found.id) if not reversing.why_not_asked(each)]
    if officer is None or approver is None or not rows:
        return
    reversing.withdraw(_asked(rows[-1], by=officer), by=officer)
    reversing.refuse(_asked(rows[-1], by=officer), reason="Invented: these are two grants", by=approver)
    _asked(rows[-1], by=officer)


def _reverse(entry: LedgerEntry) -> None:
    """An entry that was a mistake: a finance officer asked for its reversal, and the approver confirmed it."""
    officer, approver = _person("finance@demo.example"), _person("approver@demo.example")
    if officer is not None and approver is not None:
        reversing.confirm(_asked(entry, by=officer, reason="Invented: the wrong business"), by=approver)


def _asked(entry: LedgerEntry, *, by: Actor, reason: str = "Invented: recorded twice") -> EntryReversal:
    made = reversals.reversal(reversing.ask(entry, reason=reason, by=by).id)
    assert made is not None
    return made


def _grant(found: Envelope, business_id: UUID, days: int, amount: Money, steps: tuple[str, ...]) -> None:
    about, why = Subject("business", business_id), f"{TAKEN_OVER}, {_ago(days):%B %Y}"
    way = (Movement.COMMIT, A.FREE, A.COMMITTED)
    entry = _write(found, way, amount, about=about, at=_ago(days), reason=why)
    for later, step in enumerate(steps, 1):
        at = _ago(days - 40 * later)
        if step == "reverse":
            _reverse(entry)
        else:
            part = Money(amount.pence // 5) if step == "recover" else amount
            _write(found, WAYS[step], part, about=about, at=at, reason=why)


def _write(
    found: Envelope,
    way: tuple[Movement, A, A],
    amount: Money,
    *,
    about: Subject,
    at: datetime,
    reason: str,
) -> LedgerEntry:
    movement, source, target = way
    wanted = Posting(movement, found.id, Line.REVENUE, amount, source, target, about, reason, at=at)
    return posting.write(wanted, by=_person("finance@demo.example") or SYSTEM)


def _ago(days: int) -> datetime:
    return now() - timedelta(days=days)
