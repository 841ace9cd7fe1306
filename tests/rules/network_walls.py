"""The CHECKs of memberships, rights and the angel network, each with a change that it refuses; and rows to change."""

from __future__ import annotations

from crm.angels.diligence.workflow import ItemStatus
from crm.angels.holdings.workflow import UpdateStatus
from crm.angels.introductions.workflow import IntroductionStatus
from crm.angels.investors.workflow import AngelStatus, Ground
from crm.angels.pitches.workflow import PitchStatus
from crm.businesses.models import Business
from tests import factories, held, invited, network
from tests.angels.year import made as yearly
from tests.billing import made as cards
from tests.rules import night_walls, syndicate_walls

TRIGGERS = syndicate_walls.TRIGGERS
APPEND_ONLY = ("evidence_end",)
CHECKS = {
    "ck_invitation_email_in_lower_case": "UPDATE invitation SET email = 'ANN@made.example'",
    "ck_invitation_decided_if_not_open": "UPDATE invitation SET decided_at = invited_at",
    "ck_membership_period_dates_in_order": "UPDATE membership_period SET ends_on = '1999-12-31'",
    "ck_membership_period_paid_or_waived": "UPDATE membership_period SET amount = 0",
    "ck_membership_period_amount_not_negative": "UPDATE membership_period SET amount = -1",
    "ck_membership_period_waived_with_reason": "UPDATE membership_period SET way = 'waiver', amount = 0",
    "ck_membership_period_recorded_by_another": "UPDATE membership_period SET recorded_by_id = account_id",
    "ck_membership_period_voided_with_reason": "UPDATE membership_period SET void_reason = 'made'",
    "ck_card_payment_dates_in_order": "UPDATE card_payment SET ends_on = '1999-12-31'",
    "ck_card_payment_refunded_within_amount": "UPDATE card_payment SET refunded = amount + 1",
    "ck_card_payment_settled_within_refunded": "UPDATE card_payment SET settled = 1",
    "ck_checkout_attempt_opened_with_session": "UPDATE checkout_attempt SET session_id = NULL",
    "ck_ip_right_registered_with_number": "UPDATE ip_right SET kind = 'patent', status = 'registered'",
    "ck_ip_right_register_there_is": "UPDATE ip_right SET status = 'applied_for'",
    "ck_right_part_signed_with_paper": "UPDATE right_part SET signed_on = '2026-01-02', assigned_at = NULL",
    "ck_ip_right_renewal_after_filing": "UPDATE ip_right SET filed_on = '2026-01-02', renews_on = '2026-01-02'",
    "ck_right_licence_dates_in_order": "UPDATE right_licence SET ends_on = '1999-12-31'",
    "ck_angel_email_in_lower_case": "UPDATE angel SET email = 'ANN@made.example'",
    "ck_angel_decided_if_not_applied": "UPDATE angel SET decided_at = NULL",
    "ck_angel_accepted_with_account": "UPDATE angel SET account_id = NULL",
    "ck_angel_erased_whole": "UPDATE angel SET erased_at = applied_at",
    "ck_angel_kept_out_with_reason": "UPDATE angel SET status = 'suspended', reason = ''",
    "ck_angel_checked_on_a_day": "UPDATE angel SET check_outcome = 'passed', checked_on = NULL, checked_by = ''",
    "ck_angel_checked_by_somebody": "UPDATE angel SET checked_by = ''",
    "ck_angel_tickets_in_order": "UPDATE angel SET min_ticket = 2, max_ticket = 1",
    "ck_angel_ticket_not_negative": "UPDATE angel SET min_ticket = -1",
    "ck_statement_wording_approved_by_somebody": "UPDATE statement_wording SET approved_by = ''",
    "ck_certification_holds_for_a_day": "INSERT INTO certification (id, account_id, ground, wording_id, signed_at, signed_on, "
    "valid_until, signed_name, particulars, text, sha256, ip, device, rests_on_membership, firm, frn, kinds, "
    "revoked_reason, version) SELECT wording_id, account_id, ground, wording_id, signed_at, signed_on, signed_on, "
    "signed_name, particulars, text, sha256, ip, device, rests_on_membership, firm, frn, kinds, '', 1 "
    "FROM certification WHERE ground = 'high_net_worth' LIMIT 1",
    "ck_certification_revoked_with_reason": "UPDATE certification SET revoked_reason = 'made'",
    "ck_certification_certificate_whole": "UPDATE certification SET firm = 'made' WHERE ground = 'high_net_worth'",
    "ck_certification_confirmed_certificate": "UPDATE certification SET confirmed_at = signed_at "
    "WHERE ground = 'high_net_worth'",
    "ck_certification_confirmed_by_another": "UPDATE certification SET confirmed_by_id = account_id, "
    "confirmed_at = signed_at WHERE ground = 'certified'",
    "ck_regulatory_basis_dates_in_order": "UPDATE regulatory_basis SET valid_to = '1999-12-31'",
    "ck_regulatory_basis_firm_named": "UPDATE regulatory_basis SET basis = 'authorised'",
    "ck_promotion_within_the_statement": "INSERT INTO promotion (id, account_id, pitch_id, pitch_version, channel, item, "
    "shown_at, shown_on, certification_id, signed_on, valid_until, basis_id) SELECT pitch_id, account_id, pitch_id, 1, "
    "'page', '', shown_at, valid_until, certification_id, signed_on, valid_until, basis_id FROM promotion LIMIT 1",
    "ck_gate_visit_tried_counted": "UPDATE gate_visit SET tried = -1",
    "ck_pitch_amount_positive": "UPDATE pitch SET amount = 0, min_ticket = 0, raised = 0",
    "ck_pitch_ticket_not_negative": "UPDATE pitch SET min_ticket = -1",
    "ck_pitch_ticket_within_amount": "UPDATE pitch SET min_ticket = amount + 1",
    "ck_pitch_raised_not_negative": "UPDATE pitch SET eis_year = -1",
    "ck_pitch_number_not_negative": "UPDATE pitch SET number = -1",
    "ck_pitch_published_at_if_published": "UPDATE pitch SET published_at = NULL",
    "ck_pitch_shown_if_cleared": "UPDATE pitch SET instrument = 'loan'",
    "ck_pitch_declined_with_reason": "UPDATE pitch SET declined_for = NULL WHERE status = 'declined'",
    "ck_pitch_closed_with_outcome": "UPDATE pitch SET closed_as = NULL WHERE status = 'closed'",
    "ck_pitch_unmet_with_reason": "UPDATE pitch SET declined_for = NULL WHERE status = 'closed'",
    "ck_pitch_raised_if_funded": "UPDATE pitch SET closed_as = 'funded', raised = 0 WHERE status = 'closed'",
    "ck_pitch_raised_within_amount": "UPDATE pitch SET raised = amount + 1",
    "ck_pitch_review_reviewed_with_reason": "UPDATE pitch_review SET words = ''",
    "ck_pitch_question_answered_with_words": "UPDATE pitch_question SET answer = 'made'",
    "ck_pitch_question_question_there": "UPDATE pitch_question SET question = ''",
    "ck_introduction_met_if_agreed": "UPDATE introduction SET status = 'agreed'",
    "ck_introduction_declined_with_reason": "UPDATE introduction SET refusal = NULL WHERE status = 'declined'",
    "ck_introduction_days_in_order": "UPDATE introduction SET nudge_on = lapse_on",
    **night_walls.CHECKS,
    **syndicate_walls.CHECKS,
    "ck_evidence_end_after_its_time": "INSERT INTO evidence_end (id, account_id, last_on, kept_until, ended_on, showings, "
    "statements, attempts) SELECT id, account_id, '2026-01-01', '2026-02-01', '2026-02-01', 1, 1, 0 FROM promotion LIMIT 1",
    "ck_evidence_end_rows_counted": "INSERT INTO evidence_end (id, account_id, last_on, kept_until, ended_on, showings, "
    "statements, attempts) SELECT id, account_id, '2026-01-01', '2026-02-01', '2026-02-02', -1, 1, 0 FROM promotion LIMIT 1",
    "ck_relief_filing_spent_for_seis": "UPDATE relief_filing SET spent_on = sent_on, relief = 'eis'",
    "ck_relief_filing_authorised_with_reference": "UPDATE relief_filing SET uir = ''",
    "ck_relief_filing_sent_after_issue": "UPDATE relief_filing SET sent_on = '1999-12-31', authorised_on = NULL, uir = ''",
    "ck_relief_filing_authorised_after_sent": "UPDATE relief_filing SET sent_on = NULL",
    "ck_relief_certificate_with_reference": "UPDATE relief_certificate SET uir = ''",
    "ck_company_update_given_at_if_given": "UPDATE company_update SET given_at = asked_at WHERE status = 'asked'",
    "ck_company_update_given_in_words": "UPDATE company_update SET words = '' WHERE status = 'given'",
    "ck_company_update_figures_not_negative": "UPDATE company_update SET cash = -1",
    "ck_company_update_valued_with_day_and_basis": "UPDATE company_update SET valuation = 100",
    "ck_company_update_valuation_positive": "UPDATE company_update SET valuation = 0, valued_on = due_on, "
    "valuation_basis = 'made'",
    "ck_company_update_shares_counted": "UPDATE company_update SET shares_in_issue = 100",
    "ck_company_update_correction_corrected_with_reason": "UPDATE company_update_correction SET reason = ''",
    "ck_diligence_answer_question_there": "UPDATE diligence_answer SET question = ''",
    "ck_diligence_item_question_there": "UPDATE diligence_item SET question = ''",
    "ck_diligence_item_answered_with_answer": "UPDATE diligence_item SET answer_id = NULL WHERE status = 'answered'",
    "ck_diligence_item_asked_without_answer": "UPDATE diligence_item SET answer_id = (SELECT id FROM diligence_answer LIMIT 1)",
    "ck_diligence_item_unavailable_with_reason": "UPDATE diligence_item SET reason = ''",
    "ck_diligence_item_ended_at_if_over": "UPDATE diligence_item SET ended_at = asked_at",
    "ck_diligence_item_days_in_order": "UPDATE diligence_item SET nudge_on = task_on",
    "ck_network_yearly_letter_of_a_year": "UPDATE network_yearly_letter SET year = 26",
    "ck_network_asked_member_or_raise": "UPDATE network_asked SET pitch_id = (SELECT id FROM pitch LIMIT 1), kind = 'update'",
    "ck_network_asked_of_its_kind": "UPDATE network_asked SET kind = 'close'",
    "ck_network_asked_sent_to_somebody": "UPDATE network_asked SET reader_ids = ''",
}


