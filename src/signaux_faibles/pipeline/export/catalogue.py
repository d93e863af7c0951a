"""Every clean table, in the order in which they are written."""

from __future__ import annotations

from signaux_faibles.pipeline.export import activite_partielle, procol, sirene, urssaf
from signaux_faibles.pipeline.export.view import View

VIEWS: dict[str, View] = {
    view.name: view
    for view in (
        sirene.CLEAN_FILTER,
        sirene.CLEAN_SIRENE,
        sirene.CLEAN_SIRENE_UL,
        sirene.CLEAN_SIRENE_HISTO,
        urssaf.CLEAN_EFFECTIF,
        urssaf.CLEAN_EFFECTIF_ENT,
        urssaf.CLEAN_COTISATION,
        urssaf.CLEAN_DEBIT,
        urssaf.CLEAN_DELAI,
        activite_partielle.CLEAN_AP,
        procol.CLEAN_PROCOL,
        procol.CLEAN_PROCOL_AT_DATE,
    )
}
