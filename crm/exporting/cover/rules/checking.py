"""Which products fit an export contract: every condition read against what is known. Unknown never excludes.

The words of a condition that is not known name what is still to be found out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from typing import Any

from crm.exporting.cover.rules.labels import Result
from crm.exporting.cover.rules.products import Product, products
from crm.exporting.plans.rules.countries import NO_COVER, SANCTIONED, in_sentence
from crm.kernel.eligibility import Outcome
from crm.kernel.money import Money
from crm.kernel.text import series

HOME = "United Kingdom"
SELLS = {"goods": "Goods", "services": "Services, rights or digital work", "both": "Both"}
YEARS, DAYS_OF_TWO_YEARS = 3, 730
TURNOVER, EXPORT_SHARE = "min_turnover_gbp", "min_export_share_pct"
MOST_OWED, LEAST_SUM, MOST_SUM = "max_owed_gbp", "min_sum_gbp", "max_sum_gbp"
RULES = {
    TURNOVER: "turnover",
    EXPORT_SHARE: "the share of exports in turnover",
    MOST_OWED: "the most that the buyer will owe",
    LEAST_SUM: "the finance needed",
    MOST_SUM: "the finance needed",
}
"""What each threshold is about, in a sentence."""
THROUGH_A_BANK = frozenset({"ukef_ewcs", "ukef_gef", "ukef_edg", "ukef_bss", "ukef_bip"})
UNINCORPORATED = frozenset({"sole_trader", "freelancer", "partnership"})
_OUTCOME = {True: Outcome.MET, False: Outcome.NOT_MET, None: Outcome.UNKNOWN}
_WORST = (Outcome.MET, Outcome.UNKNOWN, Outcome.NOT_MET)


@dataclass(frozen=True)
class Contract:
    """An export contract as it was told. None is not known. ``payment_days`` is how long after delivery the buyer pays."""

    country: str
    sells: str
    wishes: frozenset[str]
    value: Money | None = None
    payment_days: int | None = None
    owed: Money | None = None
    sum_wanted: Money | None = None
    months: int | None = None
    is_uk_enough: bool | None = None
    is_private_refused: bool | None = None
    is_in_group: bool | None = None
    waits_for_end_buyer: bool | None = None

    def sentence(self) -> str:
        """The contract in a sentence: "A buyer in Canada pays £20,000 for goods, 120 days after delivery"."""
        pays = f"pays {self.value}" if self.value is not None else "pays a sum not known yet"
        when = {None: "", 0: ", before delivery", 1: ", 1 day after delivery"}
        in_days = when.get(self.payment_days, f", {self.payment_days} days after delivery")
        kind = {
            "goods": "goods",
            "services": "services, rights or digital work",
            "both": "goods and services",
        }
        return f"A buyer in {in_sentence(self.country)} {pays} for {kind[self.sells]}{in_days}"


@dataclass(frozen=True)
class Firm:
    """What is known of the business: ``shares`` are its export shares in per cent, the latest year first.

    ``told_for`` says the latest turnover on record, where it is for another period than a year.
    """

    turnover: Money | None = None
    told_for: str = ""
    shares: Sequence[Decimal | None] = ()
    has_number: bool = False
    form: str | None = None

    def three_years(self) -> tuple[Decimal | None, ...]:
        """The last three years; a year that is not known is None."""
        return (*self.shares, None, None, None)[:YEARS]


@dataclass(frozen=True)
class Limits:
    """The figures that hold on the day of a check."""

    focus: Money
    small: Money
    uk_content: int
    share_one_year: int
    share_each_year: int
    general_most: Money
    online_months: int


@dataclass(frozen=True)
class Condition:
    """One condition read. A threshold names its ``rule``, what it needs and what the business has."""

    outcome: Outcome
    words: str
    rule: str = ""
    needed: str = ""
    actual: str = ""
    threshold: Money | None = None
    figure: Money | None = None


@dataclass(frozen=True)
class Finding:
    """What holds of one product: ``conditions`` in order, and how to apply where it may fit."""

    product: Product
    is_wanted: bool
    conditions: tuple[Condition, ...]
    route: str = ""

    @property
    def outcome(self) -> Outcome:
        """The worst of its conditions."""
        return max((each.outcome for each in self.conditions), key=_WORST.index, default=Outcome.MET)

    @property
    def because(self) -> tuple[Condition, ...]:
        """The conditions that make it so; those that hold where all hold."""
        return tuple(each for each in self.conditions if each.outcome is self.outcome)

    @property
    def shut_by(self) -> tuple[Condition, ...]:
        """The thresholds that exclude the business; none where it is something else that does."""
        against = [each for each in self.conditions if each.outcome is Outcome.NOT_MET]
        return tuple(against) if all(each.rule for each in against) else ()

    def stored(self) -> dict[str, Any]:
        """As the record of a check keeps it."""
        told = [
            {"outcome": each.outcome.value, "words": each.words, "rule": each.rule} for each in self.because
        ]
        kept = {"product": self.product.key, "outcome": self.outcome.value, "because": told}
        return kept | {"wanted": self.is_wanted, "route": self.route}


def result_of(findings: Iterable[Finding]) -> Result:
    """What a check found of the products that were asked for: the best of them."""
    outcomes = {each.outcome for each in findings if each.is_wanted}
    if Outcome.MET in outcomes:
        return Result.FITS
    return Result.MAY_FIT if Outcome.UNKNOWN in outcomes else Result.NONE


def check(contract: Contract, firm: Firm, *, limits: Limits) -> tuple[Finding, ...]:
    """Every product with why it fits, does not fit, or cannot be said; those that were asked for first, then the fitting."""
    found = [
        Finding(
            each,
            bool(contract.wishes & set(each.wishes)),
            (*_sanctions(contract), *_CONDITIONS[each.key](contract, firm, limits)),
            _route(each, contract, firm, limits),
        )
        for each in products()
    ]
    return tuple(sorted(found, key=lambda each: (not each.is_wanted, _WORST.index(each.outcome))))


def _sanctions(contract: Contract) -> Iterable[Condition]:
    """Nothing fits where sanctions forbid the sale, and nothing can be said yet where they may."""
    where = in_sentence(contract.country)
    if contract.country in NO_COVER:
        yield Condition(
            Outcome.NOT_MET,
            f"UK trade sanctions apply to {where}: take legal advice before you agree anything",
        )
    elif contract.country in SANCTIONED:
        yield Condition(Outcome.UNKNOWN, f"whether UK trade sanctions allow this sale to {where}")


def _abroad(contract: Contract, _firm: Firm, _limits: Limits) -> Iterable[Condition]:
    is_abroad = contract.country != HOME
    words = (
        f"the buyer is in {in_sentence(contract.country)}"
        if is_abroad
        else "the buyer is in the United Kingdom, not abroad"
    )
    yield Condition(_OUTCOME[is_abroad], words)


def _content(contract: Contract, firm: Firm, limits: Limits) -> Iterable[Condition]:
    yield from _abroad(contract, firm, limits)
    least = f"{limits.uk_content}%"
    words = {
        True: f"{least} or more of the contract is UK goods or services",
        False: f"less than {least} of the contract is UK goods or services",
        None: f"whether {least} or more of the contract is UK goods or services",
    }
    yield Condition(_OUTCOME[contract.is_uk_enough], words[contract.is_uk_enough])


def _insured(contract: Contract, firm: Firm, limits: Limits) -> Iterable[Condition]:
    yield from _content(contract, firm, limits)
    words = {
        True: "the private market does not offer cover",
        False: "private cover is available, and this is for those who cannot get it",
        None: "whether private cover is available: ask a broker",
    }
    yield Condition(_OUTCOME[contract.is_private_refused], words[contract.is_private_refused])


def _small(contract: Contract, firm: Firm, limits: Limits) -> Iterable[Condition]:
    yield from _insured(contract, firm, limits)
    owed, most = contract.owed, limits.small
    if owed is None and contract.value is not None and contract.value.pence <= most.pence:
        owed = contract.value
    if owed is None:
        yield Condition(Outcome.UNKNOWN, "how much the buyer will owe at any one time", MOST_OWED)
        return
    needed = f"{most} or less"
    words = f"the buyer will owe {owed} at any one time, and the limit is {most}"
    yield Condition(
        _OUTCOME[owed.pence <= most.pence],
        words,
        MOST_OWED,
        needed,
        str(owed),
        threshold=most,
        figure=owed,
    )


def _general(contract: Contract, firm: Firm, limits: Limits) -> Iterable[Condition]:
    one, each = limits.share_one_year, limits.share_each_year
    needed = f"{one}% in one of the last three years, or {each}% in each"
    actual = _shares_in_words(firm.three_years())
    holds = enough_exports(firm.three_years(), one=one, each=each)
    words = f"exports as a share of turnover were {actual}, and it takes {needed}"
    if holds is None:
        words = f"exports as a share of turnover, for more years: it takes {needed}"
    yield Condition(_OUTCOME[holds], words, EXPORT_SHARE, needed, actual)
    yield _sum(contract, limits, is_least=False)


def _shares_in_words(shares: Sequence[Decimal | None]) -> str:
    """The share of exports in each year that is known: "12.5% in the latest year on record and 4% the year before"."""
    pairs = zip(shares, ("in the latest year on record", "the year before", "two years before"), strict=True)
    known = [(_percent(share), when) for share, when in pairs if share is not None]
    return series([f"{share} {when}" for share, when in known] or ["not known"])


def _percent(share: Decimal) -> str:
    """A share with one decimal where it has one; never rounded up to a limit that it does not reach."""
    return f"{share.quantize(Decimal('0.1'), ROUND_FLOOR):f}".removesuffix(".0") + "%"


def enough_exports(shares: Sequence[Decimal | None], *, one: int, each: int) -> bool | None:
    """Whether any year reaches the one share, or all three the other. None where an unknown year decides."""
    if any(share is not None and share >= one for share in shares):
        return True
    if None not in shares:
        return all(share is not None and share >= each for share in shares)
    return None


def _sum(contract: Contract, limits: Limits, *, is_least: bool) -> Condition:
    limit, wanted = limits.general_most, contract.sum_wanted
    rule = LEAST_SUM if is_least else MOST_SUM
    if wanted is None:
        return Condition(Outcome.UNKNOWN, "how much finance is needed", rule)
    needed = f"{limit} or {'more' if is_least else 'less'}"
    holds = wanted.pence >= limit.pence if is_least else wanted.pence <= limit.pence
    words = f"the finance needed is {wanted}, and it is for {needed}"
    return Condition(_OUTCOME[holds], words, rule, needed, str(wanted), threshold=limit, figure=wanted)


def _large(contract: Contract, firm: Firm, limits: Limits) -> Iterable[Condition]:
    yield _sum(contract, limits, is_least=True)
    shares = firm.three_years()
    needed = f"{limits.share_one_year}% last year, or on average over three years"
    holds = _is_average(shares, limits.share_one_year)
    said = "not known" if shares[0] is None else _percent(shares[0])
    words = f"exports were {said} of turnover last year, and it takes {needed}"
    if holds is None:
        words = f"exports as a share of turnover, for three years: it takes {needed}"
    yield Condition(_OUTCOME[holds], words, EXPORT_SHARE, needed, said)


def _is_average(shares: Sequence[Decimal | None], least: int) -> bool | None:
    known = [each for each in shares if each is not None]
    if shares[0] is not None and shares[0] >= least:
        return True
    return sum(known, Decimal(0)) >= least * YEARS if len(known) == YEARS else None


TRADE_ADVISER = "trade_adviser"
"""The product that is advice on a market: it starts from what a business plans abroad."""


def _adviser(_contract: Contract, firm: Firm, limits: Limits) -> Iterable[Condition]:
    needed = f"{limits.focus} or more"
    if firm.turnover is None:
        wanted = f"the turnover of a year ({firm.told_for})" if firm.told_for else "the latest turnover"
        yield Condition(Outcome.UNKNOWN, f"{wanted}: it takes {needed}", TURNOVER)
        return
    words = f"turnover is {firm.turnover}, and it takes {needed}"
    holds = firm.turnover.pence >= limits.focus.pence
    money = {"threshold": limits.focus, "figure": firm.turnover}
    yield Condition(_OUTCOME[holds], words, TURNOVER, needed, str(firm.turnover), **money)


_CONDITIONS: Mapping[str, Callable[[Contract, Firm, Limits], Iterable[Condition]]] = {
    "ukef_seb": _small,
    "ukef_exip": _insured,
    "ukef_ewcs": _content,
    "ukef_gef": _general,
    "ukef_edg": _large,
    "ukef_bss": _content,
    "ukef_bip": _abroad,
    TRADE_ADVISER: _adviser,
}


def _route(product: Product, contract: Contract, firm: Firm, limits: Limits) -> str:
    """How to apply: online where nothing stands against it, else how else, and why."""
    if product.key in THROUGH_A_BANK:
        return "Through your bank. An Export Finance Manager can introduce you."
    if product.key == TRADE_ADVISER:
        return ""
    is_long = contract.months is not None and contract.months > limits.online_months
    if not firm.has_number or firm.form in UNINCORPORATED:
        return "Not online, which takes a company number: through a broker or an Export Finance Manager."
    if contract.waits_for_end_buyer:
        return "Not online, as you are paid only once the buyer is paid: through an Export Finance Manager."
    if contract.is_in_group or is_long or (contract.payment_days or 0) > DAYS_OF_TWO_YEARS:
        why = (
            "as you belong to a group or consortium"
            if contract.is_in_group
            else "as it runs for over two years"
        )
        return f"On the paper form, {why}."
    return "Online, with your company number."
