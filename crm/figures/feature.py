"""What dated figures bring to the house."""

from __future__ import annotations

from crm.figures.forms import CONFIDENCE
from crm.figures.policy import POLICY
from crm.figures.rules import LABELS, say_value
from crm.figures.service import load_shipped
from crm.figures.views import blueprint, todos
from crm.figures.workflow import MACHINE, Act, FigureStatus
from crm.kernel.roles import Role
from crm.kernel.workflow import spoken
from crm.web.feature import Among, Area, Feature, NavigationItem, Waiting

FEATURE = Feature(
    name="figures",
    blueprints=(blueprint,),
    policy=POLICY,
    waits=(
        Waiting(
            "Proposed figures",
            (Role.ADMINISTRATOR, Role.APPROVER),
            Act.APPROVE,
            todos,
            (FigureStatus.PROPOSED,),
        ),
    ),
    machines=(MACHINE,),
    navigation=(NavigationItem("Dated figures", "figures.figures", Act.VIEW, Area.FIGURES, order=85),),
    reference=load_shipped,
    walls={
        "uq_dated_figure_proposed": (
            "value",
            "This value has already been proposed from this day and is waiting for approval",
        ),
    },
    words={
        "dated_figure": "dated figure",
        "dated_figure.name": LABELS,
        "dated_figure.value": Among(say_value),
        "dated_figure.status": spoken,
        "dated_figure.confidence": {each.value: each.label for each in CONFIDENCE},
    },
    pages={
        "dated_figure": ("figures.figure", "figure_id"),
    },
)
