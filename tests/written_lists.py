"""Lists written by hand in a lake."""

from __future__ import annotations

from collections.abc import Mapping

from signaux_faibles.domain.niveau import Niveau
from signaux_faibles.explain.explain import SCHEMA
from signaux_faibles.lake import Lake
from signaux_faibles.lists.counts import counts_of
from signaux_faibles.lists.evolution import Past
from signaux_faibles.lists.store import Entry, ListCard, list_ids, read_past, write_list

A, B, C, D = "900000004", "900000012", "900000020", "900000038"

Said = Mapping[str, tuple[Niveau | None, float | None]]


def entry(siren: str, niveau: Niveau | None, probability: float | None, past: Past) -> Entry:
    before = past.of(siren)
    return Entry(
        siren=siren,
        probability_18m=probability,
        niveau=niveau,
        niveau_precedent=before.niveau,
        probability_precedente=before.probability,
        is_first_alert=past.is_first_alert(siren, niveau),
        evolution=past.evolution(siren, niveau),
        niveau_avant_regles=niveau,
    )


def write(lake: Lake, list_id: str, said: Said, **other: object) -> dict[str, Entry]:
    """Write the list of a month after those of the lake; returns what it says by company."""
    earlier = list_ids(lake, before=list_id)
    past = read_past(lake, earlier)
    entries = {siren: entry(siren, *told, past) for siren, told in said.items()}
    fields = {
        "list_id": list_id, "previous_id": earlier[-1] if earlier else None, "model_id": "m1", "threshold_eleve": 0.3,
        "threshold_modere": 0.1, "base_probability": 0.02, "counts": counts_of(list(entries.values())),
        "fingerprint": list_id,
    } | other  # fmt: skip
    write_list(lake, ListCard(**fields), list(entries.values()), SCHEMA.empty_table())  # type: ignore[arg-type]
    return entries
