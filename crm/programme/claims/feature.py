"""What claims bring to the house."""

from __future__ import annotations

from crm.db.erasing import while_at_business, wholly
from crm.db.processing import CONTRACT, Processing
from crm.funding.payments.workflow import Act as PaymentAct
from crm.kernel.proposals import STATUSES
from crm.kernel.roles import Role
from crm.programme.awards.workflow import Act as AwardAct
from crm.programme.claims.jobs import remind_daily
from crm.programme.claims.measures import FOR_REPORTS
from crm.programme.claims.policy import DECIDERS, POLICY
from crm.programme.claims.queries import claims, telling
from crm.programme.claims.queries import recoveries as recovery_queries
from crm.programme.claims.rules.labels import (
    CHANGE_KINDS,
    CHANGE_STATUSES,
    CLAIM_STATUSES,
    EVIDENCE_STATUSES,
    MONEY_KINDS,
    RECOVERY_STATUSES,
    REMINDERS,
)
from crm.programme.claims.service import changing, following
from crm.programme.claims.service.money_proposals import REPAYMENT_WAITS
from crm.programme.claims.service.unpaid import RETURN_WAITS
from crm.programme.claims.views import (
    award_changes,
    award_claims,
    claim_decisions,
    grant_claims,
    milestone_evidence,
    money_proposals,
    recoveries,
    showing,
    story,
    waiting,
)
from crm.programme.claims.workflow import (
    CHANGES,
    CLAIMS,
    EVIDENCE,
    MONEY,
    RECOVERIES,
    Act,
    ChangeStatus,
    ClaimStatus,
    EvidenceStatus,
    MoneyProposalStatus,
    RecoveryStatus,
)
from crm.programme.rounds.policy import MANAGERS
from crm.web.beside import Beside
from crm.web.feature import DAILY, Area, Feature, Follow, NavigationItem, Part, Timed, Waiting

