"""What cohorts bring to the house."""

from __future__ import annotations

from crm.db.erasing import while_at_business, wholly
from crm.db.processing import PUBLIC_TASK, Processing
from crm.funding.envelopes.rules import LINES
from crm.kernel.measures import in_percent
from crm.kernel.proposals import STATUSES
from crm.kernel.roles import Role
from crm.programme.applications.service.ruling import RULING
from crm.programme.applications.workflow import Act as ApplicationAct
from crm.programme.assessing.workflow import Act as AssessingAct
from crm.programme.cohort.jobs import work_on_proposals
from crm.programme.cohort.policy import DECIDERS, POLICY
from crm.programme.cohort.queries import headroom
from crm.programme.cohort.queries.decisions import belonging_to, why_not_ruled_out
from crm.programme.cohort.queries.money import (
    COMMITTED,
    awarded_beside,
    committed_without,
    of_this_back,
    why_held,
)
from crm.programme.cohort.rules.labels import (
    CHANGE_KINDS,
    DECISION_STATUSES,
    DIMENSIONS,
    DRAFT_STATUSES,
    MEASURES,
    OUTCOMES,
    PROPOSAL_STATUSES,
    said_side,
)
from crm.programme.cohort.service import changing, drafting, following
from crm.programme.cohort.service.confirming import ALREADY_PROPOSED
from crm.programme.cohort.views import (
    award_withdrawals,
    cohort_confirmations,
    cohort_drafts,
    cohort_proposals,
    cohort_targets,
    cohorts,
    decision_changes,
    decisions,
    draft_parts,
    feedback,
    showing,
    states,
    telling,
    unchosen,
)
from crm.programme.cohort.workflow import (
    CHANGES,
    DECISIONS,
    DRAFTS,
    PROPOSALS,
    Act,
    ChangeStatus,
    DecisionStatus,
    DraftStatus,
)
from crm.programme.rounds.policy import MANAGERS
from crm.programme.rounds.workflow import Act as RoundAct
from crm.web.beside import Beside
from crm.web.feature import Area, Feature, Follow, Job, NavigationItem, Part, Waiting

