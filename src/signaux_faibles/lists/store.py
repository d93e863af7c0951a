"""Where the lists of a lake are, and what each says of itself."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from signaux_faibles.domain.errors import StageError
from signaux_faibles.domain.niveau import Niveau
from signaux_faibles.explain.similar import SimilarBin
from signaux_faibles.lake import Lake, write_folder
from signaux_faibles.lake.reading import read_json, read_parquet, restore_or_remake
from signaux_faibles.lake.writing import recover_folder
from signaux_faibles.lists.evolution import ALERTS, Before, Evolution, Past
from signaux_faibles.lists.flags import Exclusion, Flag
from signaux_faibles.lists.places import Capacity

SCORES_NAME, EXPLICATIONS_NAME, CARD_NAME = "scores.parquet", "explications.parquet", "card.json"

SCHEMA = pa.schema(
    [
        ("siren", pa.string()),
        ("probability_18m", pa.float64()),
        ("probability_low", pa.float64()),
        ("probability_high", pa.float64()),
        ("probability_3m", pa.float64()),
        ("probability_6m", pa.float64()),
        ("probability_12m", pa.float64()),
        ("niveau", pa.string()),
        ("niveau_precedent", pa.string()),
        ("probability_precedente", pa.float64()),
        ("is_first_alert", pa.bool_()),
        ("evolution", pa.string()),
        ("exclusion", pa.string()),
        ("flags", pa.list_(pa.string())),
        ("niveau_avant_regles", pa.string()),
        ("redressements", pa.list_(pa.string())),
        ("redressements_data_class", pa.list_(pa.string())),
        ("etat_procol_code", pa.int32()),
        ("effectif_count", pa.int32()),
    ]
)


@dataclass(frozen=True)
class Entry:
    """What a list says of a company: a row of `scores.parquet`, field by field.

    Parameters
    ----------
    siren : str
    probability_18m : float or None
        None when there is no level.
    probability_low, probability_high : float or None
        Its bounds at 90 %.
    probability_3m, probability_6m, probability_12m : float or None
        Risk at shorter horizons, on one curve that ends at that of 18 months; None without a curve.
    niveau : Niveau or None
        After the expert rules; None for a company set apart.
    niveau_precedent : Niveau or None
    probability_precedente : float or None
    is_first_alert : bool
    evolution : Evolution or None
    exclusion : Exclusion or None
        Why there is no level.
    flags : sequence of Flag
        What to know beside the level.
    niveau_avant_regles : Niveau or None
        Level by the model alone.
    redressements, redressements_data_class : sequence of str
        Expert rules that fired, and class of what each tells; not masked here, since no agent reads this file.
    etat_procol_code, effectif_count : int or None
    """

    siren: str
    probability_18m: float | None
    niveau: Niveau | None
    niveau_precedent: Niveau | None
    probability_precedente: float | None
    is_first_alert: bool
    evolution: Evolution | None
    exclusion: Exclusion | None = None
    flags: Sequence[Flag] = ()
    niveau_avant_regles: Niveau | None = None
    redressements: Sequence[str] = ()
    redressements_data_class: Sequence[str] = ()
    etat_procol_code: int | None = None
    effectif_count: int | None = None
    probability_low: float | None = None
    probability_high: float | None = None
    probability_3m: float | None = None
    probability_6m: float | None = None
    probability_12m: float | None = None


@dataclass(frozen=True)
class ListCard:
    """Identity card of a list.

    Parameters
    ----------
    list_id : str
        `YYYY-MM`.
    previous_id : str or None
    model_id : str
    threshold_eleve, threshold_modere, base_probability : float
    counts : dict of str to int
        `scored`, each level, each exclusion, each evolution, `jobs_eleve`, `jobs_modere`, `jobs_aucun`; among the
        companies scored, `first_alerts`, each flag that can be told, `raised_by_rules`, `lowered_by_rules`; with a
        capacity, `unplaced`, those that could take no place for want of a known departement.
    fingerprint : str
        Hash of the panel, the model, the rules and the earlier lists it was made from.
    rules : tuple of str
        Expert rules applied; none unless asked for.
    unknown_flags : tuple of str
        Flags that the panel could not tell.
    similar : tuple of SimilarBin
        What became of past companies by score, as told in the explanations; none without a backtest.
    capacity : Capacity or None
        Places that gave the levels, in the place of the thresholds of the model; see `lists.places`.
    """

    list_id: str
    previous_id: str | None
    model_id: str
    threshold_eleve: float
    threshold_modere: float
    base_probability: float
    counts: dict[str, int]
    fingerprint: str
    rules: tuple[str, ...] = ()
    unknown_flags: tuple[str, ...] = ()
    similar: tuple[SimilarBin, ...] = ()
    capacity: Capacity | None = None


def read_list_card(lake: Lake, list_id: str) -> ListCard:
    """Card of a list.

    Raises
    ------
    StageError
        If the list does not exist.
    LakeError
        If its card is damaged.
    """
    path = lake.list(list_id) / CARD_NAME
    if not path.is_file():
        raise StageError(f"No list {list_id} in {lake.root}.", todo=f"Make it with `signaux list --as-of {list_id}`.")
    todo = restore_or_remake(path.parent, f"signaux list --as-of {list_id}")
    return read_json(path, "the card of a list", _card, todo=todo)


def _card(content: dict[str, Any]) -> ListCard:
    tuples = {name: tuple(content.get(name, ())) for name in ("rules", "unknown_flags")}
    similar = tuple(SimilarBin(**one) for one in content.get("similar", ()))
    capacity = Capacity(**content["capacity"]) if content.get("capacity") else None
    return ListCard(**content | tuples | {"similar": similar, "capacity": capacity})


def write_list(lake: Lake, card: ListCard, entries: Sequence[Entry], explications: pa.Table) -> None:
    """Write a list, whole or not at all, its companies sorted by siren."""
    rows = [vars(entry) for entry in sorted(entries, key=lambda entry: entry.siren)]
    with write_folder(lake.list(card.list_id)) as temporary:
        pq.write_table(pa.Table.from_pylist(rows, schema=SCHEMA), temporary / SCORES_NAME, compression="zstd")
        pq.write_table(explications, temporary / EXPLICATIONS_NAME, compression="zstd")
        text = json.dumps(asdict(card), indent=2, sort_keys=True) + "\n"
        (temporary / CARD_NAME).write_text(text, encoding="utf-8")


def list_ids(lake: Lake, *, before: str) -> list[str]:
    """Lists of the lake earlier than a month, oldest first."""
    return sorted(p.name for p in lake.list("*").parent.glob("????-??") if p.name < before)


def recover_lists(lake: Lake) -> None:
    """Put back the lists whose replacement a crash cut in two: the next list must not be made without them."""
    for old in lake.list("*").parent.glob(".????-??.old"):
        recover_folder(lake.list(old.name.removeprefix(".").removesuffix(".old")))


def read_list_table(
    lake: Lake, list_id: str, name: str = SCORES_NAME, *, columns: Sequence[str] | None = None
) -> pa.Table:
    """Table of a list: what it says of each company, or its explanations.

    Raises
    ------
    LakeError
        If it is damaged or lost.
    """
    folder = lake.list(list_id)
    todo = restore_or_remake(folder, f"signaux list --as-of {list_id}")
    return read_parquet(folder / name, "the table of a list", columns=columns, todo=todo)


def read_levels(lake: Lake, list_id: str) -> dict[str, Before]:
    """Level and probability that a list gives to each company it names."""
    table = read_list_table(lake, list_id, columns=["siren", "niveau", "probability_18m"])
    rows = zip(*(column.to_pylist() for column in table.columns), strict=True)
    return {siren: Before(Niveau(niveau) if niveau else None, value) for siren, niveau, value in rows}


def read_past(lake: Lake, earlier: Sequence[str]) -> Past:
    """What the earlier lists said, from the oldest to the previous one."""
    alerted: set[str] = set()
    levels: dict[str, Before] = {}
    for list_id in earlier:
        levels = read_levels(lake, list_id)
        alerted |= {siren for siren, said in levels.items() if said.niveau in ALERTS}
    return Past(bool(earlier), levels, frozenset(alerted))
