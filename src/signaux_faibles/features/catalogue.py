"""Every feature, in the order of the model's columns, checked when the catalogue is read."""

from __future__ import annotations

import hashlib

from signaux_faibles.features import (
    activite_partielle,
    comptes,
    contexte,
    cotisation,
    debit,
    delai,
    effectif,
    identite,
    paiement,
    production,
)
from signaux_faibles.features.declare import Feature

CATALOGUE: tuple[Feature, ...] = (
    *debit.FEATURES,
    *cotisation.FEATURES,
    *delai.FEATURES,
    *comptes.FEATURES,
    *activite_partielle.FEATURES,
    *paiement.FEATURES,
    *effectif.FEATURES,
    *identite.FEATURES,
    *contexte.FEATURES,
    *production.FISCAL_FEATURES,
    *production.FEATURES,
)

FEATURE_NAMES: tuple[str, ...] = tuple(feature.name for feature in CATALOGUE)

BY_NAME: dict[str, Feature] = {feature.name: feature for feature in CATALOGUE}


def catalogue_version() -> str:
    """Short hash of the declarations that change a value: names and expressions, in order."""
    text = "\n".join(f"{feature.name}\t{feature.sql}" for feature in CATALOGUE)
    return hashlib.sha256(text.encode()).hexdigest()[:12]
