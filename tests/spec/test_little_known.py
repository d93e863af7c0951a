"""« Peu d'informations » : ce que disent d'une entreprise les variables d'un vrai panel."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from lakes import SIREN, Row, contributions, day, debt_operation, known_at_end_of, m
from signaux_faibles.lists.flags import is_unknown
from signaux_faibles.model.recipes import BOOSTING
from spec.panel_samples import features_by_month, lake_of

ACCOUNTS: Row = {
    "siren": SIREN,
    "date_cloture": day("2020-12-31"),
    "type_bilan": "C",
    "chiffre_d_affaires_cents": 5_000_000,
    "known_from": known_at_end_of(m("2021-08")),
}
PAYDEX: Row = {
    "siren": SIREN,
    "date_valeur": day("2021-10-31"),
    "retard_days": 0,
    "known_from": known_at_end_of(m("2021-11")),
}


def _is_unknown(features: dict[str, float | None]) -> bool:
    values = np.array([[features[name] for name in BOOSTING.features]], np.float32)
    (found,) = is_unknown(BOOSTING.features, values).tolist()
    return bool(found)


def test_une_entreprise_que_seuls_son_identite_et_son_effectif_nomment(tmp_path: Path) -> None:
    """Toutes les sources sont dans le lac, et vides d'elle : ses dettes et ses cotisations y sont à zéro."""
    features = features_by_month(lake_of(tmp_path))["2021-11"]
    assert features["debit_eur"] == features["cotisation_par_effectif_eur"] == features["ap_24m_count"] == 0
    assert features["effectif_count"] == 20
    assert _is_unknown(features)


@pytest.mark.parametrize(
    "sources",
    [
        {"cotisation": contributions(SIREN, "2021-06", "2021-08", 100)},
        {"debit": [debt_operation(SIREN, 1, "2021-02-10", 0, 200)]},
        {"comptes": [ACCOUNTS]},
        {"paydex": [PAYDEX]},
    ],
    ids=lambda sources: next(iter(sources)),
)
def test_un_seul_fait_connu_suffit(tmp_path: Path, sources: dict[str, list[Row]]) -> None:
    assert not _is_unknown(features_by_month(lake_of(tmp_path, **sources))["2021-11"])
