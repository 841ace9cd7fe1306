"""The demonstration's register of rights: every kind and status, shares, licences, and papers there and missing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from crm.accounts.queries import acting, standing_in
from crm.businesses.models import Business
from crm.businesses.queries.listing import Search, businesses
from crm.businesses.queries.seeing import business
from crm.db.session import session
from crm.documents.papers import store
from crm.documents.service import Upload, stored
from crm.gateways.rights_register import InventedRegister
from crm.kernel.clock import today
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM
from crm.rights import queries
from crm.rights.models import Right
from crm.rights.service import keeping, licensing, titling
from crm.rights.service.keeping import RightDetails
from crm.rights.service.looking_up import look_up
from crm.rights.workflow import LicenceWay, MakerKind
from crm.rights.workflow import RightKind as K
from crm.rights.workflow import RightStatus as S

ADVISER = "adviser@demo.example"
SERIES = "Invented: the series Otter and Lantern, five episodes"
EPISODES = 5
SIGNED = b"%PDF-1.4\n% Invented: a signed assignment\ntrailer<<>>\n%%EOF\n"


def _invented() -> tuple[tuple[Any, ...], ...]:
    """Each right: kind, title, status, number, and days from today to its renewal."""
    return (
        (K.COPYRIGHT, SERIES, S.UNREGISTERED, "", None),
        (K.TRADE_MARK, "Invented: OTTERLANTERN, word mark", S.REGISTERED, "UK00000000001", 25),
        (K.DESIGN, "Invented: plush lantern otter", S.APPLIED_FOR, "", None),
        (K.PATENT, "Invented: a lamp that folds", S.LAPSED, "GB0000000", -400),
        (K.DATABASE, "Invented: motion library", S.UNREGISTERED, "", None),
        (K.KNOW_HOW, "Invented: how the fur is rendered", S.UNREGISTERED, "", None),
        (K.TRADE_SECRET, "Invented: process A", S.UNREGISTERED, "", None),
        (K.DOMAIN, "Invented: website", S.REGISTERED, "lantern-otter.example", -3),
        (K.TRADE_MARK, "Invented: OTTER LAMPS, word mark", S.REGISTERED, "UK00000000003", 900),
        (K.TRADE_MARK, "Invented: LANTERNS, logo", S.REGISTERED, "UK00000000002", None),
    )


def load_demo() -> dict[str, int]:
    """What the business of the demonstration's founder owns."""
    found = next(iter(businesses(Search(text="Lantern Otter Animation"), SYSTEM).rows), None)
    owner = business(found.id) if found else None
    if owner is None or session().scalar(select(func.count()).select_from(Right)):
        return {"demo rights": 0}
    made = [_right(owner, *each) for each in _invented()]
    _series(made[0])
    _licences(made[1])
    for kind, number in (("trade_mark", "UK00000000001"), ("patent", "GB0000000")):
        look_up(
            owner, InventedRegister(), kind=kind, number=number, secret="", by=standing_in(acting(ADVISER))
        )
    return {"demo rights": len(made)}


def _right(owner: Business, kind: K, title: str, status: S, number: str, days: int | None) -> Right:
    renews_on = today() + timedelta(days=days) if days is not None else None
    is_mark = kind is K.TRADE_MARK
    details = RightDetails(
        kind,
        title,
        owner.name,
        "United Kingdom",
        status,
        number,
        renews_on=renews_on,
        classes="9, 28 and 41" if is_mark else "",
        yearly_cost=Money.parse("40") if number else None,
        protects="Toy licensing" if is_mark else "",
    )
    return keeping.add(owner, details, by=standing_in(acting(ADVISER)))


def _series(found: Right) -> None:
    """Shared by two, scored by a freelancer who signed for three of five episodes, written by an employee."""
    shares = (("Invented: Rosa Okafor", 2_500), (found.owner, 7_500))
    details = RightDetails(found.kind, found.title, "", found.territory, found.status, shares=shares)
    whole = queries.right(found.id)
    assert whole is not None
    keeping.correct(whole, details, by=standing_in(acting(ADVISER)))
    for number in range(1, EPISODES + 1):
        part = titling.PartDetails(f"Episode {number}", "composer", "Invented: Cem Ay", MakerKind.FREELANCER)
        made = queries.part(titling.add_part(whole, part, by=standing_in(acting(ADVISER))).id)
        if made is not None and number <= EPISODES - 2:
            day, by = today() - timedelta(weeks=number), standing_in(acting(ADVISER))
            paper = stored(Upload("assignment.pdf", SIGNED), files=store())
            titling.attach(made, paper, signed_on=day, by=by)
    for title, kind in (("Scripts", MakerKind.EMPLOYEE), ("Format", MakerKind.PARTNER)):
        titling.add_part(
            whole,
            titling.PartDetails(title, "writer", "Invented: Ada Kay", kind),
            by=standing_in(acting(ADVISER)),
        )


def _licences(found: Right) -> None:
    """One to a toy maker, one that overlaps with it, and one to the business."""
    whole = queries.right(found.id)
    assert whole is not None
    start = today() - timedelta(days=90)
    for way, party, exclusive, pounds in (
        (LicenceWay.OUT, "Invented: Plush Toys", True, "12000"),
        (LicenceWay.OUT, "Invented: Otter Games", False, "3000"),
        (LicenceWay.IN, "Invented: Lanterns of Leeds", False, None),
    ):
        income = Money.parse(pounds) if pounds else None
        details = licensing.LicenceDetails(way, party, "United Kingdom", exclusive, start, income=income)
        licensing.add_licence(whole, details, by=standing_in(acting(ADVISER)))
