"""What the wing of pitches brings to the house."""

from __future__ import annotations

from crm.angels.investors.policy import MANAGERS
from crm.angels.investors.workflow import Act as InvestorAct
from crm.angels.pitches.jobs import visiting
from crm.angels.pitches.jobs.alerting import alert_daily, reason_not_to_alert
from crm.angels.pitches.jobs.ending import end_daily
from crm.angels.pitches.jobs.forgetting import end_evidence_daily
from crm.angels.pitches.policy import POLICY
from crm.angels.pitches.queries.clashes import clashes
from crm.angels.pitches.queries.ending import nothing_since
from crm.angels.pitches.rules import labels
from crm.angels.pitches.service import erasing
from crm.angels.pitches.views import desk, ledger, pitch_extracts, pitch_files, pitches, raises, screening
from crm.angels.pitches.workflow import PITCHES, Act, PitchStatus
from crm.businesses.policy import HUB_ROLES
from crm.db.ending import Ends, Stays
from crm.db.erasing import by_room, deleted, wholly
from crm.db.personal import WORK, Personal
from crm.db.processing import LEGAL_DUTY, Processing
from crm.evidence.rules import UNMET_REASONS
from crm.kernel.clock import day_of
from crm.kernel.eligibility import DCMS_GROUPS, LEPS, STAGES
from crm.kernel.roles import Role
from crm.web.feature import DAILY, Area, Feature, Follow, NavigationItem, Panel, Part, Tab, Timed, Waiting

LAWFUL = "they show that each pitch was lawfully shown, in case of a claim"

FEATURE = Feature(
    name="pitches",
    blueprints=tuple(
        each.blueprint for each in (raises, pitch_files, screening, pitches, ledger, pitch_extracts)
    ),
    policy=POLICY,
    clashes=clashes,
    machines=(PITCHES,),
    navigation=(
        NavigationItem(
            "Raising investment",
            "raises.raises",
            Act.LIST_RAISES,
            Area.RAISING,
            order=30,
            roles=(Role.FOUNDER, *HUB_ROLES),
        ),
        NavigationItem("Raising investment", "raises.raises", Act.LIST_RAISES, Area.PITCHES, order=31),
        NavigationItem(
            "Browse pitches",
            "pitches.pitches",
            Act.SEE_PITCHES,
            Area.PITCHES,
            order=15,
            roles=(Role.ANGEL,),
        ),
        NavigationItem("Following", "pitches.following", Act.SAVE_SEARCH, Area.PITCHES, order=16),
    ),
    send_gates=dict.fromkeys(("pitch_alert", "pitch_changed", "pitch_answered"), reason_not_to_alert),
    timed=(
        Timed("pitches past their last day", DAILY, end_daily),
        Timed("alerts of saved searches", DAILY, alert_daily),
        Timed("evidence whose time is over", DAILY, end_evidence_daily),
        Timed("the visit of a stranger", DAILY, visiting.note, look=visiting.look),
    ),
    waits=(
        Waiting("Pitches to screen", MANAGERS, Act.REVIEW, desk.pitches_to_screen, (PitchStatus.SCREENING,)),
        Waiting("Pitches without an owner", MANAGERS, Act.PAUSE, desk.pitches_without_owner),
        Waiting("Pitches that were sent back", (Role.FOUNDER,), Act.SUBMIT, desk.pitches_sent_back),
        Waiting("Questions from investors", (Role.FOUNDER,), Act.ANSWER, desk.questions_to_answer),
    ),
    follows=(Follow(InvestorAct.ERASE, erasing.erase_of_investor),),
    parts=(Part("erasing.erase", "angels/pitches/_erasing.html", ledger.load_erasing),),
    panels=(Panel("Raising money", "angels/pitches/_panel.html", 44, desk.load_panel, Tab.MONEY),),
    pages={"pitch": ("raises.one_raise", "pitch_id")},
    words={
        "pitch_mark": "pitch that is followed",
        "pitch_question": "question about a pitch",
        "promotion": "showing of a pitch",
        "evidence_end": "evidence whose time is over",
        "pitch.status": labels.PITCH_STATUSES,
        "pitch.instrument": labels.INSTRUMENTS,
        "pitch.seis": labels.RELIEFS,
        "pitch.eis": labels.RELIEFS,
        "pitch.stage": STAGES,
        "pitch.groups": DCMS_GROUPS,
        "pitch.leps": LEPS,
        "pitch.closed_as": labels.OUTCOMES,
        "pitch.declined_for": UNMET_REASONS | labels.BARRIERS,
        "pitch.verdict": labels.VERDICTS,
        "pitch_review.verdict": labels.VERDICTS,
        "promotion.channel": labels.CHANNELS,
    },
    fields=labels.FIELDS,
    processing=Processing(
        "Pitches, and who saw them",
        "to show pitches, and to prove that each showing was lawful",
        "investors, and people at businesses that pitch",
        LEGAL_DUTY,
        "investors of the network see a pitch",
    ),
    personal={
        "evidence_end.account_id": Personal(
            "Evidence about you that has ended", "last_on kept_until ended_on showings statements attempts"
        ),
        "promotion.account_id": Personal(
            "Pitches that you were shown", "pitch_version channel item shown_at"
        ),
        "pitch_mark.account_id": Personal(
            "Pitches that you follow, and your notes", "is_followed note marked_at"
        ),
        "pitch_question.account_id": Personal(
            "Questions that you asked about pitches", "question asked_at answer is_public answered_at"
        ),
        "saved_search.account_id": Personal("Your saved searches", "name criteria has_alerts made_at"),
        "pitch_review.reviewer_id": WORK,
    },
    retention=(
        Ends(
            "evidence of showings",
            "What shows that a pitch could be shown to an investor",
            "promotion",
            "angel.evidence_months",
            "after the last pitch that the investor was shown",
            "claims can be brought for six years",
            stays="that there was evidence, and how much of it ended",
            due=lambda before: nothing_since(day_of(before)),
            also=("certification", "certification_attempt", "blocked_promotion"),
        ),
        Stays(
            "Pitches that investors follow, and what they asked",
            ("pitch_mark", "pitch_question", "saved_search", "evidence_end"),
            "until the investor leaves and is erased",
            "they belong to the investor's account",
        ),
    ),
    erasure={
        "pitch_mark": by_room(
            "Pitches that they followed, and their notes", "how many followed a pitch. The notes go"
        ),
        "pitch_question": by_room(
            "Questions that they asked about pitches",
            "what a business answered for all. Private questions go",
        ),
        "saved_search": deleted("Their saved searches"),
        **wholly("The record of pitches that they were shown", LAWFUL, *("promotion", "evidence_end")),
    },
)
