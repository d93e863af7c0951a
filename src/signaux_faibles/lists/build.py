"""Score a month, compare with the list before, explain, and keep the list."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass

import pyarrow as pa
import pyarrow.parquet as pq

from signaux_faibles.domain.code import code_hash
from signaux_faibles.domain.errors import StageError
from signaux_faibles.domain.niveau import Niveau, niveau_of
from signaux_faibles.domain.periode import format_month
from signaux_faibles.engine import EngineChoice
from signaux_faibles.explain.explain import Detail, explain, points_of_rows
from signaux_faibles.features.catalogue import catalogue_version
from signaux_faibles.lake import Lake, write_folder
from signaux_faibles.lake.writing import recover_folder
from signaux_faibles.lists.compare import Evolution, evolution_of
from signaux_faibles.model.learners import Doubles
from signaux_faibles.model.score import Scored, check_model_fits, read_scores, score_month
from signaux_faibles.model.train import Model
from signaux_faibles.panel.store import panel_fingerprint

EXCLUSION_PROCEDURE = "procedure"
EXCLUSION_PERIMETER = "hors_perimetre"

SCHEMA = pa.schema(
    [
        ("siren", pa.string()),
        ("probability_18m", pa.float64()),
        ("niveau", pa.string()),
        ("niveau_precedent", pa.string()),
        ("probability_precedente", pa.float64()),
        ("is_first_alert", pa.bool_()),
        ("evolution", pa.string()),
        ("exclusion", pa.string()),
        ("etat_procol_code", pa.int32()),
        ("effectif_count", pa.int32()),
    ]
)


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
        `scored`, each level, `procedure`, `hors_perimetre`, each evolution, `jobs_eleve`, `jobs_modere`.
    fingerprint : str
        Hash of the panel, the model and the earlier lists it was made from.
    """

    list_id: str
    previous_id: str | None
    model_id: str
    threshold_eleve: float
    threshold_modere: float
    base_probability: float
    counts: dict[str, int]
    fingerprint: str


@dataclass(frozen=True)
class _Earlier:
    """What earlier lists said of a company."""

    niveau: Niveau | None
    probability: float | None


def build_list(
    lake: Lake, model: Model, month: int, *, choice: EngineChoice | None = None, force: bool = False
) -> ListCard:
    """Make the list of a month with what was known at its end, from its scores, made first if they are not.

    The same panel, model and earlier lists give the same bytes; a list already made from them is read back.

    Parameters
    ----------
    choice : EngineChoice, optional
        Engine that scores.

    Raises
    ------
    StageError
        If the features of that month were not built, no company is in perimeter, or the model knows more than the
        month does, or reads features of another catalogue.
    """
    check_model_fits(model, month)
    recover_lists(lake)
    list_id = format_month(month)
    folder, earlier = lake.list(list_id), list_ids(lake, before=list_id)
    fingerprint = _fingerprint(lake, model, month, earlier)
    if not force and folder.is_dir() and (done := read_list_card(lake, list_id)).fingerprint == fingerprint:
        return done
    previous, alerted = _read_earlier(lake, earlier)
    score_month(lake, model, month, choice=choice, force=force)
    scored = read_scores(lake, model, month)
    points = points_of_rows(model, scored.contributions)
    rows = _judge(_rows(scored), points.probability, model, previous, alerted)
    explications = explain(model, scored.siren, scored.values, points, [_detail(row) for row in rows])
    rows += _left(rows, previous)
    rows.sort(key=lambda row: str(row["siren"]))
    card = ListCard(
        list_id=list_id,
        previous_id=earlier[-1] if earlier else None,
        model_id=model.model_id,
        threshold_eleve=model.thresholds.eleve,
        threshold_modere=model.thresholds.modere,
        base_probability=points.base,
        counts=_counts(rows),
        fingerprint=fingerprint,
    )
    with write_folder(folder) as temporary:
        pq.write_table(pa.Table.from_pylist(rows, schema=SCHEMA), temporary / "scores.parquet", compression="zstd")
        pq.write_table(explications, temporary / "explications.parquet", compression="zstd")
        text = json.dumps(asdict(card), indent=2, sort_keys=True) + "\n"
        (temporary / "card.json").write_text(text, encoding="utf-8")
    return card


def read_list_card(lake: Lake, list_id: str) -> ListCard:
    """Card of a list.

    Raises
    ------
    StageError
        If the list does not exist.
    """
    path = lake.list(list_id) / "card.json"
    if not path.is_file():
        raise StageError(f"No list {list_id} in {lake.root}.", todo=f"Make it with `signaux list --as-of {list_id}`.")
    return ListCard(**json.loads(path.read_text(encoding="utf-8")))


def list_ids(lake: Lake, *, before: str) -> list[str]:
    """Lists of the lake earlier than a month, oldest first."""
    return sorted(p.name for p in lake.list("*").parent.glob("????-??") if p.name < before)


def recover_lists(lake: Lake) -> None:
    """Put back the lists whose replacement a crash cut in two: the next list must not be made without them."""
    for old in lake.list("*").parent.glob(".????-??.old"):
        recover_folder(lake.list(old.name.removeprefix(".").removesuffix(".old")))


