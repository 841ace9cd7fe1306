"""The limits of SEIS and EIS. Companies that trade in goods or electricity in Northern Ireland have limits of EIS of their own."""

from __future__ import annotations

from crm.figures.rules.units import Definition, Unit

ROOM = "Shown beside raises: how much of each could fall under the relief."
IN_NORTHERN_IRELAND = "For raises of companies that trade in goods or electricity in Northern Ireland."
OF_THE_RELIEFS = {
    name: Definition(name, label, Unit.MONEY, use)
    for name, label, use in (
        ("seis.company", "SEIS: a company's limit", ROOM),
        ("eis.yearly", "EIS: a company's yearly limit", ROOM),
        ("eis.lifetime", "EIS: what a company may raise in its lifetime", ROOM),
        ("eis.assets", "EIS: a company's gross assets before the issue", "Said with the limits of EIS."),
        ("eis.yearly_ni", "EIS in Northern Ireland: a company's yearly limit", IN_NORTHERN_IRELAND),
        (
            "eis.lifetime_ni",
            "EIS in Northern Ireland: what a company may raise in its lifetime",
            IN_NORTHERN_IRELAND,
        ),
        (
            "eis.assets_ni",
            "EIS in Northern Ireland: a company's gross assets before the issue",
            IN_NORTHERN_IRELAND,
        ),
    )
}
