"""What the portfolio brings to the house."""

from __future__ import annotations

from crm.ip.portfolio.jobs import load_demo
from crm.ip.portfolio.policy import POLICY
from crm.ip.portfolio.views import blueprint, load_of_right, load_of_rights, load_panel
from crm.ip.portfolio.workflow import Act
from crm.kernel.measures import percent
from crm.web.feature import Area, Feature, NavigationItem, Panel, Part, Tab

FEATURE = Feature(
    name="portfolio",
    blueprints=(blueprint,),
    policy=POLICY,
    navigation=(NavigationItem("Portfolios", "portfolio.portfolios", Act.LIST, Area.BUSINESSES, order=66),),
    panels=(
        Panel(
            "Portfolio: what protects which income",
            "ip/portfolio/_panel.html",
            41,
            load_panel,
            Tab.IP,
        ),
    ),
    parts=(
        Part("rights.rights", "ip/portfolio/_of_business.html", load_of_rights),
        Part("rights.right", "ip/portfolio/_of_right.html", load_of_right),
    ),
    demo=load_demo,
    walls={
        "uq_income_line_name": ("name", "There is an income of this name already"),
        "uq_income_protection_once": ("right", "This right is linked to this income already"),
    },
    words={
        "income_line": "income",
        "income_protection.share": percent,
        "income_protection": "right that protects an income",
    },
    fields={"income_line.turnover": "Turnover in a year"},
)
