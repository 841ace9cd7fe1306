"""The demonstration: contracts that fit, that do not, that cannot be said; shut-outs, and one that was outgrown since."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from importlib.resources import files
from itertools import zip_longest
from typing import Any

from sqlalchemy import func, select

from crm.accounts.queries import acting, standing_in
from crm.businesses.models import Business
from crm.businesses.queries.listing import Search, businesses
from crm.businesses.queries.seeing import business
from crm.businesses.service.people import YearDetails, record_figures
from crm.db.session import session
from crm.directory.queries import services_by_id
from crm.directory.rules.reading import read_services
from crm.directory.service.importing import import_services
from crm.exporting.cover.models import CoverCheck
from crm.exporting.cover.queries import cover_check
from crm.exporting.cover.rules.checking import Contract
from crm.exporting.cover.service.checking import AnswerDetails, answer, check_contract, withdraw
from crm.kernel.calendar import ONE_DAY
from crm.kernel.clock import today
from crm.kernel.eligibility import DCMS_GROUPS
from crm.kernel.money import Money
from crm.kernel.permissions import SYSTEM

ADVISER = "adviser@demo.example"
ADVICE, INSURED = frozenset({"advice"}), frozenset({"not_paid", "contract_cash"})
TURNOVERS = (None, 640_000, 1_450_000, 4_999_999)
"""What the latest year of those who are shut out says, in pounds; None as it is on record."""
EACH = 6
MOST_SHUT_OUT = EACH * len(TURNOVERS)
ANSWERED, OF_A_SECTOR = slice(1, 7), 6
MONTH = timedelta(days=30)
COUNTRIES = ("Canada", "France", "Japan", "United States", "Germany")
FULL = Contract(
    "Canada", "services", INSURED, Money.pounds(20_000), 120, is_uk_enough=True, is_private_refused=True
)
NONE_FITS = Contract("Japan", "goods", frozenset({"not_paid"}), Money.pounds(90_000), 60, is_uk_enough=False)
UNTOLD = Contract("France", "services", frozenset({"general_cash", "bond"}))


def load_products() -> dict[str, int]:
    """Add the products of UK Export Finance to the directory where none of them is there; later people edit them there."""
    source = files("crm.exporting.cover").joinpath("reference/services.csv").read_bytes()
    known = services_by_id()
    if any(each.service_id in known for each in read_services(source, today=today())):
        return {"export finance services": 0}
    return {"export finance services": len(import_services(source, with_illustrative=False, by=SYSTEM).added)}


def load_demo() -> dict[str, int]:
    """Checks in every state, with businesses on both sides of the threshold."""
    if session().scalar(select(func.count()).select_from(CoverCheck)):
        return {"demo cover checks": 0}
    own = _found("Lantern Otter Animation", 1)
    for each in own:
        for contract in (FULL, NONE_FITS, UNTOLD, Contract("Canada", "services", ADVICE)):
            check_contract(each, contract, by=standing_in(acting(ADVISER)))
    small = [each for each in _some_of_each_sector() if each.id not in {one.id for one in own}]
    shut_out = _with_turnovers(small[:MOST_SHUT_OUT])
    for place, each in enumerate(shut_out):
        for number in range(1 + place % 2):
            asked = Contract(COUNTRIES[(place + number) % 5], "services", ADVICE)
            check_contract(each, asked, by=standing_in(acting(ADVISER)))
    for each in shut_out[ANSWERED]:
        shut = check_contract(each, Contract("France", "services", ADVICE), by=standing_in(acting(ADVISER)))
        met = AnswerDetails(
            "Invented: a Chamber of Commerce adviser worked on this market with them", today()
        )
        answer(_whole(shut), met, by=standing_in(acting(ADVISER)))
    for each in shut_out[:1]:
        wrong = check_contract(each, Contract("Norway", "services", ADVICE), by=standing_in(acting(ADVISER)))
        withdraw(_whole(wrong), reason="Invented: the buyer is in Sweden", by=standing_in(acting(ADVISER)))
    for each in shut_out[-1:]:
        record_figures(each, _year(5_100_000, today() - ONE_DAY), by=standing_in(acting(ADVISER)))
    return {"demo cover checks": session().scalar(select(func.count()).select_from(CoverCheck)) or 0}


def _whole(found: CoverCheck) -> CoverCheck:
    """A check with its business."""
    whole = cover_check(found.id)
    assert whole is not None
    return whole


def _with_turnovers(owners: Sequence[Business]) -> list[Business]:
    """The same businesses, most of them with an invented turnover of a year that ended a month ago."""
    ids = [each.id for each in owners]
    for place, each in enumerate(owners):
        pounds = TURNOVERS[place % len(TURNOVERS)]
        if pounds is not None:
            record_figures(each, _year(pounds, today() - MONTH), by=standing_in(acting(ADVISER)))
    session().flush()
    session().expire_all()
    return [found for found in map(business, ids) if found is not None]


def _year(pounds: int, ended: date) -> YearDetails:
    return YearDetails(year_end=ended, turnover=Money.pounds(pounds), source="Invented")


def _some_of_each_sector() -> list[Business]:
    """A few small businesses of each creative sector, in turn."""
    found = [_found("", OF_A_SECTOR, groups=(group,)) for group in DCMS_GROUPS]
    in_turn = (each for row in zip_longest(*found) for each in row if each is not None and _is_small(each))
    return list({each.id: each for each in in_turn}.values())


def _is_small(found: Business) -> bool:
    known = found.figures[0].turnover if found.figures else None
    return known is not None and known.pence < 400_000_000


def _found(text: str, most: int, **wanted: Any) -> list[Business]:
    rows = [business(each.id) for each in businesses(Search(text=text, **wanted), SYSTEM).rows[:most]]
    return [each for each in rows if each is not None and not each.is_archived]
