"""Where each list of words is shown: by the column that keeps it, the pages that show it, with the row's own values in the address."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from crm.angels.deals.rules.labels import EXEMPTIONS
from crm.angels.holdings.rules.labels import PAPERS_SHOWN
from crm.angels.investors.rules.labels import CLOSED, ENDS, STANDINGS
from crm.angels.year.rules.labels import SHOWS, SHOWS_OF_RAISES
from crm.coverage.rules.gaps import HOW
from crm.directory.rules.labels import SAID
from crm.kernel.clock import now
from crm.kernel.money import Money
from crm.programme.applications.rules.labels import SECTION_STATES
from crm.programme.claims.workflow import ChangeKind
from crm.programme.outcomes.rules.growth import MEASURED
from crm.programme.outcomes.views.showing import VERDICTS
from crm.reports.fundcase.rules.labels import FATES
from crm.reports.fundcase.rules.labels import STANDINGS as STANDINGS_OF_ASKS
from crm.reports.scoreboard.rules.showing import CONFIDENCE

PAGES: dict[str, tuple[str, ...]] = {
    "account.status": ("/people/{id}",),
    "action_plan.status": ("/plans/{id}", "/businesses/{business_id}/support"),
    "angel.check_outcome": ("/angels/{id}",),
    "angel.status": ("/angels/{id}", "/angels/all"),
    "applicant_query.status": ("/queries/{id}", "/applications/{application_id}"),
    "application.status": ("/applications/{id}", "/businesses/{business_id}/money"),
    "appointment.channel": ("/appointments/{id}",),
    "appointment.status": ("/appointments/{id}",),
    "ask.instrument": ("/asks/{id}",),
    "award.line": ("/awards/{id}",),
    "award.status": ("/awards/{id}",),
    "award_milestone.strand": ("/awards/{award_id}",),
    "award_change.kind": ("/award-changes/{id}",),
    "award_change.status": ("/award-changes/{id}",),
    "award_closing.kind": ("/award-closings/{id}",),
    "award_closing.status": ("/award-closings/{id}",),
    "award_claim.status": ("/award-claims/{id}",),
    "award_recovery.status": ("/repayments/{id}",),
    "money_proposal.kind": ("/money-proposals/{id}",),
    "money_proposal.status": ("/money-proposals/{id}",),
    "person_erasure.status": ("/erasures/{id}",),
    "milestone_evidence.status": ("/milestone-evidence/{id}",),
    "ask.medium": ("/asks/{id}",),
    "ask.status": ("/asks/{id}", "/businesses/{business_id}/money"),
    "ask.unmet_reason": ("/asks/{id}",),
    "assessment.status": ("/applications/{application_id}/scores",),
    "bulk_change.deed": ("/caseload/changes/{id}",),
    "business.ambition": ("/businesses/{id}/details",),
    "business.status": ("/businesses/{id}",),
    "business_name.kind": ("/businesses/{business_id}/details",),
    "certification.ground": ("/certifications/{id}",),
    "claim.status": ("/claims/{id}",),
    "clearance.status": ("/applications/{application_id}",),
    "connection.kind": ("/businesses/{business_id}/details",),
    "cohort_draft.status": ("/cohort-drafts/{id}",),
    "complaint.channel": ("/complaints/{id}",),
    "complaint.status": ("/complaints/{id}", "/complaints?show=all"),
    "consent.purpose": ("/businesses/{business_id}/details",),
    "conversation.channel": ("/conversations/{id}",),
    "conversation.status": ("/conversations/{id}",),
    "data_request.kind": ("/data-requests/{id}",),
    "data_request.status": ("/data-requests/{id}", "/data-requests?show=all"),
    "dated_figure.status": ("/figures/rows/{id}", "/figures/{name}"),
    "decision.outcome": ("/decisions/{id}",),
    "decision_change.kind": ("/decision-changes/{id}",),
    "decision_change.status": ("/decision-changes/{id}",),
    "decision.status": ("/decisions/{id}",),
    "diagnosis.answered_by": ("/diagnoses/{id}",),
    "diagnosis.route": ("/diagnoses/{id}",),
    "diagnosis.status": ("/diagnoses/{id}",),
    "enquiry.close_reason": ("/enquiries/{id}",),
    "enquiry.status": ("/enquiries/{id}", "/enquiries?show=all"),
    "enquiry.way": ("/enquiries/{id}",),
    "cover_check.result": ("/export-cover",),
    "crossing.cause": ("/crossings/{id}",),
    "crossing.status": ("/crossings/{id}",),
    "delegation.status": ("/delegations/{id}",),
    "delegation_place.sells": ("/delegation-places/{id}",),
    "delegation_place.status": ("/delegation-places/{id}",),
    "export_barrier.kind": ("/businesses/{business_id}/export-plan",),
    "export_country.route": ("/businesses/{business_id}/export-plan", "/export-plans"),
    "export_country.status": ("/businesses/{business_id}/export-plan", "/export-plans"),
    "market.sureness": ("/markets/{id}",),
    "market_edition.status": ("/markets/{market_id}",),
    "market_edition.sureness": ("/markets/{market_id}",),
    "market_visit.status": ("/businesses/{business_id}/export-plan",),
    "company_update.status": ("/company-updates/{id}", "/company-updates"),
    "relief_filing.relief": ("/raises/{pitch_id}/papers",),
    "diligence_item.status": ("/due-diligence/{id}", "/due-diligence"),
    "network_mailing.kind": ("/angels/mailings/{id}", "/angels/mailings"),
    "syndicate.status": ("/syndicates/{id}", "/syndicates"),
    "syndicate_lead.status": ("/syndicates/{syndicate_id}",),
    "syndicate_terms.status": ("/syndicates/{syndicate_id}",),
    "pledge.status": ("/pledges/{id}", "/pledges"),
    "investment.status": ("/investments/{id}", "/investments"),
    "investment.first_side": ("/investments/{id}",),
    "investment.instrument": ("/investments/{id}", "/investments"),
    "investment.relief": ("/investments/{id}",),
    "investment_report.instrument": ("/investments/{investment_id}",),
    "investment_report.relief": ("/investments/{investment_id}",),
    "introduction.refusal": ("/introductions/{id}",),
    "introduction.status": ("/introductions/{id}", "/introductions"),
    "invitation.standing": ("/businesses/{business_id}/colleagues",),
    "envelope_change.status": ("/envelopes/{envelope_id}",),
    "entry_reversal.status": ("/entry-reversals/{id}",),
    "envelope_line.line": ("/envelopes/{envelope_id}",),
    "ip_right.kind": ("/businesses/{business_id}/rights", "/rights/{id}"),
    "ip_right.status": ("/businesses/{business_id}/rights", "/rights/{id}"),
    "letter.status": ("/letters/{id}", "/letters"),
    "card_payment.dispute": ("/memberships/{account_id}",),
    "card_payment.invoiced": ("/memberships/{account_id}",),
    "card_subscription.standing": ("/memberships/{account_id}",),
    "checkout_attempt.stage": ("/memberships/{account_id}",),
    "stripe_event.outcome": ("/stripe/events/{id}",),
    "membership_period.way": ("/memberships/{account_id}",),
    "night_interest.wish": ("/events/invitations/{place_id}",),
    "night_place.status": ("/events/invitations/{id}",),
    "night_place.way": ("/events/{night_id}/people",),
    "night_slot.status": ("/events/turns/{id}",),
    "pitch_night.status": ("/events/{id}",),
    "outcome_report.status": ("/outcomes/{id}", "/outcomes?show=all"),
    "outcome_figures.way": ("/outcomes/{report_id}",),
    "output.status": ("/outputs/{id}",),
    "pitch.closed_as": ("/raises/{id}",),
    "pitch.declined_for": ("/raises/{id}",),
    "pitch.eis": ("/raises/{id}",),
    "pitch.instrument": ("/raises/{id}",),
    "pitch.seis": ("/raises/{id}",),
    "pitch.status": ("/raises/{id}", "/raises"),
    "pitch_review.verdict": ("/raises/{pitch_id}",),
    "plan_step.owner": ("/plans/{plan_id}",),
    "programme_round.status": ("/programme/rounds/{id}", "/programme"),
    "programme_round.tie_rule": ("/programme/rounds/{id}/ranking",),
    "promotion.channel": ("/raises/{pitch_id}/promotions",),
    "readiness_check.answered_by": ("/readiness/{id}",),
    "readiness_action.status": ("/readiness/{readiness_id}",),
    "readiness_check.status": ("/readiness/{id}",),
    "feed_import.status": ("/directory/feeds/{id}", "/directory/feeds"),
    "incoming_service.verdict": ("/directory/feeds/{import_id}",),
    "readiness_set.status": ("/question-sets/readiness/{id}",),
    "referral.outcome": ("/referrals/{id}",),
    "referral.status": ("/referrals/{id}", "/referrals?show=all"),
    "regulatory_basis.basis": ("/angels/law",),
    "role_grant.role": ("/people/{account_id}",),
    "role_grant.standing": ("/people/{account_id}",),
    "round_check.comparison": ("/programme/rounds/{round_id}/composition",),
    "round_question.kind": ("/programme/rounds/{round_id}/composition",),
    "service_report.status": ("/directory/reports/{id}",),
    "service.status": ("/directory/services/{service_id}", "/directory"),
    "statement_wording.ground": ("/angels/wordings/{id}", "/angels/law"),
    "right_licence.way": ("/rights/{right_id}",),
    "right_part.maker_kind": ("/rights/{right_id}",),
    "bank_details.status": ("/bank-details/{id}",),
    "payment.line": ("/payments/{id}",),
    "payment.status": ("/payments/{id}",),
    "payment_run.status": ("/payment-runs/{id}",),
    "bank_answer.status": ("/bank-answers/{id}",),
    "bank_answer_line.verdict": ("/bank-answers/{answer_id}",),
    "test_bed_project.status": ("/test-bed/{id}", "/test-bed"),
    "test_bed_part.status": ("/test-bed/parts/{id}",),
    "test_bed_lesson.status": ("/test-bed/texts/{id}",),
    "test_bed_naming.status": ("/test-bed/namings/{id}",),
    "strategic_decision_entry.kind": ("/strategic-decisions/{decision_id}",),
    "subsidy.kind": ("/subsidies/{id}",),
    "subsidy.regime": ("/subsidies/{id}",),
    "subsidy.status": ("/subsidies/{id}",),
    "support_hours.status": ("/businesses/{business_id}/hours",),
    "workshop.channel": ("/workshops/{id}",),
    "workshop.status": ("/workshops/{id}", "/workshops"),
    "workshop_place.status": ("/workshops/{workshop_id}/places",),
    "yearly_figures.measure": ("/businesses/{business_id}/details",),
}
# Columns that no page shows, each with why.
NOWHERE = {
    "shut_out.occasion": "its rows are never changed: the room's own tests read each on its list",
    "network_asked.kind": "said by the email to several that it belongs to",
    "investment_report.side": "each side's report has a column of its own",
    "milestone_reminder.kind": "which of two letters was sent, for the daily work alone",
    **dict.fromkeys(
        ("syndicate_member.status", "syndicate_member.naming", "syndicate_terms.instrument"),
        "those who left are not listed, and a price fits its type: the wing's own tests read each on its page",
    ),
    "diligence_answer.sharing": "read by its business alone: the wing's own tests read each on its page",
    "assessment.declined_for": "told to the managers in the letter about the assessment, and in the audit log",
    **dict.fromkeys(
        ("coverage_total.band", "coverage_gap.band"), "a page is about one size, which its address names"
    ),
    "indicator.unit": "an amount is shown with its unit in words of its own: one business, full-time equivalents",
    **dict.fromkeys(
        ("cohort.line", "cohort_proposal.status", "cohort_target.dimension", "cohort_target.measure"),
        "the wing's own tests read each on its page",
    ),
    **dict.fromkeys(
        (f"ledger_entry.{each}" for each in ("line", "movement", "source", "target")),
        "no entry can be changed into another, so the ledger's own tests make each",
    ),
    "certification_attempt.ground": "counted by the network's reports, which are to come",
    "invitation.status": "an invitation is shown while it is open, and its end is told by a letter",
    "letter.link_purpose": "what the link of a letter is for stands in its words",
    "role_grant.scope": "a scope is shown by the name of what the role is held for",
}
# Where a page says a value in words of its own.
SAID_AS = {
    "membership_period.way waiver /memberships/{account_id}": "waived",
    "assessment.status allocated /applications/{application_id}/scores": "not accepted yet",
    "ip_right.status unregistered /businesses/{business_id}/rights": "arises automatically",
    "ip_right.status unregistered /rights/{id}": "arises automatically",
}
# What a row must have beside a value, where the demonstration has none with it.
WITH: dict[str, dict[str, Any]] = {
    "angel.check_outcome not_required": {"checked_on": None, "checked_by": ""},
    "membership_period.way waiver": {"amount": Money(0), "reason": "Made"},
    "award_change.status supported": {"kind": ChangeKind.MONEY, "supported_at": now()},
    "certification.ground certified": {
        "firm": "Made",
        "frn": "123456",
        "issued_on": date(2026, 11, 1),
        "kinds": ["Made"],
    },
    **{
        f"regulatory_basis.basis {each}": {"firm": "Made", "frn": "123456"}
        for each in ("appointed_representative", "authorised")
    },
    **{f"pitch.closed_as {each}": {"raised": Money(100)} for each in ("funded", "part_funded")},
}
# What a page does not say of one value, each with what it says instead or why it cannot be.
UNSAID = {
    **{
        f"investment.instrument {each} {page}": "a wall of the database: only shares and notes are issued here"
        for each in ("loan", "revenue_share", "production", "other")
        for page in ("/investments/{id}", "/investments")
    },
    "action_plan.status discarded /businesses/{business_id}/support": "a plan that was thrown away is not listed",
    "business.status active /businesses/{id}": "only what is archived is marked",
    "diagnosis.status open /diagnoses/{id}": "it is shown by the questions that are still to be answered",
    "programme_round.status published /programme/rounds/{id}": "its days say whether it is open",
    "programme_round.status discarded /programme": "a round that was thrown away is not listed",
    "card_payment.dispute none /memberships/{account_id}": "a payment that nobody disputes is not marked",
    "pitch.declined_for nothing_exists /raises/{id}": "no reason that the verb takes for a pitch",
    "readiness_check.status answering /readiness/{id}": "shown by what is still to be answered",
    "night_interest.wish withdrawn /events/invitations/{place_id}": "what was withdrawn is not marked",
    "night_interest.wish introduction /events/invitations/{place_id}": "the night of those who asked is over: the introduction says it",
    "workshop.status open /workshops": "the places that are left say it",
    **{
        f"role_grant.role {each} /people/{{account_id}}": "implied, and never granted"
        for each in ("anyone", "signed_in", "key_holder")
    },
}
# Lists that no column keeps: the table that says each of their words, or why none does.
SAID_OTHERWISE: dict[str, Mapping[Any, Any] | str] = {
    "crm.angels.year.rules.members.Show": SHOWS,
    "crm.angels.year.rules.raises.ShowRaises": SHOWS_OF_RAISES,
    "crm.angels.holdings.queries.papers.Show": PAPERS_SHOWN,
    "crm.db.counting.Confidence": CONFIDENCE,
    "crm.referrals.workflow.Look": "never shown: it is what one room asks another",
    "crm.db.counting.Kind": "never shown: it says how a number is written",
    "crm.reports.fundcase.rules.simulating.Fate": FATES,
    "crm.reports.fundcase.rules.sought.Standing": STANDINGS_OF_ASKS,
    "crm.billing.rules.GoneBack": "each is a sentence of its own in the emails to members",
    "crm.angels.events.workflow.Reply": "each is the words of its button",
    "crm.angels.deals.rules.exemptions.Exemption": EXEMPTIONS,
    "crm.coverage.rules.gaps.How": HOW,
    "crm.evidence.workflow.Look": "never shown: it asks the rooms above what they know of a service",
    "crm.kernel.permissions.Audience": "never shown: it says which routes are for whom",
    "crm.web.feature.Area": "each is the words of the menu",
    "crm.web.feature.Tab": "each is the words of the tab",
    "crm.figures.rules.units.Unit": "each is the words of the unit, shown for every figure by tests/figures/test_pages.py",
    "crm.kernel.eligibility.terms.Outcome": "said by each reading in a sentence of its own",
    "crm.kernel.eligibility.terms.Verdict": "the results of the finder are grouped by it, under headings of their own",
    "crm.places.rules.Method": "said by the place in a sentence of its own",
    "crm.angels.investors.rules.gate.Closed": CLOSED,
    "crm.angels.investors.rules.gate.Standing": STANDINGS,
    "crm.angels.investors.rules.gate.Ends": ENDS,
    "crm.directory.rules.labels.Said": SAID,
    "crm.gateways.pretend_stripe.sending.Manner": "never shown: buttons of the stand-in",
    "crm.diagnostics.rules.triage.Kind": "never shown: it says how a question is asked",
    "crm.programme.rounds.rules.timing.Standing": "never shown: the days of a round say it",
    "crm.programme.applications.rules.answering.SectionState": SECTION_STATES,
    "crm.programme.outcomes.rules.growth.Verdict": VERDICTS,
    "crm.programme.outcomes.rules.growth.Measure": MEASURED,
    "crm.programme.cohort.rules.limits.LimitKind": "said by each limit in a sentence of its own",
}
