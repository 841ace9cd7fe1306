"""How an edition of a market, a visit to it and a country of an export plan move on, and what can be done with each."""

from __future__ import annotations

from enum import StrEnum

from crm.kernel.workflow import Machine, move


class EditionStatus(StrEnum):
    """Where one edition of a market stands. Whether it is over follows from its dates."""

    PLANNED = "planned"
    CANCELLED = "cancelled"


class VisitStatus(StrEnum):
    """Where a business's visit to an edition stands."""

    GOING = "going"
    WENT = "went"
    MISSED = "missed"


class CountryStatus(StrEnum):
    """Where a business stands with a country of its plan."""

    ACTIVE = "active"
    WON = "won"
    DROPPED = "dropped"


class Sureness(StrEnum):
    """How sure the date of a market is."""

    CONFIRMED = "confirmed"
    REPORTED = "reported"
    USUAL = "usual"


class Route(StrEnum):
    """How a business sells in a country."""

    DIRECT = "direct"
    PLATFORM = "platform"
    AGENT = "agent"
    DISTRIBUTOR = "distributor"
    LICENSING = "licensing"
    CO_PRODUCTION = "co_production"
    JOINT_VENTURE = "joint_venture"
    SUBSIDIARY = "subsidiary"


class BarrierKind(StrEnum):
    """What stood in the way."""

    FINANCE = "finance"
    KNOWLEDGE = "knowledge"
    CAPACITY = "capacity"
    ACCESS = "access"
    OTHER = "other"


class Act(StrEnum):
    """What can be done with the calendar and with export plans."""

    LIST_MARKETS = "list_markets"
    SEE_MARKET = "see_market"
    ADD_MARKET = "add_market"
    CHANGE_MARKET = "change_market"
    ADD_EDITION = "add_market_edition"
    CHANGE_EDITION = "change_market_edition"
    CANCEL_EDITION = "cancel_market_edition"
    RESTORE_EDITION = "restore_market_edition"
    GO = "plan_market_visit"
    ATTEND = "record_market_visit"
    MISS = "record_market_visit_missed"
    LIST = "list_export_plans"
    EXTRACT = "extract_export_plans"
    VIEW = "view_export_plan"
    ADD_COUNTRY = "add_export_country"
    CHANGE_COUNTRY = "change_export_country"
    WIN_COUNTRY = "win_export_country"
    DROP_COUNTRY = "drop_export_country"
    RESUME_COUNTRY = "resume_export_country"
    ADD_TASK = "add_export_task"
    CHANGE_TASK = "change_export_task"
    FINISH_TASK = "finish_export_task"
    REOPEN_TASK = "reopen_export_task"
    ADD_BARRIER = "add_export_barrier"
    CHANGE_BARRIER = "change_export_barrier"


E, V, C = EditionStatus, VisitStatus, CountryStatus
EDITIONS = Machine(
    "edition of a market",
    start=E.PLANNED,
    moves=[
        move(Act.CANCEL_EDITION, E.PLANNED, E.CANCELLED),
        move(Act.RESTORE_EDITION, E.CANCELLED, E.PLANNED),
    ],
)
VISITS = Machine(
    "visit to a market",
    start=V.GOING,
    moves=[move(Act.ATTEND, V.GOING, V.WENT), move(Act.MISS, V.GOING, V.MISSED)],
)
COUNTRIES = Machine(
    "country of an export plan",
    start=C.ACTIVE,
    moves=[
        move(Act.WIN_COUNTRY, C.ACTIVE, C.WON),
        move(Act.DROP_COUNTRY, C.ACTIVE, C.DROPPED),
        move(Act.RESUME_COUNTRY, {C.WON, C.DROPPED}, C.ACTIVE),
    ],
)
