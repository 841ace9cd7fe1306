"""What the wing of holdings brings to the house."""

from __future__ import annotations

from crm.angels.deals.workflow import Act as DealAct
from crm.angels.holdings.jobs import tend_papers, tend_updates
from crm.angels.holdings.policy import POLICY
from crm.angels.holdings.rules import labels
from crm.angels.holdings.service import erasing, reversing
from crm.angels.holdings.views import company_updates, holdings, parts, share_papers
from crm.angels.holdings.workflow import UPDATES, Act, UpdateStatus
from crm.angels.investors.policy import MANAGERS
from crm.angels.investors.workflow import Act as InvestorAct
from crm.kernel.roles import Role
from crm.web.feature import DAILY, Area, Feature, Follow, NavigationItem, Part, Timed, Waiting

FOUNDERS = (Role.FOUNDER,)
FEATURE = Feature(
    name="holdings",
    blueprints=(holdings.blueprint, share_papers.blueprint, company_updates.blueprint),
    policy=POLICY,
    machines=(UPDATES,),
    navigation=(
        NavigationItem(
            "Portfolio", "holdings.portfolio", Act.PORTFOLIO, Area.PORTFOLIO, order=20, also=("/holdings",)
        ),
        NavigationItem(
            "Updates to investors",
            "company_updates.all_updates",
            Act.LIST_UPDATES,
            Area.RAISING,
            order=36,
            roles=FOUNDERS,
        ),
        NavigationItem(
            "Company updates", "company_updates.all_updates", Act.LIST_UPDATES, Area.INVESTORS, order=42
        ),
        NavigationItem(
            "Tax-relief papers", "share_papers.all_papers", Act.LIST_PAPERS, Area.INVESTORS, order=43
        ),
    ),
    timed=(
        Timed("quarterly updates of companies", DAILY, tend_updates),
        Timed("papers of tax reliefs", DAILY, tend_papers),
    ),
    waits=(
        Waiting("Overdue company updates", MANAGERS, Act.REMIND, parts.late_updates, (UpdateStatus.ASKED,)),
        Waiting("Late tax-relief papers", MANAGERS, Act.LIST_PAPERS, parts.late_papers),
        Waiting("Updates to send", FOUNDERS, Act.GIVE, parts.updates_to_send, (UpdateStatus.ASKED,)),
        Waiting("Tax-relief papers", FOUNDERS, Act.RECORD, parts.papers_to_see_to),
    ),
    walls={
        "uq_relief_certificate_live": ("file", "This investment has its certificate already."),
        "uq_relief_filing_once": ("", "Someone began these papers at the same moment. Open the page again."),
    },
    follows=(
        Follow(InvestorAct.ERASE, erasing.erase_of_investor),
        Follow(DealAct.REVERSE, reversing.tell_of_papers),
    ),
    pages={
        "company_update": ("company_updates.update", "update_id"),
    },
    words={
        "relief_filing": "tax-relief papers",
        "relief_filing.relief": labels.FILED_RELIEFS,
        "relief_certificate": "tax-relief certificate",
        "company_update": "company update",
        "company_update_correction": "correction of a company update",
        "company_update.status": labels.UPDATE_STATUSES,
    },
    fields=labels.FIELDS,
    parts=(
        Part("raises.one_raise", "angels/holdings/_raise.html", parts.load_raise),
        Part("investments.reverse", "angels/holdings/_reverse.html", parts.load_reverse),
    ),
)
