"""What a statement needs to open the gate: its figures and details, never a tick alone.

Financial Promotion Order 2005 as amended by SI 2024/301, in force 27 March 2024: article 48 (income of the last
financial year to the nearest £10,000, or net assets to the nearest £100,000), article 50A (one of four grounds within
two years, with who and how many), article 50 (a certificate by an authorised person, three years at most).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from crm.angels.investors.rules.gate import MONTHS_OF_A_CERTIFICATE, anniversary
from crm.kernel.calendar import add_months, day_in_words
from crm.kernel.money import Money
from crm.kernel.signing import why_not_signed

CONTRADICTION = "You say that a condition applies and that none does. Choose one of the two"
NOTHING_SAID = "Say which of the conditions applies to you"
NONE_APPLIES = (
    "You say that no condition applies: then the law does not let us show you pitches on this ground"
)


@dataclass(frozen=True)
class Thresholds:
    """The figures in force on a day."""

    income: Money
    income_step: Money
    assets: Money
    assets_step: Money
    turnover: Money
    investments: int
    network_months: int


@dataclass(frozen=True)
class Fault:
    """Why a statement is refused: the words, and the field that they belong to."""

    words: str
    field: str = ""


@dataclass(frozen=True)
class NetWorth:
    """Article 48 as an investor completes it. An amount is what they state, to the nearest step; None is not stated."""

    has_income: bool = False
    income: Money | None = None
    has_assets: bool = False
    assets: Money | None = None
    none_applies: bool = False


def fault_in_signature(typed: str, *, name: str) -> Fault | None:
    """What is wrong with a signature."""
    words = why_not_signed(typed, name=name)
    return Fault(words, "signed_name") if words else None


def fault_in_net_worth(said: NetWorth, law: Thresholds) -> Fault | None:
    """The first thing that is wrong with a high net worth statement."""
    if said.none_applies and (said.has_income or said.has_assets):
        return Fault(CONTRADICTION, "none_applies")
    if said.none_applies:
        return Fault(NONE_APPLIES, "none_applies")
    if not said.has_income and not said.has_assets:
        return Fault(NOTHING_SAID, "has_income")
    if said.has_income:
        fault = _fault_in_sum(said.income, law.income, law.income_step, "income")
        if fault:
            return fault
    return _fault_in_sum(said.assets, law.assets, law.assets_step, "assets") if said.has_assets else None


def _fault_in_sum(stated: Money | None, least: Money, step: Money, field: str) -> Fault | None:
    """A stated sum is rounded already: eligibility is never worked out anew from it, only whether it can be one."""
    if stated is None:
        return Fault(f"State the amount to the nearest {step}", field)
    if stated.pence % step.pence:
        return Fault(f"State it to the nearest {step}", field)
    if stated < least:
        return Fault(f"The law asks for {least} or more", field)
    return None


@dataclass(frozen=True)
class Experience:
    """Article 50A as an investor completes it: each ground with what has to be named. ``investments`` is how many."""

    has_worked: bool = False
    organisation: str = ""
    has_directed: bool = False
    company: str = ""
    company_number: str = ""
    has_invested: bool = False
    investments: int | None = None
    is_in_network: bool = False
    network: str = ""
    is_this_network: bool = False
    none_applies: bool = False

    @property
    def grounds(self) -> tuple[str, ...]:
        """The letters of the grounds that are claimed."""
        claimed = (self.has_worked, self.has_directed, self.has_invested, self.is_in_network)
        return tuple(letter for letter, is_claimed in zip("ABCD", claimed, strict=True) if is_claimed)

    @property
    def rests_on_this_network(self) -> bool:
        """Whether being a member here is the only ground."""
        return self.grounds == ("D",) and self.is_this_network


def fault_in_experience(
    said: Experience, law: Thresholds, *, member_since: date | None, on: date
) -> Fault | None:
    """The first thing that is wrong with a self-certified sophisticated investor's statement on a day."""
    if said.none_applies and said.grounds:
        return Fault(CONTRADICTION, "none_applies")
    if said.none_applies:
        return Fault(NONE_APPLIES, "none_applies")
    if not said.grounds:
        return Fault(NOTHING_SAID, "has_worked")
    return _missing(said, law) or _fault_in_network(said, law, member_since, on)


def _missing(said: Experience, law: Thresholds) -> Fault | None:
    if said.has_worked and not said.organisation:
        return Fault("Name the organisation that you worked for", "organisation")
    if said.has_directed and not said.company:
        return Fault("Name the company that you were a director of", "company")
    if said.has_directed and not said.company_number:
        return Fault("Enter its number at Companies House", "company_number")
    if said.has_invested and said.investments is None:
        return Fault("State how many investments you made", "investments")
    if said.has_invested and (said.investments or 0) < law.investments:
        return Fault(f"The law asks for {law.investments} investments or more", "investments")
    if said.is_in_network and not (said.network or said.is_this_network):
        return Fault("Name the network or syndicate", "network")
    return None


def _fault_in_network(said: Experience, law: Thresholds, member_since: date | None, on: date) -> Fault | None:
    """Of this network we know for how long; more than so many months are asked, and a member still."""
    if not (said.is_in_network and said.is_this_network):
        return None
    if member_since is None:
        return Fault("You are not a member of this network at present", "is_in_network")
    if on <= add_months(member_since, law.network_months):
        return Fault(
            f"You have to have been a member for more than {law.network_months} months: "
            f"you are one since {day_in_words(member_since)}",
            "is_in_network",
        )
    return None


@dataclass(frozen=True)
class Certificate:
    """Article 50: what an authorised person certified, and for which kinds of investment alone."""

    firm: str
    frn: str
    issued_on: date
    kinds: frozenset[str]


def fault_in_certificate(said: Certificate, *, on: date) -> Fault | None:
    """The first thing that is wrong with a certificate of an authorised person on a day."""
    if not (said.frn.isascii() and said.frn.isdigit() and 6 <= len(said.frn) <= 7):
        return Fault("Enter the firm's reference number at the FCA, of six or seven digits", "frn")
    if said.issued_on > on:
        return Fault("This day has not come yet", "issued_on")
    if on >= add_months(said.issued_on, MONTHS_OF_A_CERTIFICATE):
        return Fault("A certificate holds for three years. This one is older", "issued_on")
    if not said.kinds:
        return Fault("Choose the kinds of investment that the certificate names", "kinds")
    return None


def until(signed_on: date, *, issued_on: date | None = None, counts_until: date | None = None) -> date:
    """The first day on which a statement is no longer valid: its anniversary, three years after its certificate, or the day
    after its wording stopped to count, whichever comes first; never before the day it was signed.
    """
    ends = [anniversary(signed_on)]
    if issued_on is not None:
        ends.append(add_months(issued_on, MONTHS_OF_A_CERTIFICATE))
    if counts_until is not None:
        ends.append(date.fromordinal(counts_until.toordinal() + 1))
    return min(ends)