def rows(made: Business) -> None:
    """At least one row in every table of these that has a wall."""
    invited.invitation(made)
    owner = network.admitted()
    network.angel(status=AngelStatus.SUSPENDED)
    network.certification(owner, Ground.CERTIFIED)
    found = network.right(made)
    network.right_licence(found)
    network.right_part(found)
    cards.card_payment(owner)
    cards.checkout_attempt(owner)
    shown = network.pitch(made)
    for status in (PitchStatus.DECLINED, PitchStatus.CLOSED):
        network.pitch(factories.business(), status)
    network.review(shown)
    network.question(shown)
    network.mark(shown, owner)
    network.saved_search(owner)
    network.promotion(shown, network.certification(owner))
    network.evidence_end(owner)
    network.visit()
    network.introduction(shown)
    network.introduction(shown, status=IntroductionStatus.DECLINED)
    for each in (ItemStatus.ASKED, ItemStatus.ANSWERED, ItemStatus.UNAVAILABLE):
        held.diligence_item(status=each)
    yearly.asked(yearly.mailing())
    yearly.email_choice(owner)
    yearly.yearly_copy(yearly.yearly_letter(), owner)
    night_walls.rows(made)
    syndicate_walls.rows(made)
    bought = held.investment(network.pitch(factories.business()), shares=None)
    held.filing(bought.pitch_id)
    held.certificate(bought)
    for state in (UpdateStatus.ASKED, UpdateStatus.GIVEN):
        held.correction(held.company_update(status=state))
