"""What follows for tax-relief papers from an investment that was reversed: both sides read what to do about them."""

from __future__ import annotations

from crm.angels.deals.models import Investment
from crm.angels.deals.workflow import ShareRelief
from crm.angels.holdings.models import ReliefCertificate, ReliefFiling
from crm.angels.holdings.queries import papers as queries
from crm.angels.holdings.rules.labels import CERTIFICATES, STATEMENTS
from crm.angels.holdings.service.telling import tell_business, tell_investors
from crm.angels.holdings.workflow import FiledRelief
from crm.kernel.calendar import day_in_words
from crm.kernel.permissions import Actor


def given_for(found: Investment) -> tuple[ReliefFiling | None, ReliefCertificate | None]:
    """The statement that was sent for the shares of an investment, and the certificate that was given; None for what was not."""
    if found.relief is ShareRelief.NONE:
        return None, None
    filing = queries.filings_of([found.pitch_id]).get(queries.issue_of(found))
    sent = filing if filing is not None and filing.sent_on is not None else None
    return sent, queries.certificates_of([found.id]).get(found.id)


def tell_of_papers(found: Investment, *, by: Actor) -> None:  # noqa: ARG001 the same whoever reverses it
    """Tell a business what to write to HMRC of an investment reversed after papers went out, and the investor not to claim."""
    sent, given = given_for(found)
    if sent is None and given is None:
        return
    relief = FiledRelief(found.relief.value)
    said = {
        "reference": found.reference,
        "certificate": CERTIFICATES[relief],
        "statement": STATEMENTS[relief],
    }
    said |= {"sent": day_in_words(sent.sent_on) if sent is not None and sent.sent_on else ""}
    said |= {"uir": given.uir if given is not None else sent.uir if sent is not None else ""}
    said |= {"given": day_in_words(given.given_on) if given is not None else ""}
    path = f"/raises/{found.pitch_id}/papers"
    tell_business(found.pitch.business, "papers_reversed", path=path, **said)
    if given is not None and found.account is not None:
        _tell_void(found, said)


def _tell_void(found: Investment, said: dict[str, str]) -> None:
    assert found.account is not None
    about = said | {"business": found.pitch.business.name}
    tell_investors([found.account], "certificate_void", path=f"/holdings/{found.id}", **about)
