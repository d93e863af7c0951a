"""Score a month, compare with the lists before, explain, and keep the list."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from signaux_faibles.domain.code import code_hash
from signaux_faibles.domain.errors import StageError
from signaux_faibles.domain.niveau import Niveau
from signaux_faibles.domain.periode import format_month, parse_month
from signaux_faibles.engine import EngineChoice
from signaux_faibles.explain.before import Before, read_before
from signaux_faibles.explain.comparison import read_standing
from signaux_faibles.explain.explain import Beside, Detail, explain, points_of_rows
from signaux_faibles.explain.points import Points
from signaux_faibles.explain.similar import SimilarBin
from signaux_faibles.features.catalogue import catalogue_version
from signaux_faibles.lake import Lake
from signaux_faibles.lists.bounds import Bounds, bounds_of
from signaux_faibles.lists.counts import counts_of
from signaux_faibles.lists.evolution import ALERTS, Past
from signaux_faibles.lists.flags import FEATURE_OF, Exclusion, Flag, flags_of, is_unknown, unknown_flags
from signaux_faibles.lists.levels import candidates, levels
from signaux_faibles.lists.month_values import built_features, read_month_values
from signaux_faibles.lists.places import Capacity, give_places
from signaux_faibles.lists.rules import Adjustment, Rule, RuleRows, adjust
from signaux_faibles.lists.rules.declare import themes_of
from signaux_faibles.lists.store import (
    Entry,
    ListCard,
    list_ids,
    read_list_card,
    read_past,
    recover_lists,
    write_list,
)
from signaux_faibles.model.learners import Doubles
from signaux_faibles.model.score import (
    Scored,
    check_model_explains,
    check_model_fits,
    read_scores,
    score_month,
    with_contributions,
)
from signaux_faibles.model.train import Model
from signaux_faibles.panel.store import panel_fingerprint


@dataclass(frozen=True)
class _Judgement:
    """What a list says of the n companies scored, by rank."""

    before_rules: list[Niveau | None]
    adjusted: Adjustment
    flags: list[list[Flag]]
    is_unknown: npt.NDArray[np.bool_]


def build_list(
    lake: Lake,
    model: Model,
    month: int,
    *,
    rules: Sequence[Rule] = (),
    similar: Sequence[SimilarBin] = (),
    capacity: Capacity | None = None,
    choice: EngineChoice | None = None,
    force: bool = False,
) -> ListCard:
    """Make the list of a month with what was known at its end, from its scores, made first if they are not.

    The same panel, model, rules and earlier lists give the same bytes; a list already made from them is read back.

    Parameters
    ----------
    rules : sequence of Rule
        Expert rules applied after the model, none by default; see `lists.rules.choose_rules`.
    similar : sequence of SimilarBin
        What became of past companies by score; none is told without. See `evaluation.similar.similar_cases`.
    capacity : Capacity, optional
        Places of each departement in a quarter, that give the levels in the place of the thresholds of the model.
    choice : EngineChoice, optional
        Engine that scores.

    Raises
    ------
    StageError
        If the features of that month were not built, or lack one that a rule reads; if no company is in perimeter; if
        the model knows more than the month does, reads features of another catalogue, or cannot explain a list.
    """
    check_model_fits(model, month)
    check_model_explains(model)
    recover_lists(lake)
    list_id = format_month(month)
    earlier, names = list_ids(lake, before=list_id), tuple(rule.name for rule in rules)
    fingerprint = _fingerprint(lake, model, month, earlier, names, similar, capacity)
    if not force and lake.list(list_id).is_dir() and (done := read_list_card(lake, list_id)).fingerprint == fingerprint:
        return done
    past = read_past(lake, earlier)
    score_month(lake, model, month, choice=choice, force=force)
    scored = read_scores(lake, model, month)
    scored = with_contributions(model, scored, np.ones(len(scored), bool))  # a list tells the themes of every company
    points = points_of_rows(model, scored.contributions)
    placed = candidates(lake, scored, month, earlier) if capacity else None
    given = give_places(capacity, placed) if capacity and placed else levels(model, scored, points.probability)
    entries = _entries(scored, points, _judge(lake, model, month, scored, given, rules), past)
    before = _before(lake, model, month, earlier, entries, scored.contributions)
    explications = _explain(lake, model, month, scored, points, entries, before, similar)
    entries += _left(scored, past)
    unknown = unknown_flags(built_features(lake, month))
    card = ListCard(
        list_id=list_id,
        previous_id=earlier[-1] if earlier else None,
        model_id=model.model_id,
        threshold_eleve=model.thresholds.eleve,
        threshold_modere=model.thresholds.modere,
        base_probability=points.base,
        counts=counts_of(entries, unknown=unknown, has_rules=bool(rules))
        | ({"unplaced": placed.unplaced_count} if placed else {}),
        fingerprint=fingerprint,
        rules=names,
        unknown_flags=unknown,
        similar=tuple(similar),
        capacity=capacity,
    )
    write_list(lake, card, entries, explications)
    return card


def check_list_is_current(lake: Lake, model: Model, month: int) -> None:
    """Check that a list is what would be made now from its panel, its model, its rules and the earlier lists.

    Raises
    ------
    StageError
        If it would be made otherwise.
    """
    list_id = format_month(month)
    card = read_list_card(lake, list_id)
    earlier = list_ids(lake, before=list_id)
    if card.fingerprint != _fingerprint(lake, model, month, earlier, card.rules, card.similar, card.capacity):
        raise StageError(
            f"List {list_id} is out of date: its panel, its model, the code or an earlier list changed since.",
            todo=f"Make it again with `signaux list --as-of {list_id}`.",
        )


def _fingerprint(
    lake: Lake,
    model: Model,
    month: int,
    earlier: Sequence[str],
    rules: Sequence[str],
    similar: Sequence[SimilarBin],
    capacity: Capacity | None,
) -> str:
    parts = [panel_fingerprint(lake, month), model.model_id, catalogue_version(), ",".join(rules), repr(tuple(similar))]
    parts.append(repr(capacity))
    parts.append(code_hash("lists", "explain", "features", "model"))
    parts += [read_list_card(lake, name).fingerprint for name in earlier]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _judge(
    lake: Lake, model: Model, month: int, scored: Scored, before: list[Niveau | None], rules: Sequence[Rule]
) -> _Judgement:
    """Levels given by the model or by places, then by the rules, and what to know beside them."""
    of_flags = [name for name in FEATURE_OF.values() if name in built_features(lake, month)]
    of_rules = [name for rule in rules for name in rule.features]
    values = read_month_values(lake, month, scored.siren, sorted({*of_flags, *of_rules}))
    features = model.recipe.features
    themes = themes_of(features, scored.contributions) if rules else {}
    unknown = is_unknown(features, scored.values)
    return _Judgement(
        before,
        adjust(rules, RuleRows(values, themes), before),
        flags_of({name: values[name] for name in of_flags}, unknown),
        unknown,
    )


def _entries(scored: Scored, points: Points, judged: _Judgement, past: Past) -> list[Entry]:
    entries, told = [], scored.others | _bounds(scored, points, judged)
    for rank, (siren, probability) in enumerate(zip(scored.siren, points.probability.tolist(), strict=True)):
        niveau, before = judged.adjusted.niveaux[rank], past.of(siren)
        entries.append(
            Entry(
                siren=siren,
                probability_18m=None if niveau is None else probability,
                niveau=niveau,
                niveau_precedent=before.niveau,
                probability_precedente=before.probability,
                is_first_alert=past.is_first_alert(siren, niveau),
                evolution=past.evolution(siren, niveau),
                exclusion=Exclusion.PROCEDURE if niveau is None else None,
                flags=judged.flags[rank],
                niveau_avant_regles=judged.before_rules[rank],
                redressements=judged.adjusted.redressements[rank],
                redressements_data_class=judged.adjusted.data_classes[rank],
                etat_procol_code=scored.etat_procol_code[rank],
                effectif_count=scored.effectif_count[rank],
                **({} if niveau is None else {name: values[rank] for name, values in told.items()}),
            )
        )
    return entries


def _bounds(scored: Scored, points: Points, judged: _Judgement) -> dict[str, list[float]]:
    """Bounds told beside the probability of each company, by column."""
    of_score = Bounds(*(np.array(scored.others[name], np.float64) for name in ("probability_low", "probability_high")))
    has_level = np.array([niveau is not None for niveau in judged.before_rules], bool)
    found = bounds_of(of_score, points.probability, has_level, judged.is_unknown)
    return {"probability_low": found.low.tolist(), "probability_high": found.high.tolist()}


def _left(scored: Scored, past: Past) -> list[Entry]:
    """Companies of the previous list that are no longer in perimeter: said, not forgotten."""
    present = set(scored.siren)
    return [
        Entry(
            siren=siren,
            probability_18m=None,
            niveau=None,
            niveau_precedent=before.niveau,
            probability_precedente=before.probability,
            is_first_alert=False,
            evolution=past.evolution(siren, None),
            exclusion=Exclusion.HORS_PERIMETRE,
        )
        for siren, before in past.previous.items()
        if before.niveau is not None and siren not in present
    ]


def _before(
    lake: Lake, model: Model, month: int, earlier: Sequence[str], entries: Sequence[Entry], contributions: Doubles
) -> Before | None:
    """Companies alerted in this list or in the one before, as they were then; None without a list before."""
    if not earlier:
        return None
    displayed = [
        entry.probability_precedente if ALERTS & {entry.niveau, entry.niveau_precedent} and entry.niveau else None
        for entry in entries
    ]
    months = (parse_month(earlier[-1]), month)
    siren = [entry.siren for entry in entries]
    return read_before(lake, model, months, siren, contributions, np.array(displayed, np.float64))


def _explain(
    lake: Lake,
    model: Model,
    month: int,
    scored: Scored,
    points: Points,
    entries: Sequence[Entry],
    before: Before | None,
    similar: Sequence[SimilarBin],
) -> pa.Table:
    """Explanations of a list: those of the alerts compared with their trade, with past cases, with the list before."""
    is_alert = np.array([entry.niveau in ALERTS for entry in entries], bool)
    unknown = np.array([Flag.PEU_D_INFORMATIONS in entry.flags for entry in entries], bool)
    beside = Beside(before, read_standing(lake, month, scored.siren, is_alert), similar, unknown)
    kinds = [_detail(entry) for entry in entries]
    return explain(model.recipe.features, scored.siren, scored.values, points, kinds, beside)


def _detail(entry: Entry) -> Detail:
    """A company set apart is not explained; one without alert is explained by themes only."""
    if entry.niveau is None:
        return Detail.NONE
    return Detail.THEMES if entry.niveau is Niveau.AUCUN else Detail.FEATURES