FOUNDERS, AWARD = (Role.FOUNDER,), ("award",)
OLDER_BOOKS = "They are taken over from older books: each says who entered it, when, and from which paper."
FEATURE = Feature(
    name="claims",
    blueprints=tuple(
        each.blueprint
        for each in (
            award_claims,
            grant_claims,
            claim_decisions,
            milestone_evidence,
            award_changes,
            recoveries,
            money_proposals,
        )
    ),
    policy=POLICY,
    measures=FOR_REPORTS,
    machines=(CLAIMS, EVIDENCE, CHANGES, RECOVERIES, MONEY.machine),
    navigation=(
        NavigationItem(
            "Claims",
            "award_claims.every_claim",
            Act.LIST,
            Area.COHORT,
            order=66,
            also=("/milestone-evidence", "/award-changes", "/repayments", "/money-proposals"),
        ),
    ),
    timed=(Timed("remind of milestones", DAILY, remind_daily),),
    waits=(
        Waiting(
            "Claims to check",
            MANAGERS,
            Act.APPROVE,
            waiting.claims_to_assess,
            (ClaimStatus.SUBMITTED,),
            AWARD,
        ),
        Waiting(
            "Claims whose payment was cancelled",
            (Role.FINANCE_OFFICER,),
            Act.PAY_AGAIN,
            waiting.claims_to_pay_again,
            pages=AWARD,
        ),
        Waiting(
            "Claims to finish or correct",
            FOUNDERS,
            Act.ADD_COST,
            waiting.claims_to_correct,
            (ClaimStatus.DRAFT, ClaimStatus.RETURNED),
            AWARD,
        ),
        Waiting("Milestones to claim for", FOUNDERS, Act.BEGIN, waiting.milestones_to_claim, pages=AWARD),
        Waiting(
            "Evidence to check",
            MANAGERS,
            Act.ACCEPT,
            waiting.evidence_to_check,
            (EvidenceStatus.HANDED_IN,),
            AWARD,
        ),
        Waiting("Milestones that are overdue", MANAGERS, Act.ACCEPT, waiting.milestones_overdue, pages=AWARD),
        Waiting(
            "Changes to awards to decide",
            (*MANAGERS, Role.APPROVER),
            Act.APPROVE_CHANGE,
            award_changes.to_decide,
            (ChangeStatus.ASKED, ChangeStatus.SUPPORTED),
            AWARD,
        ),
        Waiting(
            "Milestones due",
            FOUNDERS,
            Act.HAND_IN,
            waiting.milestones_due,
            (EvidenceStatus.DRAFT,),
            AWARD,
        ),
        Waiting(
            "Returns and repayments to decide",
            DECIDERS,
            Act.CONFIRM_PROPOSAL,
            money_proposals.to_decide,
            (MoneyProposalStatus.PROPOSED,),
            AWARD,
        ),
        Waiting(
            "Returns and repayments to read",
            (*DECIDERS, Role.FINANCE_OFFICER),
            Act.READ_PROPOSAL,
            money_proposals.to_read,
            pages=AWARD,
        ),
        Waiting(
            "Repayments to make", FOUNDERS, Act.VIEW, recoveries.to_pay_back, (RecoveryStatus.ASKED,), AWARD
        ),
        Waiting(
            "Repayments expected", (Role.FINANCE_OFFICER,), Act.RECEIVE, recoveries.to_receive, pages=AWARD
        ),
        Waiting(
            "Repayments to release",
            (*MANAGERS, Role.APPROVER),
            Act.RELEASE,
            recoveries.to_release,
            (RecoveryStatus.RECEIVED,),
            AWARD,
        ),
    ),
    parts=(Part("awards.award", "programme/claims/_part.html", showing.load_part),),
    follows=(
        Follow(PaymentAct.PAY, following.claim_paid),
        Follow(PaymentAct.RETURN, following.payment_returned),
        Follow(PaymentAct.REDATE, following.payment_redated),
        Follow(PaymentAct.FAIL, following.payment_rejected),
        Follow(PaymentAct.CANCEL, following.payment_cancelled),
        Follow(AwardAct.END, following.close_open_claims),
        Follow(AwardAct.END, changing.close_open),
        Follow(AwardAct.END, following.lower_subsidy),
        Follow(AwardAct.COMPLETE, following.close_open_claims),
        Follow(AwardAct.COMPLETE, changing.close_open),
        Follow(AwardAct.COMPLETE, following.lower_subsidy),
    ),
    holds={"award": following.why_papers_held, "award_closing": following.why_not_closed},
    stories={"application": story.story},
    timeline=story.timeline,
    related={"application": telling.belonging_to},
    withholds={following.CLAIM: following.why_withheld},
    beside=(
        Beside(
            "Approved claims beside the ledger",
            ("award", "awards"),
            "approved",
            "claimed in the ledger",
            claims.approved_beside,
            alone=claims.claimed_without,
            alone_words="Entries with no claim",
            alone_moved=claims.CLAIMED_WAY,
            alone_why=OLDER_BOOKS,
        ),
        Beside(
            "Repayments beside the ledger",
            ("award", "awards"),
            "paid back",
            "recovered in the ledger",
            recovery_queries.received_beside,
            alone=recovery_queries.recovered_without,
            alone_words="Entries with no repayment",
            alone_moved=recovery_queries.RECOVERED_WAY,
            alone_why=OLDER_BOOKS,
        ),
    ),
    walls={
        "uq_award_claim_one_open": ("", "A claim for this milestone is open already. Open it instead."),
        "uq_award_claim_number": ("", "Another claim was begun at the same moment. Try again."),
        "uq_award_change_one_open": (
            "",
            "A change to this award is being decided. Withdraw it first, or wait for our answer.",
        ),
        "uq_money_proposal_one_return": ("", RETURN_WAITS),
        "uq_money_proposal_one_repayment": ("", REPAYMENT_WAITS),
        "uq_milestone_evidence_one_waiting": (
            "",
            "Evidence for this milestone is being written or checked already.",
        ),
    },
    pages={
        "award_claim": ("grant_claims.grant_claim", "award_claim_id"),
        "milestone_evidence": ("milestone_evidence.evidence", "evidence_id"),
        "award_change": ("award_changes.change", "award_change_id"),
        "award_recovery": ("recoveries.recovery", "recovery_id"),
        "money_proposal": (money_proposals.PAGE, "money_proposal_id"),
    },
    fields={
        "award_claim.why_again": "Why costs whose files other claims have too are approved",
        "money_proposal.is_unread": "Still to be read",
    },
    words={
        "award_claim": "claim on an award",
        "award_claim.status": CLAIM_STATUSES,
        "award_claim_version.outcome": CLAIM_STATUSES,
        "milestone_evidence": "evidence for a milestone",
        "milestone_evidence.status": EVIDENCE_STATUSES,
        "milestone_reminder.kind": REMINDERS,
        "award_change": "change to an award",
        "award_change.status": CHANGE_STATUSES,
        "award_change.kind": CHANGE_KINDS,
        "award_recovery": "repayment",
        "award_recovery.status": RECOVERY_STATUSES,
        "money_proposal": "proposal about the money of an award",
        "money_proposal.kind": MONEY_KINDS,
        "money_proposal.status": STATUSES,
    },
    processing=Processing(
        "Claims and evidence of awards",
        "to pay grants for what was done, and to prove it",
        "people at businesses with an award",
        CONTRACT,
    ),
    erasure={
        **wholly(
            "Claims of a grant, their costs and evidence",
            "the rules on subsidies and the grant agreement ask for the whole record of a grant, for ten years",
            *("award_claim", "award_claim_version", "award_cost", "award_change", "award_recovery"),
            *("milestone_evidence", "money_proposal"),
        ),
    },
    hinders=(
        while_at_business(
            "award_claim",
            states=("draft", "submitted", "returned", "approved"),
            words="A claim of a business that they act for is still to be decided or paid.",
            way="award_id>award.business_id",
        ),
    ),
)
