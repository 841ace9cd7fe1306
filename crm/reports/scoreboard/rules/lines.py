"""The lines of Action 6, as the West Midlands’ creative industries sector plan has them."""

from __future__ import annotations

from dataclasses import dataclass

from crm.db.counting import DATA

PLAN = "Creative Industries Sector Plan, West Midlands Local Industrial Strategy, Action 6"


@dataclass(frozen=True)
class Line:
    """One line of Action 6: its number, what it is called, and what the plan promises."""

    key: str
    title: str
    promise: str


LINES = (
    Line(
        "6.1",
        "Support pathway",
        "A specialist support pathway through the Growth Hubs, which points creative businesses to the right help.",
    ),
    Line(
        "6.2",
        "Scale-up programme",
        "A £1.3 million programme that helps creative businesses to develop their ideas, grow sales and enter markets.",
    ),
    Line(
        "6.3",
        "Angel network",
        "More investors who back creative businesses, and more equity and loan finance.",
    ),
    Line(
        "6.4",
        "Development fund",
        "The case for a Regional Creative Development Fund of £1 million to £20 million.",
    ),
    Line(
        "6.5",
        "IP test-bed",
        "A region-wide test-bed for creative intellectual property, and informed decisions about it.",
    ),
    Line(
        "6.6",
        "Internationalisation",
        "Access to international festivals and markets through the Growth Hubs.",
    ),
    Line(
        "6.7",
        "Export insurance",
        "Insurance and finance for exports, and help for businesses below the turnover that trade advisers serve.",
    ),
)
TITLES = {each.key: f"{each.key} {each.title}" for each in LINES} | {DATA: "Data quality"}
"""What the lines are called."""
