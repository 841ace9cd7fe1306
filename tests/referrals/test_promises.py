"""Each sentence in which we promise something about referrals, with the test or verb that keeps it (K16).

A sentence that is added or changed has to be listed here with what keeps it: else this fails.
"""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

from crm.businesses.rules.labels import WORDINGS

TEMPLATES = Path(__file__).parents[2] / "crm" / "templates"
LETTERS = TEMPLATES / "notices"
PAGES = ("told", "reply", "helped", "answered")
TELLING, SENDING = "tests.referrals.test_telling:", "crm.referrals.service.sending:"
ANSWERING, PREPARING = "tests.referrals.test_answering:", "tests.referrals.test_preparing:"
CHASING, ENDING = "tests.referrals.test_chasing:", "tests.referrals.test_ending:"
# Letters and pages: a part of each sentence that says what will happen or may be done.
PROMISES = {
    "You may pass what I told you to organisations that can help me.": PREPARING
    + "test_a14_nobody_is_passed_on_without_having_agreed",
    "You tell me which one before you do.": TELLING
    + "test_the_business_is_told_to_whom_with_what_and_until_when_before_anything_leaves",
    "You agreed that we may share what you told us": PREPARING
    + "test_a14_consent_that_was_taken_back_holds_no_more",
    "See what they would receive, and say yes or no": TELLING
    + "test_the_business_is_told_to_whom_with_what_and_until_when_before_anything_leaves",
    "You can say no until the end of": TELLING
    + "test_k9_on_the_last_day_it_can_still_be_stopped_and_the_day_after_it_is_sent",
    "If we do not hear from you, we will send it after that day.": TELLING
    + "test_k9_on_the_last_day_it_can_still_be_stopped_and_the_day_after_it_is_sent",
    "Nothing was sent.": TELLING + "test_the_business_says_no_by_its_link_and_nothing_leaves",
    "was not sent": TELLING + "test_what_lost_its_consent_meanwhile_is_not_sent_and_its_sender_is_told",
    "They agreed that we may share what they told us, and we told them that we are writing to you.": TELLING
    + "test_a_referral_to_a_provider_is_never_sent_straight_away",
    "You do not need an account.": ANSWERING
    + "test_a_provider_accepts_and_completes_by_link_and_the_business_says_that_it_helped",
    "The link works once, within 30 days.": ANSWERING
    + "test_a14_a68_the_link_works_once_and_looking_at_it_does_nothing",
    "A newer link replaces it.": ANSWERING
    + "test_a14_a68_the_link_works_once_and_looking_at_it_does_nothing",
    "This link replaces the one before.": ANSWERING
    + "test_a14_a68_the_link_works_once_and_looking_at_it_does_nothing",
    "When you know the outcome, tell us here": ANSWERING
    + "test_a_provider_accepts_and_completes_by_link_and_the_business_says_that_it_helped",
    "See the referrals that were not taken up": ANSWERING
    + "test_a11_declining_needs_a_reason_and_comes_back_to_whoever_sent_it",
    "though we asked again": CHASING + "test_a13_asked_twice_without_an_answer_it_lapses_and_comes_back",
    "This link works for one answer.": ANSWERING
    + "test_a14_a68_the_link_works_once_and_looking_at_it_does_nothing",
    "Nothing has been recorded.": ANSWERING
    + "test_a14_a68_the_link_works_once_and_looking_at_it_does_nothing",
    "What you agreed with it yourselves does not change.": ENDING
    + "test_n52_a_provider_no_longer_reads_the_details_by_its_link",
    "You do not need to reply.": ENDING + "test_p52_who_holds_what_was_shared_is_named_before_and_told_once",
    "You can leave it empty": TELLING + "test_a_founder_who_is_signed_in_finds_it_and_says_yes_or_no",
    "Your adviser reads this": TELLING + "test_the_business_says_no_by_its_link_and_nothing_leaves",
}
MARKS = re.compile(r"\{%.*?%\}|<[^>]+>|\{\{ *(?:button|post_button|details)\(|[\"]\)", re.DOTALL)
# What a sentence that promises something begins with or has in it.
TELLS = re.compile(
    r"[^.!?\n]*\b(?:you can|you may|you do not need|you tell me|we will|the link works|this link (?:works|replaces)|link replaces"
    r"|was not sent|nothing (?:was|has)|they agreed|you agreed|if we do not)\b[^.!?\n]*[.!?\n]",
    re.IGNORECASE,
)


def texts() -> str:
    letters = [path.read_text(encoding="utf-8") for path in sorted(LETTERS.glob("referral_*.txt"))]
    pages = [
        MARKS.sub("\n\n", (TEMPLATES / "referrals" / f"{page}.html").read_text(encoding="utf-8"))
        for page in PAGES
    ]
    consent = list(WORDINGS["share_with_providers"].values())
    return "\n".join(re.sub(r"[ \t]*\n[ \t]*(?=\S)", " ", each) for each in (*letters, *pages, *consent))


def test_every_sentence_that_promises_something_is_listed_with_what_keeps_it() -> None:
    said = texts()
    found = [sentence.strip() for sentence in TELLS.findall(said)]

    assert len(found) > 10
    assert [
        each for each in found if not any(promise in each or each in promise for promise in PROMISES)
    ] == []
    assert [promise for promise in PROMISES if promise not in said] == []


@pytest.mark.parametrize("keeper", sorted(set(PROMISES.values())))
def test_what_keeps_a_promise_is_there(keeper: str) -> None:
    module, _, name = keeper.partition(":")

    assert callable(getattr(importlib.import_module(module), name))
