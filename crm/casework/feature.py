"""What casework brings to the house."""

from __future__ import annotations

from crm.businesses.policy import HUB_ROLES
from crm.casework.jobs import load_demo, load_kinds
from crm.casework.measures import FOR_REPORTS
from crm.casework.policy import POLICY
from crm.casework.queries.holding import worked_with
from crm.casework.rules import CHANNELS, HOURS_STATUSES, STATUSES, said_kind
from crm.casework.service.conversing import hand as hand_draft
from crm.casework.service.counting import hand as hand_hours
from crm.casework.service.stepping import hand, remind
from crm.casework.views import conversations, emails, hours, next_steps, panels, support_kinds
from crm.casework.workflow import CONVERSATIONS, HOURS, Act, ConversationStatus, HoursStatus
from crm.db.ending import GONE, Emptied, Ends, Stays, words_gone
from crm.db.erasing import deleted, emptied, while_in
from crm.db.personal import WORK, NotCopied, Personal
from crm.db.processing import PUBLIC_TASK, Processing
from crm.kernel.measures import in_hours
from crm.kernel.roles import Role
from crm.web.feature import DAILY, Area, Caseload, Feature, NavigationItem, Panel, Tab, Timed, Waiting

FEATURE = Feature(
    name="casework",
    blueprints=(
        conversations.blueprint,
        hours.blueprint,
        next_steps.blueprint,
        emails.blueprint,
        support_kinds.blueprint,
    ),
    policy=POLICY,
    measures=FOR_REPORTS,
    machines=(CONVERSATIONS, HOURS),
    navigation=(
        NavigationItem("Reminders", "next_steps.reminders", Act.CHOOSE_REMINDERS, Area.CALENDAR, order=58),
        NavigationItem("Reach", "support_kinds.reach", Act.VIEW_REACH, Area.REPORTS, order=55),
        NavigationItem("Email templates", "emails.templates", Act.VIEW_TEMPLATES, Area.TEMPLATES, order=59),
        NavigationItem(
            "Kinds of support", "support_kinds.support_kinds", Act.VIEW_KINDS, Area.TEMPLATES, order=60
        ),
    ),
    timed=(Timed("remind of what is due, once a day", DAILY, remind),),
    waits=(
        Waiting("Next steps", HUB_ROLES, Act.FINISH_STEP, panels.steps_to_do),
        Waiting(
            "Draft conversations",
            HUB_ROLES,
            Act.COMPLETE,
            panels.drafts_to_complete,
            (ConversationStatus.DRAFT,),
        ),
        Waiting("Hours to ask about", HUB_ROLES, Act.ASK_HOURS, panels.hours_to_ask, (HoursStatus.STATED,)),
        Waiting(
            "Disputed hours",
            (Role.HUB_MANAGER,),
            Act.CORRECT_HOURS,
            panels.hours_to_correct,
            (HoursStatus.DISPUTED,),
        ),
    ),
    panels=(
        Panel("Next steps", "casework/_panel_steps.html", 12, next_steps.load_panel, Tab.OVERVIEW),
        Panel(
            "Conversations", "casework/_panel_conversations.html", 25, conversations.load_panel, Tab.ACTIVITY
        ),
        Panel("Emails", "casework/_panel_emails.html", 26, emails.load_panel, Tab.ACTIVITY),
        Panel("Hours of help", "casework/_panel_hours.html", 27, hours.load_panel, Tab.SUPPORT),
    ),
    works_with=worked_with,
    caseloads=(
        Caseload("casework", "Next steps", panels.steps_in_hand, hand),
        Caseload("conversation", "Draft conversations", panels.drafts_in_hand, hand_draft),
        Caseload("support_hours", "Hours to have confirmed", panels.hours_in_hand, hand_hours),
    ),
    timeline=panels.timeline,
    reference=load_kinds,
    demo=load_demo,
    fields={"next_step.account_id": "Who does it", "support_hours.asker_id": "Who asks the business"},
    words={
        "written_email": "email",
        "support_hours": "hours of support",
        "conversation.quarters": in_hours,
        "support_hours.quarters": in_hours,
        "conversation.channel": CHANNELS,
        "conversation.kind_code": said_kind,
        "support_hours.kind_code": said_kind,
        "workshop.kind_code": said_kind,
        "conversation.status": STATUSES,
        "support_hours.status": HOURS_STATUSES,
    },
    pages={
        "conversation": ("conversations.conversation", "conversation_id"),
        "written_email": ("emails.email", "email_id"),
    },
    processing=Processing(
        "Conversations, hours of help and next steps",
        "to help a business over time, and to count the help given",
        "people at businesses, and advisers",
        PUBLIC_TASK,
    ),
    personal={
        "conversation.holder_id": WORK,
        "conversation_adviser.account_id": WORK,
        "next_step_assignee.account_id": WORK,
        "quiet_notice.account_id": WORK,
        "support_hours.asker_id": WORK,
        "conversation_person.person_id": NotCopied(
            "notes speak of others too",
            told="What advisers noted of conversations with you: it can speak of other people too. Ask us, and you are given what we noted about you.",
        ),
        "reminder_choice.account_id": Personal("How you are reminded", "by_letter quiet_days"),
        "written_email.person_id": Personal("Emails that advisers wrote to you", "subject body written_at"),
    },
    retention=(
        Ends(
            "case notes",
            "Case notes of conversations",
            "conversation",
            "retention.notes_months",
            "after the conversation",
            "they show what public money was spent on, and claims can be brought for six years",
            stays="its day, kind, hours and who took part",
            at="happened_on",
            only={"status": (ConversationStatus.COMPLETE,)},
            then=Emptied(
                {
                    "notes": GONE,
                    "subject": GONE,
                    "barrier_notes": "",
                    "void_reason": words_gone("void_reason"),
                }
            ),
        ),
        Ends(
            "advisers' emails",
            "Emails that advisers wrote",
            "written_email",
            "retention.notes_months",
            "after the email was written",
            "they show what was advised, and claims can be brought for six years",
            stays="that one was sent, by whom and when",
            at="written_at",
            then=Emptied({"body": GONE, "subject": GONE}),
        ),
        Stays(
            "How you are reminded",
            ("reminder_choice",),
            "as long as the account is used",
            "you chose it",
        ),
    ),
    erasure={
        "reminder_choice": deleted("How they are reminded"),
        "written_email": emptied(
            "Emails that advisers wrote to them",
            "that one was sent, by whom and when",
            body=GONE,
            subject=GONE,
        ),
    },
    hinders=(
        while_in(
            "conversation",
            states=("draft",),
            words="A conversation that they recorded is still a draft. Hand it over or complete it first.",
        ),
    ),
)
