"""Email addresses: read in lower case, and refused where no mail server would take them."""

from __future__ import annotations

import re

from email_validator import EmailNotValidError, validate_email

from crm.kernel.errors import BadInput
from crm.kernel.text import unwrapped

TOP_LEVEL = re.compile(r"\.[a-z][a-z0-9-]*[a-z0-9]$", re.IGNORECASE)
LONGEST_ADDRESS = 254  # RFC 5321, section 4.5.3.1
WRONG = "Enter an email address in the correct format, like name@example.com"
ONLY_ONE = "Enter one email address only, like name@example.com"


def read_email(text: str) -> str:
    """One address in lower case, as mail servers take it. Raises `BadInput`; whether it exists is not asked."""
    address = unwrapped(text).removeprefix("mailto:").lower()
    if address.count("@") > 1:
        raise BadInput(ONLY_ONE)
    if len(address) > LONGEST_ADDRESS or not address.isascii():
        raise BadInput(WRONG)
    try:
        found = validate_email(
            address, check_deliverability=False, test_environment=True, allow_smtputf8=False, strict=True
        )
    except EmailNotValidError as why:
        raise BadInput(WRONG) from why
    if not TOP_LEVEL.search(found.ascii_domain):
        raise BadInput(WRONG)
    return (found.ascii_email or address).lower()


def mailbox(email: str) -> str:
    """The mailbox behind an address: letters as small ones, what follows a plus left out."""
    name, _, host = email.strip().casefold().rpartition("@")
    return f"{name.partition('+')[0]}@{host}"
