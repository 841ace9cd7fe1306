"""The demonstration's businesses, all invented: three hundred over the region, one with every kind of detail."""

from __future__ import annotations

from flask import current_app
from sqlalchemy import func, select

from crm.accounts.models import Account, RoleGrant
from crm.accounts.queries import account, account_of, acting, actor_of, hubs, standing_in
from crm.audit import service as audit
from crm.businesses.jobs.seeding import SEED, sow
from crm.businesses.models import Business, Invitation
from crm.businesses.queries.inviting import colleague_of
from crm.businesses.queries.seeing import holding_consent
from crm.businesses.service import claiming, colleagues, inviting, keeping, people
from crm.businesses.workflow import Act, ConnectionKind, ConsentPurpose
from crm.db.changes import created
from crm.db.session import session
from crm.kernel.clock import now, today
from crm.kernel.money import Money
from crm.kernel.permissions import VISITOR, Actor
from crm.kernel.roles import Role, Scope, Standing
from crm.links.rules import Purpose
from crm.links.service import mint
from crm.throttles.rules import Source

INVENTED = 300
STUDIO = "Lantern Otter Animation Ltd"
"""The business of the demonstration's founder."""
SECOND = "Copper Lark Games Ltd"
"""That of their second founder, who works outside Birmingham."""


def load_demo() -> dict[str, int]:
    """Everything at once, where there are no businesses yet: loading twice adds nothing."""
    if session().scalar(select(func.count()).select_from(Business)):
        return {"demo businesses": 0}
    count = sow(INVENTED, seed=SEED)
    studio = _studio()
    _claims(studio)
    _invitations(studio)
    _archived()
    _second()
    return {"demo businesses": count + 3}


def _adviser() -> Actor:
    return standing_in(acting("adviser@demo.example"))


def _founder() -> Actor:
    return standing_in(acting("founder@demo.example"))


def _studio() -> Business:
    """A business with every kind of detail, and the demonstration's founder as its owner."""
    made = keeping.add(
        keeping.BusinessDetails(
            name=STUDIO,
            trading_names=("Lantern Otter",),
            company_number="90999001",
            legal_form="company",
            description="Invented. Animated series for children, and short films with schools.",
            website="https://lantern-otter.example",
            stage="growth",
            sic_codes=("59112",),
            trading_postcode="B9 4AA",
            trading_address="Unit 4, an invented yard, Birmingham",
            registered_postcode="B1 1AA",
            source="the demonstration",
        ),
        by=_adviser(),
    )
    people.record_figures(
        made,
        people.YearDetails(
            year_end=today().replace(month=3, day=31, year=today().year - 1),
            turnover=Money.pounds(310_000),
            employees=5,
            export_turnover=Money.pounds(40_000),
            source="Invented accounts",
        ),
        by=_adviser(),
    )
    founder = account_of("founder@demo.example")
    if founder is not None:
        _let_in(made, founder)
    _agree(made)
    return made


def _agree(made: Business) -> None:
    """What its founder agreed to, and who they are there."""
    for purpose in (ConsentPurpose.KEEP_IN_TOUCH, ConsentPurpose.EVALUATION, ConsentPurpose.NEWS):
        agreement = people.Agreement("Sami Demo-Founder", "on this website")
        people.give_consent(made, purpose, agreement=agreement, by=_founder())
    news = holding_consent(made.id, ConsentPurpose.NEWS)
    assert news is not None
    people.withdraw_consent(news, by=_founder())
    people.connect(
        made, people.ConnectionDetails(ConnectionKind.DIRECTOR, "Sami Demo-Founder"), by=_adviser()
    )


