"""What signposting brings to the house."""

from __future__ import annotations

from crm.accounts.workflow import Act as AccountAct
from crm.businesses.policy import HUB_ROLES
from crm.db.ending import GONE, Emptied, Ends, Stays, nowhere
from crm.db.erasing import Erasure, deleted, while_in
from crm.db.personal import WORK, Personal
from crm.db.processing import PUBLIC_TASK, Processing
from crm.kernel.roles import Role
from crm.signposting.jobs import load_demo
from crm.signposting.measures import FOR_REPORTS
from crm.signposting.policy import POLICY, QUEUE_ROLES
from crm.signposting.queries.enquiring import worked_with
from crm.signposting.rules import labels
from crm.signposting.service.absences import end_cover, pass_on_from_absent
from crm.signposting.service.enquiring import forget_old_drafts
from crm.signposting.service.planning import hand as hand_plan
from crm.signposting.service.queueing import hand, why_no_room
from crm.signposting.views import absences, enquiring, panels, plans, queue, queue_work, signposting
from crm.signposting.workflow import ENQUIRIES, PLANS, Act, EnquiryStatus, PlanStatus
from crm.web.feature import (
    DAILY,
    Area,
    Caseload,
    Feature,
    Follow,
    Home,
    NavigationItem,
    Panel,
    Tab,
    Timed,
    Waiting,
)

NO_PERSON = Emptied(
    {
        "person_name": GONE,
        "business_name": GONE,
        "email": nowhere,
        "person_role": "",
        "phone": None,
        "postcode": None,
        "company_number": None,
        "story": "",
        "close_note": "",
    },
    below=("enquiry_note.enquiry_id",),
)
"""What becomes of an enquiry whose person is forgotten."""

FEATURE = Feature(
    name="signposting",
    blueprints=(
        signposting.blueprint,
        enquiring.blueprint,
        queue.blueprint,
        queue_work.blueprint,
        absences.blueprint,
        plans.blueprint,
    ),
    policy=POLICY,
    measures=FOR_REPORTS,
    machines=(ENQUIRIES, PLANS),
    navigation=(
        NavigationItem("Find support", "signposting.start", Act.FIND_SUPPORT, Area.FIND_SUPPORT, order=10),
        NavigationItem("Enquiries", "queue.enquiries", Act.LIST, Area.ENQUIRIES, order=12),
    ),
    timed=(
        Timed("forget old unfinished enquiries", DAILY, forget_old_drafts),
        Timed("pass on enquiries of absent advisers", DAILY, pass_on_from_absent),
    ),
    waits=(
        Waiting(
            "Enquiries to answer",
            QUEUE_ROLES,
            Act.ANSWER,
            panels.enquiries_to_answer,
            (EnquiryStatus.WAITING, EnquiryStatus.CLAIMED),
        ),
        Waiting(
            "Steps of an action plan", (Role.FOUNDER,), Act.TICK_STEP, panels.steps_to_do, (PlanStatus.SENT,)
        ),
        Waiting(
            "The adviser's own steps of an action plan",
            HUB_ROLES,
            Act.TICK_STEP,
            panels.own_steps_to_do,
            (PlanStatus.SENT,),
        ),
    ),
    works_with=worked_with,
    finder=panels.find,
    homes=(
        Home("Your action plans", "signposting/_home_plans.html", 20, panels.load_own_plans),
        Home("Your enquiries", "signposting/_panel_enquiries.html", 30, panels.load_own_enquiries),
    ),
    panels=(
        Panel(
            "Next steps of the adviser in the action plan",
            "signposting/_panel_adviser_steps.html",
            13,
            panels.load_adviser_steps,
            Tab.OVERVIEW,
        ),
        Panel("Action plans", "signposting/_panel_plans.html", 10, panels.load_plans, Tab.SUPPORT),
        Panel("Enquiries", "signposting/_panel_enquiries.html", 30, panels.load_enquiries, Tab.SUPPORT),
    ),
    timeline=panels.timeline,
    absences=panels.absences,
    caseloads=(
        Caseload(
            "signposting",
            "Enquiries",
            panels.enquiries_in_hand,
            hand,
            QUEUE_ROLES,
            standing=panels.standing,
            why_not=why_no_room,
            is_watched=False,
        ),
        Caseload("action_plan", "Action plans", panels.plans_in_hand, hand_plan),
    ),
    follows=(
        Follow(AccountAct.DEACTIVATE, end_cover),
        Follow(AccountAct.END_GRANT, end_cover),
    ),
    demo=load_demo,
    words={
        "action_plan": "action plan",
        "enquiry.status": labels.STATUSES,
        "enquiry.way": labels.WAYS,
        "enquiry.close_reason": labels.CLOSE_REASONS,
        "action_plan.status": labels.PLAN_STATUSES,
        "plan_step.owner": labels.OWNERS_TO_STAFF,
    },
    pages={
        "enquiry": ("queue.enquiry", "enquiry_id"),
        "action_plan": ("plans.plan", "plan_id"),
    },
    processing=Processing(
        "Enquiries, triage and action plans",
        "to answer enquiries, and to point to the right help",
        "people who enquire, and advisers",
        PUBLIC_TASK,
    ),
    personal={
        "absence.account_id": Personal("When you were away", "first_day last_day"),
        "capacity.account_id": Personal("How many enquiries you can hold", "most_open"),
        "action_plan.holder_id": WORK,
        "enquiry.email": Personal(
            "Your enquiries",
            "reference business_name company_number person_name person_role email phone postcode answers ask consents story way received_at answered_at closed_at status",
        ),
        "enquiry_draft.email": Personal("Enquiries that you began", "answers email begun_at changed_at"),
    },
    retention=(
        Ends(
            "drafts of enquiries",
            "Enquiries that were not sent",
            "enquiry_draft",
            "enquiry.draft_days",
            "after the last change",
            "so that you can finish it later",
            at="changed_at",
        ),
        Ends(
            "enquiries",
            "People and texts of closed enquiries",
            "enquiry",
            "retention.enquiry_months",
            "after the enquiry was closed",
            "to answer questions about what was advised",
            stays="what was needed, the first half of the postcode, its days and outcome",
            at="closed_at",
            then=NO_PERSON,
        ),
        Stays(
            "When advisers are away and how much they take on",
            ("absence", "capacity"),
            "as long as the account is used",
            "enquiries are shared out by it",
        ),
    ),
    erasure={
        "absence": deleted("When they were away"),
        "capacity": deleted("How many enquiries they took on"),
        "enquiry": Erasure(
            "Their enquiries",
            NO_PERSON,
            "what was needed, the first half of the postcode, its days and outcome",
        ),
        "enquiry_draft": deleted("Enquiries that they began"),
    },
    hinders=(
        while_in(
            "action_plan",
            states=("draft",),
            words="An action plan of theirs is still a draft. Hand it over first.",
        ),
        while_in(
            "enquiry",
            states=("waiting", "claimed", "answered"),
            words="An enquiry of theirs is open. Close it first.",
        ),
    ),
)
