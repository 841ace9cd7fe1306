"""What payments bring to the house."""

from __future__ import annotations

from crm.kernel.workflow import spoken
from crm.web.feature import Feature

FEATURE = Feature(
    name="payments",
    words={
        "bank_details": "bank details",
        "payment": "payment",
        "payment_run": "payment run",
        "bank_answer": "answer of the bank",
        "bank_answer_line": "line of the bank’s answer",
        "bank_details.status": spoken,
        "payment.status": spoken,
        "payment_run.status": spoken,
        "bank_answer.status": spoken,
    },
)
