"""The walls of the programme: what breaks each, and rows to break it on."""

from __future__ import annotations

from crm.businesses.models import Business
from crm.kernel.money import Money
from crm.programme.assessing.service import versions
from tests import awards, claimed, cohorts, outcomes, rounds

TRIGGERS = {"claim_returned_by_two", "decision_told_stays", "repayment_asked_by_two"}
CHECKS = {
    "ck_programme_round_min_turnover_not_negative": "UPDATE programme_round SET min_turnover = -1",
    "ck_programme_round_turnover_in_order": "UPDATE programme_round SET min_turnover = 2, max_turnover = 1",
    "ck_programme_round_employees_in_order": "UPDATE programme_round SET min_employees = 2, max_employees = 1",
    "ck_programme_round_trading_in_order": "UPDATE programme_round SET min_trading_months = 2, max_trading_months = 1",
    "ck_programme_round_export_share_is_percent": "UPDATE programme_round SET min_export_share_pct = 101",
    "ck_programme_round_deadline_after_opening": "UPDATE programme_round SET deadline_at = opens_at",
    "ck_programme_round_assessed_after_deadline": "UPDATE programme_round SET assess_from = opens_at",
    "ck_programme_round_assessment_ends_later": "UPDATE programme_round SET assess_until = assess_from",
    "ck_programme_round_grace_of_a_day": "UPDATE programme_round SET grace_minutes = 1441",
    "ck_programme_round_threshold_is_percent": "UPDATE programme_round SET threshold = 10001",
    "ck_programme_round_spread_not_negative": "UPDATE programme_round SET spread = -1",
    "ck_programme_round_two_assessors_at_least": "UPDATE programme_round SET assessors = 1",
    "ck_programme_round_published_at_if_published": "UPDATE programme_round SET published_at = NULL",
    "ck_round_question_choices_to_choose_from": "UPDATE round_question SET choices = '|one|' WHERE kind = 'money'",
    "ck_round_question_words_of_a_long_text": "UPDATE round_question SET kind = 'long_text' WHERE kind = 'text'",
    "ck_round_question_words_counted": "UPDATE round_question SET kind = 'long_text', most_words = 0 WHERE kind = 'text'",
    "ck_round_question_asked_if_whole": "UPDATE round_question SET asked_if = 'yes'",
    "ck_round_question_asked_if_of_another": "UPDATE round_question SET asked_if = 'yes', asked_if_id = id",
    "ck_round_question_sum_asked_is_money": "UPDATE round_question SET is_sum_asked = true WHERE kind = 'text'",
    "ck_round_question_capital_asked_is_money": "UPDATE round_question SET is_capital_asked = true WHERE kind = 'text'",
    "ck_round_question_ahead_is_day": "UPDATE round_question SET is_ahead = true WHERE kind = 'text'",
    "ck_round_check_percent_in_bounds": "UPDATE round_check SET percent = 0",
    "ck_round_check_one_thing_to_compare_with": "UPDATE round_check SET fixed = 1",
    "ck_round_check_with_another": "UPDATE round_check SET right_id = left_id",
    "ck_criterion_weight_is_percent": "UPDATE criterion SET weight = 10001",
    "ck_criterion_highest_in_bounds": "UPDATE criterion SET highest = 0",
    "ck_criterion_least_within_scale": "UPDATE criterion SET least = highest * 100 + 1",
    "ck_criterion_has_parts": "UPDATE criterion SET parts = ''",
    "ck_application_submitted_at_if_submitted": "UPDATE application SET status = 'submitted'",
    "ck_application_withdrawn_at_if_withdrawn": "UPDATE application SET withdrawn_at = begun_at",
    "ck_application_extended_with_reason": "UPDATE application SET extended_until = begun_at",
    "ck_application_ineligible_with_reason": "UPDATE application SET status = 'ineligible', submitted_at = begun_at",
    "ck_application_minutes_counted": "UPDATE application SET minutes_late = -1",
    "ck_application_assessed_at_if_assessed": "UPDATE application SET assessed_at = begun_at",
    "ck_cohort_target_least_is_percent": "UPDATE cohort_target SET least = 10001",
    "ck_cohort_target_of_something": "UPDATE cohort_target SET value = ''",
    "ck_cohort_draft_named": "UPDATE cohort_draft SET name = ''",
    "ck_cohort_draft_reserves_counted": "UPDATE cohort_draft SET reserves = 501",
    "ck_cohort_draft_proposed_at_if_proposed": "UPDATE cohort_draft SET status = 'proposed'",
    "ck_cohort_draft_confirmed_at_if_confirmed": "UPDATE cohort_draft SET confirmed_at = made_at",
    "ck_cohort_draft_confirmed_by_another": "UPDATE cohort_draft SET proposed_by_id = (SELECT id FROM account LIMIT 1), "
    "confirmed_by_id = (SELECT id FROM account LIMIT 1)",
    "ck_draft_place_amount_positive": "UPDATE draft_place SET amount = 0",
    "ck_draft_place_capital_of_amount": "UPDATE draft_place SET capital = amount + 1",
    "ck_decision_capital_not_negative": "UPDATE decision SET capital = -1",
    "ck_decision_change_with_reason": "UPDATE decision_change SET reason = ''",
    "ck_decision_change_sum_if_lowered": "UPDATE decision_change SET amount = NULL",
    "ck_decision_change_lower_than_before": "UPDATE decision_change SET amount = before",
    "ck_decision_change_capital_of_amount": "UPDATE decision_change SET capital = amount + 1",
    "ck_decision_change_decided_if_not_proposed": "UPDATE decision_change SET decided_at = proposed_at",
    "ck_decision_change_refused_with_reason": "UPDATE decision_change SET status = 'refused', decided_at = proposed_at",
    "ck_decision_change_unread_if_decided": "UPDATE decision_change SET is_unread = true",
    "ck_decision_change_confirmed_by_another": "UPDATE decision_change SET status = 'confirmed', decided_at = proposed_at, "
    "decided_by_id = (SELECT id FROM account LIMIT 1), proposed_by_id = (SELECT id FROM account LIMIT 1)",
    "ck_draft_place_overridden_by_somebody": "UPDATE draft_place SET override_reason = 'Made'",
    "ck_cohort_proposal_money_positive": "UPDATE cohort_proposal SET money = 0",
    "ck_cohort_proposal_steps_counted": "UPDATE cohort_proposal SET done = -1",
    "ck_cohort_proposal_answer_if_answered": "UPDATE cohort_proposal SET answer = NULL",
    "ck_cohort_proposal_failed_with_fault": "UPDATE cohort_proposal SET status = 'failed', answer = NULL",
    "ck_cohort_proposal_ended_at_if_ended": "UPDATE cohort_proposal SET ended_at = NULL",
    "ck_cohort_proposal_heard_of_if_working": "UPDATE cohort_proposal SET status = 'working', answer = NULL, ended_at = NULL",
    "ck_decision_award_has_amount": "UPDATE decision SET amount = NULL",
    "ck_decision_place_if_reserve": "UPDATE decision SET place = 1",
    "ck_decision_notified_at_if_notified": "UPDATE decision SET status = 'notified'",
    "ck_decision_released_of_amount": "UPDATE decision SET released = amount WHERE amount IS NOT NULL",
    "ck_decision_end_unread_if_withdrawn": "UPDATE decision SET is_end_unread = true WHERE status <> 'withdrawn'",
    "ck_decision_withdrawn_at_if_withdrawn": "UPDATE decision SET withdrawn_at = decided_at",
    "ck_decision_withdrawn_with_reason": "UPDATE decision SET status = 'withdrawn', withdrawn_at = decided_at",
    "ck_decision_withdrawal_with_reason": "UPDATE decision SET withdrawal_reason = 'Made'",
    "ck_decision_withdrawn_by_two": "UPDATE decision SET notified_at = decided_at, withdrawn_by_id = (SELECT id FROM account LIMIT 1)",
    "ck_award_amount_positive": "UPDATE award SET amount = 0",
    "ck_award_match_share_is_percent": "UPDATE award SET match_share = 10000",
    "ck_award_ends_later": "UPDATE award SET ends_on = starts_on",
    "ck_award_for_something": "UPDATE award SET purpose = ''",
    "ck_award_offered_with_letter": "UPDATE award SET status = 'offered', offered_at = NULL",
    "ck_award_accepted_by_name": "UPDATE award SET status = 'accepted', offered_at = prepared_at, letter_key = 'made'",
    "ck_award_closed_at_if_over": "UPDATE award SET status = 'withdrawn', closed_reason = 'Made'",
    "ck_award_closed_with_reason": "UPDATE award SET status = 'withdrawn', closed_at = prepared_at",
    "ck_award_offered_by_another": "UPDATE award SET prepared_by_id = (SELECT id FROM account LIMIT 1), "
    "offered_by_id = (SELECT id FROM account LIMIT 1)",
    "ck_award_milestone_titled": "UPDATE award_milestone SET title = ''",
    "ck_award_milestone_wants_evidence": "UPDATE award_milestone SET evidence_wanted = ''",
    "ck_award_milestone_amount_not_negative": "UPDATE award_milestone SET amount = -1",
    "ck_award_milestone_met_at_if_met": "UPDATE award_milestone SET met_at = NULL, met_by_id = (SELECT id FROM account LIMIT 1)",
    "ck_feedback_not_empty": "UPDATE feedback SET words = ''",
    "ck_programme_round_words_counted": "UPDATE programme_round SET least_words = -1",
    "ck_round_assessor_most_counted": "UPDATE round_assessor SET most = 0",
    "ck_applicant_query_answered_at_if_answered": "UPDATE applicant_query SET status = 'answered'",
    "ck_interest_in_something": "UPDATE interest SET company_number = NULL",
    "ck_interest_said_how": "UPDATE interest SET words = ''",
    "ck_assessment_submitted_at_if_submitted": "UPDATE assessment SET submitted_at = NULL",
    "ck_assessment_declined_for_something": "UPDATE assessment SET declined_for = 'capacity'",
    "ck_assessment_extended_with_reason": "UPDATE assessment SET extension_reason = 'Made'",
    "ck_score_value_not_negative": "UPDATE score SET value = -1",
    "ck_assessment_version_number_from_one": "UPDATE assessment_version SET number = 0",
    "ck_assessment_version_returned_with_reason": "UPDATE assessment_version SET return_reason = 'Made'",
    "ck_moderation_value_not_negative": "UPDATE moderation SET value = -1",
    "ck_moderation_with_reason": "UPDATE moderation SET reason = ''",
    "ck_clearance_decided_if_not_waiting": "UPDATE clearance SET decided_at = asked_at",
    "ck_clearance_decided_with_reason": "UPDATE clearance SET status = 'cleared', decided_at = asked_at",
    "ck_section_answers_version_from_one": "UPDATE section_answers SET version = 0",
    "ck_outcome_report_counted_from_acceptance": "UPDATE outcome_report SET months = -1",
    "ck_outcome_report_dates_in_order": "UPDATE outcome_report SET due_on = '2000-01-01'",
    "ck_outcome_report_asked_at_if_asked": "UPDATE outcome_report SET asked_at = NULL WHERE status = 'given'",
    "ck_outcome_report_confirmed_at_if_confirmed": "UPDATE outcome_report SET status = 'confirmed' WHERE status = 'given'",
    "ck_outcome_figures_figures_not_negative": "UPDATE outcome_figures SET rights_registered = -1",
    "ck_outcome_figures_export_within_turnover": "UPDATE outcome_figures SET turnover = 1, export_sales = 2",
    "ck_outcome_figures_fte_within_people": "UPDATE outcome_figures SET employees = 1, fte_hundredths = 101",
    "ck_outcome_figures_correction_with_reason": "UPDATE outcome_figures SET reason = 'Made'",
    "ck_outcome_figures_said_on_if_call": "UPDATE outcome_figures SET way = 'call'",
    "ck_outcome_figures_said_by_somebody": "UPDATE outcome_figures SET said_by = ''",
    "ck_award_claim_numbered": "UPDATE award_claim SET number = 0",
    "ck_award_claim_declared_if_submitted": "UPDATE award_claim SET declared_by = ''",
    "ck_award_claim_approved_amount_if_approved": "UPDATE award_claim SET approved = NULL",
    "ck_award_claim_within_claim": "UPDATE award_claim SET approved = amount + 1",
    "ck_award_claim_refused_with_reason": "UPDATE award_claim SET status = 'rejected', approved = NULL",
    "ck_award_claim_paid_at_if_paid": "UPDATE award_claim SET status = 'paid'",
    "ck_award_claim_approved_by_another": "UPDATE award_claim SET decided_by_id = (SELECT id FROM account LIMIT 1), "
    "submitted_by_id = (SELECT id FROM account LIMIT 1)",
    "ck_award_cost_claimed_positive": "UPDATE award_cost SET claimed = 0, approved = NULL",
    "ck_award_cost_own_not_negative": "UPDATE award_cost SET own = -1",
    "ck_award_cost_within_claimed": "UPDATE award_cost SET approved = claimed + 1, reason = 'Made'",
    "ck_award_cost_cut_with_reason": "UPDATE award_cost SET approved = 0, reason = ''",
    "ck_award_cost_again_if_approved": "UPDATE award_cost SET why_again = 'made', approved = NULL, reason = ''",
    "ck_award_claim_version_numbered": "UPDATE award_claim_version SET number = 0",
    "ck_award_claim_version_outcome": "UPDATE award_claim_version SET outcome = 'made'",
    "ck_milestone_evidence_in_words": "UPDATE milestone_evidence SET words = ''",
    "ck_milestone_evidence_decided_if_not_waiting": "UPDATE milestone_evidence SET decided_at = NULL",
    "ck_milestone_evidence_sent_back_with_reason": "UPDATE milestone_evidence SET status = 'sent_back'",
    "ck_award_change_with_reason": "UPDATE award_change SET why = ''",
    "ck_award_change_decided_if_not_waiting": "UPDATE award_change SET decided_at = asked_at",
    "ck_award_change_refused_with_reason": "UPDATE award_change SET status = 'refused', decided_at = asked_at",
    "ck_award_change_supported_if_money": "UPDATE award_change SET status = 'supported'",
    "ck_award_change_money_by_two": "UPDATE award_change SET status = 'approved', kind = 'money', decided_at = asked_at",
    "ck_award_change_approved_by_another": "UPDATE award_change SET status = 'approved', decided_at = asked_at, "
    "decided_by_id = (SELECT id FROM account LIMIT 1), asked_by_id = (SELECT id FROM account LIMIT 1)",
    "ck_award_closing_ended_with_reason": "UPDATE award_closing SET reason = ''",
    "ck_award_closing_decided_if_not_proposed": "UPDATE award_closing SET decided_at = proposed_at",
    "ck_award_closing_unread_if_decided": "UPDATE award_closing SET is_unread = true",
    "ck_award_closing_refused_with_reason": "UPDATE award_closing SET status = 'refused', decided_at = proposed_at",
    "ck_award_closing_confirmed_by_another": "UPDATE award_closing SET status = 'confirmed', decided_at = proposed_at, "
    "decided_by_id = (SELECT id FROM account LIMIT 1), proposed_by_id = (SELECT id FROM account LIMIT 1)",
    "ck_money_proposal_with_reason": "UPDATE money_proposal SET reason = ''",
    "ck_money_proposal_amount_positive": "UPDATE money_proposal SET amount = 0",
    "ck_money_proposal_claim_if_return": "UPDATE money_proposal SET kind = 'return', due_on = NULL",
    "ck_money_proposal_due_if_repayment": "UPDATE money_proposal SET due_on = NULL",
    "ck_money_proposal_decided_if_not_proposed": "UPDATE money_proposal SET decided_at = NULL",
    "ck_money_proposal_refused_with_reason": "UPDATE money_proposal SET status = 'refused'",
    "ck_money_proposal_unread_if_decided": "UPDATE money_proposal SET is_unread = true, status = 'withdrawn'",
    "ck_money_proposal_confirmed_by_another": "UPDATE money_proposal SET decided_by_id = (SELECT id FROM account LIMIT 1), "
    "proposed_by_id = (SELECT id FROM account LIMIT 1)",
    "ck_award_recovery_amount_positive": "UPDATE award_recovery SET amount = 0",
    "ck_award_recovery_with_reason": "UPDATE award_recovery SET reason = ''",
    "ck_award_recovery_received_on_if_received": "UPDATE award_recovery SET status = 'received'",
    "ck_award_recovery_released_with_reason": "UPDATE award_recovery SET status = 'released', received_on = due_on",
    "ck_award_recovery_released_by_another": "UPDATE award_recovery SET status = 'released', received_on = due_on, "
    "released_at = asked_at, release_reason = 'Made', released_by_id = (SELECT id FROM account LIMIT 1), "
    "asked_by_id = (SELECT id FROM account LIMIT 1)",
    "ck_award_recovery_cancelled_with_reason": "UPDATE award_recovery SET cancel_reason = 'Made'",
}


def rows(owner: Business) -> None:
    """An application with everything that is made of it."""
    applied = rounds.filled_in(rounds.application(owner))
    rounds.clearance(applied)
    rounds.query(applied)
    scored = rounds.scored(applied, 3)[0]
    versions.keep(rounds.whole_assessment(scored))
    rounds.interest(scored.assessor_id)
    criterion = rounds.whole_application(applied).round.criteria[0]
    rounds.moderation(applied, criterion)
    cohort = cohorts.cohort(rounds.whole(rounds.whole_application(applied).round))
    cohorts.target(cohort)
    cohorts.place(cohorts.draft(cohort), applied, amount=Money(1))
    decided = cohorts.decision(cohort, applied)
    cohorts.change(decided)
    awards.award(decided)
    cohorts.proposal(cohorts.cohort())
    cohorts.feedback(applied, criterion)
    outcomes.given(outcomes.planned(applied)[0])
    granted = claimed.award(due=60)
    claimed.approved(granted)
    claimed.change(granted)
    claimed.closing(granted)
    claimed.recovery(granted)
