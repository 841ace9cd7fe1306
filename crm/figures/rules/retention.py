"""The figures by which personal data ends: how long each kind of row and email is kept."""

from __future__ import annotations

from crm.figures.rules.units import Definition, Unit

OF_RETENTION = {
    f"retention.{name}": Definition(f"retention.{name}", label, unit, use)
    for name, label, unit, use in (
        (
            "session_days",
            "How long sign-ins are kept",
            Unit.CALENDAR_DAYS,
            "So many days after a sign-in ran out, its device and times are deleted.",
        ),
        (
            "reporter_days",
            "How long it is kept who reported a fault in the directory",
            Unit.CALENDAR_DAYS,
            "So many days after the report was dealt with, the name and address are deleted. What was wrong stays.",
        ),
        (
            "email_months",
            "How long emails about meetings, signing in and reminders are kept",
            Unit.MONTHS,
            "So many months after such an email was queued, its text and its reader's address are deleted.",
        ),
        (
            "record_email_months",
            "How long other emails are kept",
            Unit.MONTHS,
            "Emails that show what was decided or agreed. So many months after one was queued, its text and address are deleted.",
        ),
        (
            "enquiry_months",
            "How long the people and texts of closed enquiries are kept",
            Unit.MONTHS,
            "So many months after an enquiry was closed. That there was one, and what was needed, stays.",
        ),
        (
            "access_months",
            "How long requests for access and invitations are kept",
            Unit.MONTHS,
            "So many months after a request for access to a business, or an invitation to join it, was decided.",
        ),
        (
            "contact_months",
            "How long people who left a business are kept",
            Unit.MONTHS,
            "So many months after the day on which they left, their name, role, address and telephone number are deleted.",
        ),
        (
            "notes_months",
            "How long the texts of case notes, emails from advisers and appointments are kept",
            Unit.MONTHS,
            "So many months after the day of the conversation, email or appointment. The hours of help stay.",
        ),
        (
            "workshop_months",
            "How long the people who booked a workshop are kept",
            Unit.MONTHS,
            "So many months after the workshop, names and addresses are deleted. Places and businesses are still counted.",
        ),
        (
            "complaint_months",
            "How long complaints about personal data are kept",
            Unit.MONTHS,
            "So many months after a complaint was answered, names and texts are deleted. Its days stay.",
        ),
        (
            "request_months",
            "How long requests about personal data are kept",
            Unit.MONTHS,
            "So many months after a request was answered, names and texts are deleted. Its days stay.",
        ),
    )
}
