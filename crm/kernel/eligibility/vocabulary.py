"""The words that rules and facts are written in: legal forms, stages, creative sectors and LEP areas."""

from __future__ import annotations

from collections.abc import Iterable

LEGAL_FORMS = {
    "company": "limited company",
    "cic": "community interest company",
    "plc": "public limited company",
    "llp": "limited liability partnership",
    "partnership": "partnership",
    "sole_trader": "sole trader",
    "freelancer": "freelancer",
    "individual": "individual",
    "charity": "charity",
    "cio": "charitable incorporated organisation",
    "society": "co-operative or community benefit society",
    "other": "other kind of organisation",
}

STAGES = {
    "idea": "idea",
    "start-up": "start-up",
    "early": "early years",
    "growth": "growth",
    "scale-up": "scale-up",
    "established": "established",
}

DCMS_GROUPS = {
    "advertising": "Advertising and marketing",
    "architecture": "Architecture",
    "crafts": "Crafts",
    "design_fashion": "Design and designer fashion",
    "film_tv_radio_photo": "Film, TV, video, radio and photography",
    "it_software": "IT, software and computer services",
    "museums_libraries": "Museums, galleries and libraries",
    "music_performing_visual": "Music, performing and visual arts",
    "publishing": "Publishing",
}
"""The nine creative industries of the Department for Culture, Media and Sport (2017 mapping of SIC codes)."""

LEPS = {
    "GBSLEP": "Greater Birmingham and Solihull",
    "CWLEP": "Coventry and Warwickshire",
    "BCLEP": "the Black Country",
    "Worcestershire": "Worcestershire",
    "Stoke-on-Trent and Staffordshire": "Stoke-on-Trent and Staffordshire",
}
"""The three areas of the region, and the two that overlapped them from 2017 to 2020."""

NO_RULE = frozenset({"any", "all", "ANY"})
"""Words that stand in a rule's place and rule nothing out."""

_MET_BY = {
    "company": frozenset({"company", "cic", "plc"}),
    "individual": frozenset({"individual", "sole_trader", "freelancer"}),
    "charity": frozenset({"charity", "cio"}),
}


def forms_that_meet(wanted: Iterable[str]) -> frozenset[str]:
    """The legal forms that meet a rule: "company" takes in a CIC and a plc, "individual" a sole trader."""
    return frozenset().union(*(_MET_BY.get(word, frozenset({word})) for word in wanted))


def one_of(words: Iterable[str], *, joined_by: str = "or") -> str:
    """A list as it is said: "a", "a or b", "a, b or c"; with semicolons where a word has commas of its own."""
    *most, last = words
    if most and any("," in word for word in (*most, last)):
        return f"{'; '.join(most)}; {joined_by} {last}"
    return f"{', '.join(most)} {joined_by} {last}" if most else last
