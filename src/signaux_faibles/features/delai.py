"""Features of theme `dette_urssaf`: payment plans (*delais*), asked and granted."""

from __future__ import annotations

from signaux_faibles.domain.data_class import DataClass
from signaux_faibles.domain.theme import Theme
from signaux_faibles.features.debit import DEBIT, NO_DEBT
from signaux_faibles.features.declare import Family, Feature
from signaux_faibles.features.windows import bounded, ratio

SCHEDULED = "delai_terme_cents - month * delai_mensualite_cents"
"""What the schedules of the plans running leave to pay at the end of a month."""

_feature = Family(Theme.DETTE_URSSAF, DataClass.URSSAF, ("delai",)).feature


FEATURES: tuple[Feature, ...] = (
    _feature(
        "delai_count",
        "CAST(delai_count AS DOUBLE)",
        "délais",
        "Délais de paiement en cours",
        "Échéanciers accordés par l'Urssaf et en cours, chacun compté une fois.",
        "L'entreprise a {value} de paiement en cours avec l'Urssaf.",
        "delai",
        zero="Aucun délai de paiement accordé par l'Urssaf n'est en cours.",
    ),
    _feature(
        "delai_sur_debit_ratio",
        bounded(ratio("delai_cents", DEBIT), 0, 5),
        "%",
        "Dette couverte par un délai",
        "Montant des échéanciers en cours, rapporté à la dette.",
        "Le montant des délais de paiement en cours représente {value} de la dette.",
        "delai",
        "debit",
        percent=True,
        missing=NO_DEBT,
        zero="Aucun délai de paiement en cours ne couvre la dette Urssaf.",
        cap=5,
    ),
    _feature(
        "delai_ecart_ratio",
        bounded(ratio(f"({DEBIT} - ({SCHEDULED}))", "delai_cents"), -1, 5),
        "%",
        "Écart à l'échéancier",
        "Dette restante, moins ce que laisserait l'échéancier suivi à mensualités égales, rapporté à son montant.",
        "L'écart entre la dette et l'échéancier accordé fait {value} de son montant.",
        "delai",
        "debit",
        percent=True,
        missing="Aucun délai de paiement accordé par l'Urssaf n'est en cours.",
        zero="La dette Urssaf suit exactement l'échéancier accordé.",
        cap=5,
    ),
    _feature(
        "delai_refuse_24m_count",
        "CAST(delai_refuse_24m_count AS DOUBLE)",
        "délais",
        "Délais refusés en deux ans",
        "Nombre de demandes d'échéancier refusées ou rejetées au cours des 24 derniers mois, chacune comptée une fois.",
        "L'Urssaf a refusé {value} de paiement en deux ans.",
        "delai",
        zero="L'Urssaf n'a refusé aucun délai de paiement en deux ans.",
    ),
    _feature(
        "delai_24m_count",
        "CAST(delai_24m_count AS DOUBLE)",
        "délais",
        "Délais accordés en deux ans",
        "Nombre d'échéanciers accordés au cours des 24 derniers mois, chacun compté une fois.",
        "L'Urssaf a accordé {value} de paiement en deux ans.",
        "delai",
        zero="L'Urssaf n'a accordé aucun délai de paiement en deux ans.",
    ),
    _feature(
        "ccsf_24m_count",
        "CAST(ccsf_24m_count AS DOUBLE)",
        "dossiers",
        "Dossiers ouverts en commission (CCSF)",
        "Dossiers ouverts devant la commission des chefs des services financiers en 24 mois, quelle que soit la suite.",
        "La commission des chefs des services financiers a été saisie de {value} en deux ans.",
        "ccsf",
        zero="La commission des chefs des services financiers n'a été saisie d'aucun dossier en deux ans.",
    ),
)
