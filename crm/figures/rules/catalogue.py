"""Which figures the product looks up by name, and what each is for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crm.figures.rules.complaints import OF_COMPLAINTS
from crm.figures.rules.deals import AFTER_PITCHES
from crm.figures.rules.network import OF_THE_NETWORK
from crm.figures.rules.offers import OF_OFFERS
from crm.figures.rules.privacy import OF_PRIVACY
from crm.figures.rules.reliefs import OF_THE_RELIEFS
from crm.figures.rules.retention import OF_RETENTION
from crm.figures.rules.targets import TARGETS
from crm.figures.rules.units import Definition, Unit, shown


def _define(
    name: str, label: str, unit: Unit, use: str, *, least: int = 1, most: int | None = None
) -> tuple[str, Definition]:
    return name, Definition(name, label, unit, use, least, most)


RENEWAL = "So many days before a right must be renewed, its business gets an email."
AFTER_RETURN = "So many months after the return, those who went are asked for meetings, leads and sales."
BEFORE_DUE = "So many days before it is due."
AFTER_ASKING = "So many days after those who went on a delegation were asked, they are reminded once."

CATALOGUE: dict[str, Definition] = dict(
    (
        _define(
            "directory.fresh_months",
            "How long a checked service counts as fresh",
            Unit.MONTHS,
            "Services checked longer ago are still offered, with their date, but ranked lower and put on the "
            "needs-checking list.",
        ),
        _define(
            "directory.confirm_days",
            "How often providers are asked whether their services still run",
            Unit.CALENDAR_DAYS,
            "A provider is asked by email once a service of theirs has not been checked for so many days.",
        ),
        _define(
            "files.trash_days",
            "How long a removed file stays in the trash",
            Unit.CALENDAR_DAYS,
            "After so many days in the trash of the file store a file is deleted for good. Nobody sees it meanwhile.",
        ),
        _define(
            "membership.grace_days",
            "How long a membership holds after its last day",
            Unit.CALENDAR_DAYS,
            "Within so many days after its last a membership that was not paid for again still holds.",
            least=0,
        ),
        _define(
            "angel.income",
            "Income of a high net worth individual",
            Unit.MONEY,
            "The least income of the last financial year on which somebody can certify themselves (article 48).",
        ),
        _define(
            "angel.income_step",
            "To what income is rounded",
            Unit.MONEY,
            "A statement gives the income to the nearest such sum.",
        ),
        _define(
            "angel.assets",
            "Net assets of a high net worth individual",
            Unit.MONEY,
            "The least net assets on which somebody can certify themselves (article 48).",
        ),
        _define(
            "angel.assets_step",
            "To what net assets are rounded",
            Unit.MONEY,
            "A statement gives the net assets to the nearest such sum.",
        ),
        _define(
            "angel.turnover",
            "Turnover of a company whose director is sophisticated",
            Unit.MONEY,
            "A ground of the self-certified sophisticated investor (article 50A).",
        ),
        _define(
            "angel.investments",
            "Investments of a sophisticated investor",
            Unit.COUNT,
            "How many investments in unlisted companies within two years are a ground (article 50A).",
        ),
        _define(
            "angel.network_months",
            "Months in a network of a sophisticated investor",
            Unit.MONTHS,
            "For more than so many months somebody has to have been in a network of angels (article 50A).",
        ),
        _define(
            "angel.remind_days",
            "When an investor is reminded to certify again",
            Unit.CALENDAR_DAYS,
            "So many days before a statement ends its investor gets an email, unless they have signed another.",
        ),
        _define(
            "angel.evidence_months",
            "How long the evidence of showings is kept",
            Unit.MONTHS,
            "So many months after the last pitch that an investor was shown, what makes each showing lawful is kept, also of one who was erased.",
        ),
        _define(
            "introduction.nudge_days",
            "When a business is reminded of a request to be introduced",
            Unit.DAYS,
            "After so many working days without an answer the business is reminded.",
        ),
        _define(
            "introduction.task_days",
            "When the network looks after a request to be introduced",
            Unit.DAYS,
            "After so many working days without an answer the network's manager is asked to help.",
        ),
        _define(
            "introduction.lapse_days",
            "When a request to be introduced lapses",
            Unit.DAYS,
            "After so many working days without an answer it lapses, and counts against the business's answers.",
        ),
        _define(
            "introduction.held_days",
            "How long an introduction is held",
            Unit.DAYS,
            "So many working days after a business agreed it ends, unless the investor may be shown the pitch again.",
        ),
        _define(
            "pitch.reviews",
            "How many people screen a pitch",
            Unit.COUNT,
            "So many who have no interest in it must say that a pitch can be shown before it is.",
            most=20,
        ),
        _define(
            "programme.keep_days",
            "How long an application that came to nothing is kept",
            Unit.CALENDAR_DAYS,
            "So many days after the assessment of its round ended, the words, names and files of an application that was not "
            "handed in, was withdrawn or cannot be chosen are erased; that there was one, and its sum, stay.",
        ),
        _define(
            "programme.remind_days",
            "When whoever began an application is reminded of its deadline",
            Unit.CALENDAR_DAYS,
            "So many days before an application is due that was not handed in, the people of the business get an email, once.",
        ),
        _define("programme.budget", "Scale-up programme budget", Unit.MONEY, "The cap of all cohorts (6.2)."),
        _define(
            "fund.smallest",
            "Development fund, smallest size",
            Unit.MONEY,
            "The size of the fund, not of an award (6.4).",
        ),
        _define(
            "fund.largest",
            "Development fund, largest size",
            Unit.MONEY,
            "The size of the fund, not of an award (6.4).",
        ),
        _define(
            "trade.turnover_focus",
            "Turnover from which trade advisers focus",
            Unit.MONEY,
            "Businesses shut out below it are recorded as evidence (6.7).",
        ),
        _define(
            "cover.small_limit",
            "Most that a buyer may owe under the Small Export Builder",
            Unit.MONEY,
            "An export contract above it is pointed at the full Export Insurance Policy.",
        ),
        _define(
            "cover.uk_content",
            "Least share of a contract that is UK goods or services",
            Unit.PERCENT,
            "Insurance and contract finance from UK Export Finance ask for this share.",
        ),
        _define(
            "cover.share_one_year",
            "Export share in one of three years for the General Export Facility",
            Unit.PERCENT,
            "Either this in any one of the last three years, or the lower share in each of them.",
        ),
        _define(
            "cover.share_each_year",
            "Export share in each of three years for the General Export Facility",
            Unit.PERCENT,
            "The alternative to the higher share in one year.",
        ),
        _define(
            "cover.general_most",
            "Largest General Export Facility",
            Unit.MONEY,
            "Larger facilities are pointed at the Export Development Guarantee, which begins there.",
        ),
        _define(
            "cover.online_months",
            "Longest contract that is insured online",
            Unit.MONTHS,
            "A longer contract is applied for on paper.",
        ),
        _define(
            "region.creative_enterprises",
            "Creative enterprises in the region",
            Unit.COUNT,
            "The plan's baseline.",
        ),
        _define("region.creative_jobs", "Jobs in the creative industries", Unit.COUNT, "Plan's baseline."),
        _define(
            "subsidy.limit",
            "Minimal financial assistance limit",
            Unit.MONEY,
            "Over the current and the two financial years before it; a total exactly at the limit is allowed.",
        ),
        _define(
            "subsidy.transparency",
            "Subsidy that must be published",
            Unit.MONEY,
            "A subsidy above this is entered in the national database.",
        ),
        _define("subsidy.warn", "Warn at this share of the subsidy limit", Unit.PERCENT, "When to warn."),
        _define(
            "payments.new_number_days",
            "How many days a telephone number counts as new",
            Unit.CALENDAR_DAYS,
            "A number that was added or changed so shortly before new bank details is not called where another is known.",
        ),
        _define(
            "support.medium_hours",
            "Hours from which help is medium",
            Unit.HOURS,
            "Below it help is light; at it, medium.",
        ),
        _define("support.high_hours", "Hours from which help is high", Unit.HOURS, "At it help is high."),
        _define(
            "support.hours_threshold", "Hours that count as supported", Unit.HOURS, "At the threshold counts."
        ),
        _define(
            "enquiry.reply_days", "First reply to an enquiry", Unit.DAYS, "The service level for answering."
        ),
        _define(
            "enquiry.draft_days",
            "How long an unfinished enquiry is kept",
            Unit.CALENDAR_DAYS,
            "After so many days without a change it is deleted.",
        ),
        _define(
            "adviser.most_open",
            "Open enquiries that an adviser holds at most",
            Unit.COUNT,
            "Where nothing else is set for an adviser. Nobody is given more.",
        ),
        _define(
            "referral.chase_days",
            "Chase a referral after",
            Unit.DAYS,
            "When a provider who has not answered is asked.",
        ),
        _define(
            "referral.most_chases",
            "How often a provider is reminded of a referral",
            Unit.COUNT,
            "After so many reminders without an answer a referral lapses, and goes back to the person who sent it.",
        ),
        _define(
            "referral.objection_days",
            "Days to object to a referral",
            Unit.DAYS,
            "After a business was told of a referral to a provider, it can object for so many working days.",
        ),
        _define(
            "referral.silent_days",
            "Ask about an accepted referral after",
            Unit.CALENDAR_DAYS,
            "A referral that was accepted and has had no outcome for so many days is on the desk of the person who sent it.",
        ),
        _define("rights.first_reminder_days", "First renewal reminder", Unit.CALENDAR_DAYS, RENEWAL),
        _define("rights.second_reminder_days", "Second renewal reminder", Unit.CALENDAR_DAYS, RENEWAL),
        _define("rights.last_reminder_days", "Last renewal reminder", Unit.CALENDAR_DAYS, RENEWAL),
        _define("readiness.remind_days", "Readiness actions: reminder", Unit.CALENDAR_DAYS, BEFORE_DUE),
        _define("export.first_months", "Delegations: results first asked for", Unit.MONTHS, AFTER_RETURN),
        _define("export.second_months", "Delegations: results asked for again", Unit.MONTHS, AFTER_RETURN),
        _define("export.third_months", "Delegations: results last asked for", Unit.MONTHS, AFTER_RETURN),
        _define("export.remind_days", "Delegations: results reminder", Unit.CALENDAR_DAYS, AFTER_ASKING),
        _define(
            "outcomes.first_months",
            "When an awarded business first reports after its baseline",
            Unit.MONTHS,
            "Counted from the day it accepted the award. Changes count for awards that are accepted afterwards.",
        ),
        _define(
            "outcomes.second_months",
            "When an awarded business reports the second time",
            Unit.MONTHS,
            "Counted from the day it accepted the award. Changes count for awards that are accepted afterwards.",
        ),
        _define(
            "outcomes.third_months",
            "When an awarded business reports the third time",
            Unit.MONTHS,
            "Counted from the day it accepted the award. Changes count for awards that are accepted afterwards.",
        ),
        _define(
            "outcomes.answer_days",
            "How long a business has to send its figures",
            Unit.CALENDAR_DAYS,
            "Counted from the day that the figures are for; the last day is included.",
        ),
        _define(
            "outcomes.remind_days",
            "How long before the last day a business is reminded of its figures",
            Unit.CALENDAR_DAYS,
            "One email, to businesses that have not sent them.",
        ),
        _define(
            "outcomes.ring_days",
            "How long after the last day a business is rung up for its figures",
            Unit.CALENDAR_DAYS,
            "From then on it is on the desks of programme managers and of its hub.",
        ),
        _define(
            "outcomes.least_shown",
            "From how many businesses on funders see sums and medians",
            Unit.COUNT,
            "Sums of fewer businesses are hidden from people who may not see single businesses.",
        ),
        _define(
            "growth.percent",
            "More growth than this a year is high growth",
            Unit.PERCENT,
            "The OECD’s test: average growth of employees or turnover over the years of the test, compounded.",
        ),
        _define("growth.years", "Over how many years high growth is measured", Unit.COUNT, "The OECD test."),
        _define(
            "growth.least_employees",
            "With how many employees the test of high growth begins",
            Unit.COUNT,
            "The OECD’s test: employees at the start of the period. Smaller businesses have a flag of their own.",
        ),
        _define(
            "growth.micro_percent",
            "With how much growth of turnover a year a micro business is flagged as growing",
            Unit.PERCENT,
            "Since its baseline, on average, compounded.",
        ),
        _define(
            "growth.micro_jobs",
            "With how many more full-time equivalents a micro business is flagged as growing",
            Unit.COUNT,
            "Since its baseline.",
        ),
        _define(
            "growth.micro_months",
            "How long after its baseline a micro business can be flagged as growing",
            Unit.MONTHS,
            "Earlier figures say too little.",
        ),
        *AFTER_PITCHES,
    )
)
CATALOGUE |= OF_COMPLAINTS | OF_OFFERS | OF_PRIVACY | OF_RETENTION | OF_THE_NETWORK | OF_THE_RELIEFS | TARGETS


def definition(name: str) -> Definition | None:
    """The figure of this name, if the product knows one."""
    return CATALOGUE.get(name)


LABELS = {each.name: each.label for each in CATALOGUE.values()}


def say_value(kept: str, values: Mapping[str, Any]) -> str:
    """A kept value with its unit, where the entry of the audit log says which figure it is of; else as it is kept."""
    name = values.get("name")
    found = definition(str(name[-1] if isinstance(name, list) else name))
    return shown(found.unit, kept) if found is not None else kept