FEATURE = Feature(
    name="cohort",
    blueprints=tuple(
        each.blueprint
        for each in (
            cohorts,
            cohort_drafts,
            cohort_targets,
            cohort_proposals,
            cohort_confirmations,
            decisions,
            draft_parts,
            award_withdrawals,
            decision_changes,
            feedback,
        )
    ),
    policy=POLICY,
    machines=(DRAFTS, PROPOSALS, DECISIONS, CHANGES.machine),
    navigation=(
        NavigationItem(
            "Cohorts",
            "cohorts.cohorts",
            Act.LIST_COHORTS,
            Area.COHORT,
            order=30,
            also=(
                "/cohort-drafts",
                "/cohort-proposals",
                "/cohort-targets",
                "/decisions",
                "/decision-changes",
            ),
        ),
    ),
    jobs=(Job("propose cohorts", work_on_proposals),),
    waits=(
        Waiting(
            "Cohorts to confirm",
            (Role.APPROVER,),
            Act.CONFIRM,
            showing.cohorts_to_confirm,
            (DraftStatus.PROPOSED,),
        ),
        Waiting("Cohorts to choose", MANAGERS, Act.START_DRAFT, unchosen.cohorts_to_choose),
        Waiting(
            "Cohorts sent back",
            MANAGERS,
            Act.PROPOSE,
            showing.cohorts_sent_back,
        ),
        Waiting(
            "Decisions to send",
            MANAGERS,
            Act.NOTIFY,
            showing.decisions_to_send,
            (DecisionStatus.SAVED,),
        ),
        Waiting("Awards for the waiting list", (Role.APPROVER,), Act.PROMOTE, showing.reserves_to_promote),
        Waiting(
            "Awards given up by their business",
            (*MANAGERS, Role.APPROVER),
            Act.VIEW,
            showing.awards_given_up,
            (DecisionStatus.WITHDRAWN,),
        ),
        Waiting(
            "Awards to withdraw or keep",
            (*MANAGERS, Role.APPROVER),
            Act.WITHDRAW_AWARD,
            award_withdrawals.to_confirm,
            pages=("award",),
        ),
        Waiting(
            "Changes of decisions to confirm or refuse",
            DECIDERS,
            Act.CONFIRM_CHANGE,
            decision_changes.to_decide,
            (ChangeStatus.PROPOSED,),
        ),
        Waiting("Changes of decisions to read", DECIDERS, Act.READ_CHANGE, decision_changes.to_read),
    ),
    follows=(
        Follow(ApplicationAct.WITHDRAW, following.leave_drafts),
        Follow(ApplicationAct.RULE_OUT, following.leave_drafts),
        Follow(ApplicationAct.ERASE, following.erase_feedback),
        Follow(AssessingAct.ASSESS_AGAIN, following.refuse_if_decided),
        Follow(RoundAct.OPEN_CRITERIA, following.refuse_if_confirmed),
    ),
    parts=(Part("applications.application", "programme/cohort/_decided.html", showing.load_decided),),
    walls={
        "uq_cohort_draft_name": ("name", drafting.NAME_TAKEN),
        "uq_cohort_draft_one_put_forward": (
            "",
            ALREADY_PROPOSED,
        ),
        "uq_cohort_target_once": ("group", "There is a target for this group already. Remove it first"),
        "uq_decision_change_one_open": ("", changing.WAITS),
        "uq_feedback_once": (
            "words",
            "There is feedback on this criterion already. Read it, then save again",
        ),
    },
    links=showing.links,
    standings={"application": telling.standings, "cohort": states.standings},
    stories={"application": telling.story},
    recounts={"application": showing.decision_history},
    promises=headroom.promises,
    holds={"decision": why_held, RULING: why_not_ruled_out},
    beside=(
        Beside(
            "Awards beside their reservations and commitments",
            ("award", "awards"),
            "awarded",
            "reserved or committed",
            awarded_beside,
            note=of_this_back,
            alone=committed_without,
            alone_words="Entries with no award",
            alone_moved=COMMITTED,
            alone_why="They are taken over from older books: each says who entered it, when, and from which paper.",
        ),
    ),
    pages={
        "cohort": ("cohorts.cohort", "cohort_id"),
        "cohort_draft": ("cohort_drafts.cohort_draft", "cohort_draft_id"),
        "cohort_proposal": ("cohort_proposals.cohort_proposal", "cohort_proposal_id"),
        "decision": ("decisions.decision", "decision_id"),
        "decision_change": (decision_changes.PAGE, "decision_change_id"),
    },
    related={"application": belonging_to},
    shared={"cohort_draft": ("application", "applications", "same_reason")},
    fields={
        **{f"{table}.part_reason": "Why it is less than asked for" for table in ("decision", "cohort_draft")},
        "cohort_draft.same_reason": "The same reason is given for",
        "decision.is_end_unread": "Still to be read why it was given up",
        "decision.released": "Released when it ended",
        "decision.off_list_reason": "Why it came off the waiting list",
        "decision_change.before": "Award or wish before",
        "decision_change.is_unread": "Still to be read",
        "decision.place": "Place on the waiting list",
        "cohort_draft.reserves": "Applications on the waiting list",
        "cohort_draft.money": "Awarded in the whole cohort",
        "cohort_draft.limit_reason": "Why it is more than can be given that day",
    },
    words={
        "cohort_draft": "draft cohort",
        "cohort_proposal": "proposed cohort",
        "cohort.dimension": DIMENSIONS,
        "cohort.measure": MEASURES,
        "cohort.least": in_percent,
        "cohort.is_outside": said_side,
        "cohort_target.is_outside": said_side,
        "decision_change": "change of a decision",
        "decision_change.kind": CHANGE_KINDS,
        "decision_change.status": STATUSES,
        "decision.outcome": OUTCOMES,
        "decision.status": DECISION_STATUSES,
        "cohort.line": LINES,
        "cohort_draft.status": DRAFT_STATUSES,
        "cohort_proposal.status": PROPOSAL_STATUSES,
        "cohort_target.dimension": DIMENSIONS,
        "cohort_target.measure": MEASURES,
    },
    processing=Processing(
        "Choosing a cohort",
        "to decide which applications are offered a grant, and to show why",
        "people at businesses that apply",
        PUBLIC_TASK,
    ),
    erasure={
        **wholly(
            "Decisions on applications, and their letters",
            "the rules on subsidies and the grant agreement ask for the whole record of a grant, for ten years",
            *("decision", "decision_change"),
        ),
    },
    hinders=(
        while_at_business(
            "application",
            states=("assessed",),
            words="An application of a business that they act for was assessed, and is not decided. Decide on it first.",
            until="decision.application_id",
        ),
        while_at_business(
            "decision",
            states=("saved",),
            words="A decision about a business that they act for was not told yet. Send it first.",
            way="application_id>application.business_id",
        ),
    ),
)
