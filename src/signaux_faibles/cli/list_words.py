"""What a list says of itself and of the one before, in the words of the terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from signaux_faibles.domain.niveau import Niveau
from signaux_faibles.lists.evolution import Evolution
from signaux_faibles.lists.flags import Flag

if TYPE_CHECKING:
    from signaux_faibles.lists.compare import ListComparison
    from signaux_faibles.lists.places import Capacity


def counted(counts: Mapping[str, int]) -> str:
    """Counts of a list in words: companies by level and the jobs they hold, flagged, set apart, changed."""
    said = [f"{counts[level.value]:,} {level.value} ({counts[f'jobs_{level.value}']:,} jobs)" for level in Niveau]
    flags = ", ".join(f"{counts[flag.value]:,} {flag.value}" for flag in Flag if counts.get(flag.value))
    apart = f"{counts['procedure']:,} in a proceeding, {counts['hors_perimetre']:,} out of perimeter"
    rules = ""
    if "raised_by_rules" in counts:
        rules = f"; by the expert rules: {counts['raised_by_rules']:,} raised, {counts['lowered_by_rules']:,} lowered"
    since = _changes(counts, counts["first_alerts"])
    return (
        f"{', '.join(said)}; {counts['scored']:,} scored{f' ({flags})' if flags else ''}, {apart}{rules}"
        f"{f'; since the previous list: {since}' if since else ''}"
    )


def compared(comparison: ListComparison) -> str:
    """Comparison of two lists in words: changes, alerts kept, ranks kept, and what is not of the companies."""
    one, other = comparison.earlier.list_id, comparison.later.list_id
    changes = _changes(comparison.evolutions, comparison.first_alerts_count)
    lines = [
        f"List {other} against {one}: {changes or 'no company'}.",
        f"Alerts: {comparison.alerts_earlier_count:,} then {comparison.alerts_later_count:,},"
        f" {comparison.alerts_both_count:,} in both (Jaccard {_ratio(comparison.jaccard_ratio)}).",
        f"Ranks of the {comparison.scored_both_count:,} companies scored in both:"
        f" Spearman {_ratio(comparison.spearman_ratio)}.",
        *not_companies(comparison),
    ]
    if not not_companies(comparison):
        lines.append("Same model, thresholds and expert rules.")
    if comparison.between:
        lines.append(f"Lists between them, not told apart: {', '.join(comparison.between)}.")
    return "\n".join(lines)


def not_companies(comparison: ListComparison) -> list[str]:
    """What changed between two lists beside the companies, a sentence each: some of the changes may come of it."""
    one, other = comparison.earlier, comparison.later
    said = []
    if not comparison.is_same_model:
        said.append(f"Another model made list {one.list_id} ({one.model_id}): some changes are those of the model.")
    if not comparison.are_thresholds_same:
        said.append(
            f"The thresholds moved from {one.threshold_eleve:.4f} and {one.threshold_modere:.4f}"
            f" to {other.threshold_eleve:.4f} and {other.threshold_modere:.4f}."
        )
    if not comparison.are_places_same:
        places = (place_words(card.capacity) if card.capacity else "thresholds" for card in (one, other))
        said.append(f"Levels are not given the same way: by {' then by '.join(places)}.")
    if not comparison.are_rules_same:
        named = (", ".join(card.rules) or "none" for card in (one, other))
        said.append(f"The expert rules are not the same: {' then '.join(named)}.")
    return said


def place_words(capacity: Capacity) -> str:
    """Places of a departement in a quarter, in words."""
    modere = capacity.alerts - capacity.eleve
    return f"{capacity.eleve:,} eleve and {modere:,} modere in each departement and quarter"


def _changes(counts: Mapping[str, int], first_alerts: int) -> str:
    said = []
    for change in Evolution:
        if change.value in counts:
            firsts = f" ({first_alerts:,} first alerts)" if change is Evolution.ENTREE else ""
            said.append(f"{counts[change.value]:,} {change.value}{firsts}")
    return ", ".join(said)


def _ratio(value: float | None) -> str:
    return "unknown" if value is None else f"{value:.3f}"
