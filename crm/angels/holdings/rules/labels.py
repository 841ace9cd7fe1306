"""What the states and choices of holdings are called on a page."""

from __future__ import annotations

UPDATE_STATUSES = {"asked": "Asked for", "given": "Sent", "missed": "Not sent"}
UPDATE_COLOURS = {"asked": "blue", "given": "green", "missed": "grey"}
UPDATES_SHOWN = {"late": "Overdue"} | UPDATE_STATUSES
"""What a list of updates can be narrowed to."""
FILED_RELIEFS = {"seis": "SEIS", "eis": "EIS"}
STATEMENTS = {"seis": "SEIS1", "eis": "EIS1"}
ANSWERS = {"seis": "SEIS2", "eis": "EIS2"}
CERTIFICATES = {"seis": "SEIS3", "eis": "EIS3"}
"""The papers of each relief: the company's statement, HMRC's answer with the reference, the investor's certificate."""
KINDS = {"equity": "Shares", "loan_note": "Loan notes", "convertible": "Convertible loan notes"}
FIELDS = {
    "relief_filing.relief": "Tax relief",
    "relief_filing.issued_on": "Shares issued",
    "relief_filing.share_class": "Class of shares",
    "relief_filing.assured_on": "Advance assurance given",
    "relief_filing.trading_from": "Trading since",
    "relief_filing.spent_on": "70% spent",
    "relief_filing.sent_on": "Statement sent to HMRC",
    "relief_filing.authorised_on": "HMRC’s answer",
    "relief_filing.uir": "Unique investment reference",
    "relief_filing.told_at": "Told that it can be sent",
    "relief_filing.reminded_at": "Reminded of the last day",
    "relief_certificate.uir": "Unique investment reference",
    "relief_certificate.given_on": "Certificate given",
    "relief_certificate.made_by_id": "Given by",
    "relief_certificate.made_at": "Added",
    "company_update.quarter_end": "Quarter that ended on",
    "company_update.words": "Update",
    "company_update.revenue": "Sales in the quarter",
    "company_update.cash": "Cash at the end of the quarter",
    "company_update.people": "People employed",
    "company_update.valuation": "Valuation stated by the company",
    "company_update.valued_on": "Day of the valuation",
    "company_update.valuation_basis": "Basis of the valuation",
    "company_update.given_at": "Sent",
    "company_update.given_by_id": "Sent by",
    "company_update.correction_reason": "Reason for the correction",
    "company_update_correction.update_id": "Company update",
    "company_update_correction.at": "Corrected",
    "company_update_correction.words": "Update before",
    "company_update_correction.revenue": "Sales in the quarter",
    "company_update_correction.cash": "Cash at the end of the quarter",
    "company_update_correction.people": "People employed",
    "company_update_correction.valuation": "Valuation stated by the company",
    "company_update_correction.valued_on": "Day of the valuation",
    "company_update_correction.valuation_basis": "Basis of the valuation",
}
"""What a stored field is called on the audit log, where its own name would not do."""
PAPERS_SHOWN = {
    "late": "Past the last day",
    "near": "Last day soon",
    "lacking": "Certificates to give",
    "all": "All papers",
}
"""What the network's list of papers can be narrowed to."""
