"""What gave the levels of a list: the thresholds of its model, or the places of each departement in a quarter."""

from __future__ import annotations

import math

from signaux_faibles.web.releases.models import Release
from signaux_faibles.web.ui.typography import counted


def is_by_places(release: Release) -> bool:
    """Whether places gave the levels: the thresholds of the release then say nothing of a level."""
    return bool(release.manifest.get("capacity"))


def drawn_thresholds(release: Release) -> dict[str, float]:
    """Thresholds to draw, `modere` and `eleve`; out of reach when they did not give the levels."""
    if is_by_places(release):
        return {"modere": math.inf, "eleve": math.inf}
    return {"modere": release.threshold_modere, "eleve": release.threshold_eleve}


def places_text(release: Release) -> str:
    """How places gave the levels, in a sentence; empty for a list by thresholds."""
    if not is_by_places(release):
        return ""
    eleve, alerts = release.manifest["capacity"]["eleve"], release.manifest["capacity"]["alerts"]
    others = f", {counted(alerts - eleve, 'modérée')}" if alerts > eleve else ""
    return (
        "Les niveaux de cette liste sont donnés par places, et non par des seuils de risque\u00a0: dans chaque "
        f"département et pour un trimestre, {counted(eleve, 'alerte élevée', 'alertes élevées')}{others} au plus, "
        "autant d’entreprises que les agents peuvent en rencontrer."
    )
