"""What assessing brings to the house."""

from __future__ import annotations

from crm.businesses.workflow import Act as BusinessAct
from crm.db.ending import Stays
from crm.db.erasing import kept
from crm.db.personal import WORK, Personal
from crm.db.processing import PUBLIC_TASK, Processing
from crm.kernel.roles import Role
from crm.programme.applications.workflow import Act as ApplicationAct
from crm.programme.assessing.policy import POLICY
from crm.programme.assessing.queries.clashes import clashes, leaves
from crm.programme.assessing.queries.stakes import facts_of
from crm.programme.assessing.queries.veiling import veil
from crm.programme.assessing.rules.labels import ASSESSMENT_STATUSES, DECLINE_REASONS
from crm.programme.assessing.service import following
from crm.programme.assessing.views import (
    allocation,
    assessments,
    interests,
    moderation,
    packs,
    panel,
    ranking,
    scores,
    showing,
)
from crm.programme.assessing.workflow import ASSESSMENTS, Act, AssessmentStatus
from crm.programme.rounds.workflow import Act as RoundAct
from crm.web.feature import Area, Feature, Follow, NavigationItem, Waiting

FEATURE = Feature(
    name="assessing",
    blueprints=tuple(
        each.blueprint
        for each in (panel, allocation, assessments, interests, scores, moderation, ranking, packs)
    ),
    policy=POLICY,
    machines=(ASSESSMENTS,),
    navigation=(
        NavigationItem(
            "Assessments", "assessments.assessments", Act.LIST_ASSESSMENTS, Area.ASSESSMENT, order=28
        ),
    ),
    actor_facts=facts_of,
    clashes=clashes,
    leaves=leaves,
    veil=veil,
    waits=(
        Waiting(
            "Applications without enough assessors",
            (Role.PROGRAMME_MANAGER, Role.LEAD_ASSESSOR),
            Act.ALLOCATE,
            showing.rounds_without_assessors,
        ),
        Waiting(
            "Scores to moderate",
            (Role.PROGRAMME_MANAGER, Role.LEAD_ASSESSOR),
            Act.MODERATE,
            showing.scores_to_moderate,
        ),
        Waiting(
            "Assessments that are late or due soon",
            (Role.PROGRAMME_MANAGER, Role.LEAD_ASSESSOR),
            Act.REMIND,
            showing.assessments_to_chase,
        ),
        Waiting(
            "Scores that are ready to close",
            (Role.PROGRAMME_MANAGER, Role.LEAD_ASSESSOR, Role.APPROVER),
            Act.FINALISE,
            showing.assessments_to_close,
        ),
        Waiting(
            "Assessments to score again",
            (Role.ASSESSOR,),
            Act.SCORE,
            showing.assessments_to_score_again,
            (AssessmentStatus.ACCEPTED, AssessmentStatus.SUBMITTED),
        ),
        Waiting(
            "Assessments to submit",
            (Role.ASSESSOR,),
            Act.SCORE,
            showing.assessments_to_submit,
            (AssessmentStatus.ALLOCATED, AssessmentStatus.ACCEPTED),
        ),
    ),
    links=showing.links,
    follows=(
        Follow(RoundAct.OPEN_CRITERIA, following.give_back),
        Follow(RoundAct.CLOSE_CRITERIA, following.tell_of_criteria),
        Follow(RoundAct.POSTPONE, following.tell_of_dates),
        Follow(BusinessAct.JOIN_BUSINESS, following.leave_out_joined),
        Follow(ApplicationAct.WITHDRAW, following.close_open_ones),
        Follow(ApplicationAct.RULE_OUT, following.close_open_ones),
        Follow(ApplicationAct.ANSWER, following.mark_stale),
        Follow(ApplicationAct.ERASE, following.erase_judgements),
    ),
    pages={"assessment": ("assessments.assessment", "assessment_id")},
    words={
        "assessment.status": ASSESSMENT_STATUSES,
        "assessment.declined_for": DECLINE_REASONS,
    },
    processing=Processing(
        "Assessing applications",
        "to judge applications fairly, without a conflict of interest",
        "assessors",
        PUBLIC_TASK,
    ),
    personal={
        "assessment.assessor_id": WORK,
        "interest.account_id": Personal(
            "Interests that you declared", "company_number words declared_at ended_at"
        ),
        "round_assessor.account_id": Personal("Rounds that you assess for", "knows most"),
    },
    retention=(
        Stays(
            "Assessors and the interests that they declared",
            ("interest", "round_assessor"),
            "as long as the round they assessed for",
            "a decision can be challenged for a conflict of interest",
        ),
    ),
    erasure={
        "interest": kept(
            "Interests that they declared", "a decision can be challenged for a conflict of interest"
        ),
        "round_assessor": kept(
            "Rounds that they assessed for", "a decision can be challenged for a conflict of interest"
        ),
    },
)
