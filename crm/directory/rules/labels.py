"""The directory's words in plain English: needs, the areas that they are asked about in, and statuses."""

from __future__ import annotations

from enum import StrEnum

UNCONFIRMED = "We have not been able to confirm that this is running"
ASK_FIRST = "An adviser checks with the provider first, and refers you if it is running"
"""What is said of a service that nobody has confirmed, wherever it is shown, and what an adviser who is asked does."""

NEEDS = {
    "triage": "Someone to talk to about what help there is",
    "diagnostic": "A check-up of the business",
    "ip_basics": "The basics of protecting ideas and creative work",
    "ip_audit": "A review of the rights you own",
    "ip_implementation": "Putting a plan for your rights to work",
    "patents": "Patents",
    "designs": "Registering designs",
    "enforcement": "Dealing with copying",
    "licensing": "Licensing your work to others",
    "freelancer": "Help for freelancers",
    "start_up": "Starting a business",
    "growth_plan": "A plan for growth",
    "scale_up": "Growing fast",
    "leadership": "Leading and managing",
    "mentoring": "A mentor",
    "skills": "Skills",
    "talent": "Finding the right people",
    "workspace": "A place to work",
    "prototyping": "Making prototypes",
    "labs": "Labs and specialist equipment",
    "r_and_d": "Research and development",
    "createch": "Creative technology",
    "immersive": "Virtual, augmented and mixed reality",
    "games": "Games",
    "screen_ip": "Developing your own ideas for screen",
    "screen_production": "Making film, television or video",
    "development": "Money to develop a project",
    "co_production": "Making a project with partners abroad",
    "distribution": "Getting work to audiences",
    "arts": "The arts",
    "craft": "Craft and making",
    "music": "Music",
    "grant": "A grant",
    "loan": "A loan",
    "equity": "Investment for a share of the business",
    "angels": "Angel investors",
    "investor_links": "Meeting investors",
    "investment_readiness": "Getting ready for investment",
    "tax": "Tax reliefs and credits",
    "export": "Selling abroad",
    "insurance": "Insurance for selling abroad",
    "finance": "Finance for orders and cash flow",
    "documents": "Export paperwork",
    "training": "Training",
    "missions": "Trade visits abroad",
    "fairs": "Trade fairs and shows",
    "markets": "Finding markets abroad",
    "networks": "Meeting others in your field",
    "promotion": "Being better known",
    "sales": "Winning more sales",
    "market_research": "Knowing your market",
    "regulation": "Rules and regulations",
    "design_practice": "Using design better",
}

TRIAGE_AREAS = {
    "growth_ambition": "Growing the business",
    "ip": "Protecting and using ideas and creative work",
    "finance": "Money and investment",
    "sales": "Sales and customers",
    "export": "Selling abroad",
    "skills": "Skills and people",
    "premises": "A place to work or make things",
    "leadership": "Leading the business",
    "digital_and_rnd": "New technology and research",
    "sub_sector": "Help with your own craft or art form",
    "starting": "Starting out",
}

NEEDS_OF_AREA: dict[str, tuple[str, ...]] = {
    "growth_ambition": ("diagnostic", "growth_plan", "scale_up", "mentoring"),
    "ip": ("ip_basics", "ip_audit", "ip_implementation", "patents", "designs", "licensing", "enforcement"),
    "finance": (
        "finance",
        "grant",
        "loan",
        "equity",
        "angels",
        "investor_links",
        "investment_readiness",
        "tax",
    ),
    "sales": ("sales", "market_research", "promotion", "networks", "distribution"),
    "export": ("export", "markets", "missions", "fairs", "insurance", "documents"),
    "skills": ("skills", "training", "talent", "freelancer"),
    "premises": ("workspace", "labs", "prototyping"),
    "leadership": ("leadership", "mentoring", "scale_up"),
    "digital_and_rnd": ("r_and_d", "createch", "immersive", "games"),
    "sub_sector": (
        "screen_ip",
        "screen_production",
        "development",
        "co_production",
        "arts",
        "craft",
        "music",
        "design_practice",
    ),
    "starting": ("start_up", "triage", "regulation"),
}
"""Which needs an area raises when a business says that it matters."""

STATUSES = {
    "open": "Open",
    "check": "To be checked",
    "closed": "Closed",
    "historic": "No longer runs",
    "illustrative": "Invented example",
}

PLAN_LINES = {
    "6.1": "6.1 A pathway through the Growth Hubs",
    "6.2": "6.2 The scale-up programme",
    "6.3": "6.3 The angel network",
    "6.4": "6.4 The case for a development fund",
    "6.5": "6.5 The test-bed for creative rights",
    "6.6": "6.6 International festivals and markets",
    "6.7": "6.7 Export insurance",
}
"""The lines of Action 6 of the sector plan that a service can serve."""


class Said(StrEnum):
    """What a provider says of a service of theirs."""

    OPEN = "open"
    CHANGED = "changed"
    CLOSED = "closed"


SAID = {
    Said.OPEN: "Yes, it still runs as it says here",
    Said.CHANGED: "It runs, but something is different",
    Said.CLOSED: "No, it is closed",
}

RULE_NAMES = {
    "min_turnover_gbp": "Turnover",
    "max_turnover_gbp": "Turnover",
    "min_employees": "People",
    "max_employees": "People",
    "min_trading_months": "Time trading",
    "max_trading_months": "Time trading",
    "min_export_share_pct": "Sales abroad",
    "legal_forms": "Set up as",
    "stages": "Stage",
    "dcms_groups": "What you do",
    "leps": "Area",
    "lad_names": "Council",
    "outcodes": "Postcode district",
    "wmca_only": "Combined authority",
}
"""What each rule asks about."""

REPORT_STATUSES = {"open": "New", "settled": "Dealt with"}

HOW_CHECKED = {
    "website": "Looked at the provider’s website",
    "rang": "Rang the provider",
    "wrote": "The provider wrote to us",
}
"""How several services were checked together: visitors read it as the source."""

CHECKED = {"lately": "Checked lately and running"}
