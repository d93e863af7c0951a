"""What every page says of the data it shows."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from signaux_faibles.web.releases.selectors import current_release

SOURCE_LABELS = {
    "sirene": "Sirene (Insee)",
    "sirene_ul": "Entreprises (Insee, Sirene)",
    "sirene_etablissement": "Établissements (Insee, Sirene)",
    "sirene_histo": "Historique des établissements (Insee, Sirene)",
    "effectif": "Effectif des établissements (Urssaf)",
    "effectif_ent": "Effectif des entreprises (Urssaf)",
    "cotisation": "Cotisations (Urssaf)",
    "debit": "Dettes (Urssaf)",
    "delai": "Délais de paiement (Urssaf)",
    "ccsf": "CCSF (Urssaf)",
    "procol": "Procédures collectives (Urssaf)",
    "bodacc": "Procédures collectives (Bodacc)",
    "apdemande": "Demandes d’activité partielle (DGEFP)",
    "ap_demande": "Demandes d’activité partielle (DGEFP)",
    "apconso": "Activité partielle consommée (DGEFP)",
    "ap_conso": "Activité partielle consommée (DGEFP)",
    "ratios": "Comptes annuels (INPI et Banque de France)",
    "comptes": "Comptes annuels (INPI et Banque de France)",
    "dgfip_indmap": "Montants des déclarations fiscales (DGFiP)",
    "dgfip_af": "Analyse des déclarations fiscales (DGFiP)",
    "dgfip_dirco": "Ratios des déclarations fiscales (DGFiP)",
    "paydex": "Retards de paiement (Altares)",
    "paydex_retro": "Historique des retards de paiement (Altares)",
    "filter": "Périmètre explicite",
}
"""French name of each source of a release; a source unknown here is shown under its own name."""


def freshness_lines(freshness: dict[str, str]) -> list[dict[str, str]]:
    """Name and last month of each source, in the order of the names."""
    lines = [{"label": SOURCE_LABELS.get(name, name), "month": month} for name, month in freshness.items()]
    return sorted(lines, key=lambda line: line["label"])


def publication(request: HttpRequest) -> dict[str, Any]:
    """`publication`: the current release as the base page needs it, empty when nothing is loaded."""
    release = current_release()
    if release is None:
        return {"publication": None}
    return {
        "publication": {
            "is_synthetic": release.is_synthetic,
            "list_month": release.list_month,
            "as_of": release.as_of,
            "freshness": freshness_lines(release.freshness),
        }
    }