def check_list_is_current(lake: Lake, model: Model, month: int) -> None:
    """Check that a list is what would be made now from its panel, its model and the earlier lists.

    Raises
    ------
    StageError
        If it would be made otherwise.
    """
    list_id = format_month(month)
    wanted = _fingerprint(lake, model, month, list_ids(lake, before=list_id))
    if read_list_card(lake, list_id).fingerprint != wanted:
        raise StageError(
            f"List {list_id} is out of date: its panel, its model, the code or an earlier list changed since.",
            todo=f"Make it again with `signaux list --as-of {list_id}`.",
        )


def _fingerprint(lake: Lake, model: Model, month: int, earlier: list[str]) -> str:
    parts = [panel_fingerprint(lake, month), model.model_id, catalogue_version()]
    parts.append(code_hash("lists", "explain", "features", "model"))
    parts += [read_list_card(lake, name).fingerprint for name in earlier]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _read_earlier(lake: Lake, earlier: list[str]) -> tuple[dict[str, _Earlier], set[str]]:
    """What the previous list said of each company, and the companies alerted in any earlier list."""
    alerted: set[str] = set()
    previous: dict[str, _Earlier] = {}
    for name in earlier:
        table = pq.read_table(lake.list(name) / "scores.parquet", columns=["siren", "niveau", "probability_18m"])
        rows = list(zip(*(column.to_pylist() for column in table.columns), strict=True))
        alerted |= {siren for siren, niveau, _ in rows if niveau in (Niveau.ELEVE, Niveau.MODERE)}
        previous = {siren: _Earlier(Niveau(niveau) if niveau else None, value) for siren, niveau, value in rows}
    return previous, alerted


def _rows(scored: Scored) -> list[dict[str, object]]:
    columns = (scored.siren, scored.etat_procol_code, scored.effectif_count)
    return [
        {"siren": siren, "etat_procol_code": code, "effectif_count": effectif}
        for siren, code, effectif in zip(*columns, strict=True)
    ]


def _judge(
    rows: list[dict[str, object]], probability: Doubles, model: Model, previous: dict[str, _Earlier], alerted: set[str]
) -> list[dict[str, object]]:
    judged = []
    for row, value in zip(rows, probability.tolist(), strict=True):
        is_known = bool(row["etat_procol_code"])
        niveau = None if is_known else niveau_of(
            value, threshold_eleve=model.thresholds.eleve, threshold_modere=model.thresholds.modere
        )  # fmt: skip
        siren = str(row["siren"])
        judged.append(
            row
            | _since(niveau, siren, previous, alerted)
            | {
                "probability_18m": None if is_known else value,
                "niveau": niveau,
                "exclusion": EXCLUSION_PROCEDURE if is_known else None,
            }
        )
    return judged


def _left(rows: list[dict[str, object]], previous: dict[str, _Earlier]) -> list[dict[str, object]]:
    """Companies of the previous list that are no longer in perimeter: said, not forgotten."""
    present = {row["siren"] for row in rows}
    return [
        _since(None, siren, previous, set())
        | {"siren": siren, "probability_18m": None, "niveau": None, "exclusion": EXCLUSION_PERIMETER}
        for siren, before in sorted(previous.items())
        if siren not in present and before.niveau is not None
    ]


def _since(niveau: Niveau | None, siren: str, previous: dict[str, _Earlier], alerted: set[str]) -> dict[str, object]:
    before = previous.get(siren, _Earlier(None, None))
    is_alert = niveau in (Niveau.ELEVE, Niveau.MODERE)
    return {
        "niveau_precedent": before.niveau,
        "probability_precedente": before.probability,
        "is_first_alert": is_alert and siren not in alerted,
        "evolution": _evolution(niveau, before.niveau) if previous else None,
    }


def _evolution(niveau: Niveau | None, before: Niveau | None) -> Evolution | None:
    """Change of a company; one that is not scored can only have left the alerts."""
    change = evolution_of(niveau, before)
    return change if niveau is not None or change is Evolution.SORTIE else None


def _detail(row: dict[str, object]) -> Detail:
    """A company set apart is not explained; one without alert is explained by themes only."""
    if row["exclusion"] is not None:
        return Detail.NONE
    return Detail.THEMES if row["niveau"] == Niveau.AUCUN else Detail.FEATURES


def _counts(rows: list[dict[str, object]]) -> dict[str, int]:
    counts = {"scored": sum(row["exclusion"] is None for row in rows)}
    for niveau in Niveau:
        held = [row for row in rows if row["niveau"] == niveau]
        counts[niveau.value] = len(held)
        counts[f"jobs_{niveau.value}"] = sum(int(str(row.get("effectif_count") or 0)) for row in held)
    for reason in (EXCLUSION_PROCEDURE, EXCLUSION_PERIMETER):
        counts[reason] = sum(row["exclusion"] == reason for row in rows)
    for row in rows:
        if row["evolution"]:
            counts[str(row["evolution"])] = counts.get(str(row["evolution"]), 0) + 1
    return counts
