"""How late each source tells what it tells, in months: the rule by which a row gets its date of knowledge.

The rule itself is `known_from` in `sources/`; these numbers are its summary for readers, held equal to it by a test.
"""

from __future__ import annotations

DELAY_MONTHS: dict[str, int] = {
    "sirene": 0,
    "sirene_ul": 0,
    "sirene_histo": 1,
    "effectif_ent": 3,
    "cotisation": 1,
    "debit": 1,
    "delai": 1,
    "ccsf": 1,
    "procol": 1,
    "apconso": 1,
    "apdemande": 0,
    "comptes": 7,
    "paydex": 1,
    "bodacc": 0,
    "dgfip_indmap": 7,
    "dgfip_af": 7,
    "dgfip_dirco": 7,
    "ipi_insee": 2,
    "defaillances_insee": 2,
}
"""Months from the month described (or the closing, the decision, the judgment) to the month in which it is known.

The two last are series shipped with the package (`panel/states/series/README.md`), not sources of a lake.
"""


def publication_delay_months(*sources: str) -> int:
    """Delay of the slowest of some sources."""
    return max(DELAY_MONTHS[source] for source in sources)