def _second() -> None:
    """A games studio in Coventry, with the second founder of the demonstration as its owner."""
    made = keeping.add(
        keeping.BusinessDetails(
            name=SECOND,
            company_number="90999002",
            legal_form="company",
            description="Invented. Puzzle games for telephones, and the tools that other studios make theirs with.",
            website="https://copper-lark.example",
            stage="growth",
            sic_codes=("58210",),
            trading_postcode="CV1 2LZ",
            trading_address="An invented arch, Coventry",
            source="the demonstration",
        ),
        by=_adviser(),
    )
    founder = account_of("founder.two@demo.example")
    if founder is not None:
        _let_in(made, founder)


def _let_in(made: Business, founder: Account) -> None:
    fields = {
        "role": Role.FOUNDER,
        "scope": Scope.BUSINESS,
        "scope_id": str(made.id),
        "standing": Standing.OWNER,
    }
    session().add(RoleGrant(account_id=founder.id, **fields, valid_from=today(), granted_at=now()))
    audit.record(Act.CONFIRM_CLAIM, made, created(claimant=founder.name), by=_adviser())
    person = people.add_person(
        made, people.PersonDetails(founder.name, "Founder", founder.email), by=_adviser()
    )
    person.account_id = founder.id


def _claims(studio: Business) -> None:
    """A claim that waits, one that was confirmed, and one that was refused."""
    waiting, confirmed, refused = (
        claiming.claim(
            studio,
            claiming.Claimant(
                f"{name} Demo-Claimant", f"{name.lower()}@demo.example", "Producer", "Invented."
            ),
            by=_adviser(),
        )
        for name in ("Wanda", "Carl", "Ruth")
    )
    for each in (waiting, confirmed, refused):
        session().refresh(each, ["business"])
    claiming.confirm_claim(confirmed, by=_adviser())
    claiming.refuse_claim(refused, reason="Invented: the studio does not know them.", by=_adviser())


def _invitations(studio: Business) -> None:
    """An invitation to a colleague that is open, two accepted, one declined and one withdrawn; one colleague is removed."""
    founder = account_of("founder@demo.example")
    if founder is None:
        return
    owner = account(founder.id)
    assert owner is not None
    by, source = actor_of(owner), Source("127.0.0.1", current_app.extensions["settings"].secret_key)
    _open, accepted, declined, withdrawn, removed = (
        inviting.invite_colleague(
            studio,
            inviting.ColleagueWanted(f"{name}@demo.example", Standing.CONTRIBUTOR),
            source=source,
            by=by,
        )
        for name in ("olga", "ada", "dora", "will", "remi")
    )
    inviting.join(mint(Purpose.INVITATION, str(accepted.id)), "Ada Demo-Colleague", by=VISITOR)
    inviting.decline(mint(Purpose.INVITATION, str(declined.id)), by=VISITOR)
    inviting.withdraw_invitation(_whole(withdrawn), by=by)
    inviting.join(mint(Purpose.INVITATION, str(removed.id)), "Remi Demo-Removed", by=VISITOR)
    _remove(studio, "remi@demo.example", by=by)


def _remove(studio: Business, email: str, *, by: Actor) -> None:
    """A colleague who lost access today, and can be given it back within a day."""
    joined = account_of(email)
    found = colleague_of(studio.id, joined.id) if joined else None
    assert found is not None
    colleagues.remove_colleague(found, by=by)


def _whole(found: Invitation) -> Invitation:
    """An invitation with its business, as its page loads it."""
    session().refresh(found, ["business"])
    return found


def _archived() -> None:
    """A record that was put away, shared with a second hub before."""
    made = keeping.add(
        keeping.BusinessDetails(
            name="Quiet Loom Textiles", legal_form="sole_trader", trading_outcode="CV1", dcms_groups=("crafts",),
            source="the demonstration",
        ),
        by=_adviser(),
    )  # fmt: skip
    session().refresh(made, ["shared"])
    other = next(each for each in hubs() if each.id != made.hub_id)
    keeping.share(made, other.id, reason="Invented: she works in both areas.", by=_adviser())
    keeping.archive(made, reason="Invented: the business has closed.", by=_adviser())
