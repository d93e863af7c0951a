"""The report of the perimeter: who is in and why the others are not, who entered and who left since another month."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.parquet as pq

from signaux_faibles.domain.periode import format_month, label_month
from signaux_faibles.lake import Lake, write_folder
from signaux_faibles.lake.writing import recover_folder
from signaux_faibles.panel.verdicts import judge
from signaux_faibles.perimeter import REASONS, PerimeterRules, RuleBook

RULES_CHANGED = "regles"
"""Reason of a company that entered or left because the rules changed, not the company."""

CHANGE_REASONS = {**REASONS, RULES_CHANGED: "les règles ont changé"}


@dataclass(frozen=True)
class PerimeterReport:
    """What the verdicts say: counts only.

    Parameters
    ----------
    as_of : int
    against : int or None
        Month compared with.
    label : str
        What the rules are.
    rules : PerimeterRules
        In force at `as_of`.
    in_count : int
    excluded : mapping of str to int
        Companies out, by first reason that applies.
    met : mapping of str to int
        Companies that meet each reason to be out, whether or not another comes first.
    entries, exits : mapping of str to int
        By the reason that kept the company out before, or that puts it out now.
    """

    as_of: int
    against: int | None
    label: str
    rules: PerimeterRules
    in_count: int
    excluded: Mapping[str, int]
    met: Mapping[str, int]
    entries: Mapping[str, int]
    exits: Mapping[str, int]

    @property
    def judged_count(self) -> int:
        """Companies judged."""
        return self.in_count + sum(self.excluded.values())


def report_perimeter(
    lake: Lake,
    as_of: int,
    book: RuleBook,
    *,
    against: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> PerimeterReport:
    """Judge every company, keep the detail in the lake (`perimeter/as_of=<month>/`), and count.

    Raises
    ------
    StageError
        If the data do not allow it.
    """
    verdicts = judge(lake, as_of, book, against=against, progress=progress)
    report = count_verdicts(verdicts, as_of, book, against=against)
    folder = lake.root / "perimeter" / f"as_of={format_month(as_of)}"
    recover_folder(folder)
    with write_folder(folder) as temporary:
        pq.write_table(verdicts, temporary / "detail.parquet", compression="zstd")
        (temporary / "rapport.md").write_text(report_markdown(report), encoding="utf-8")
    return report


def count_verdicts(verdicts: pa.Table, as_of: int, book: RuleBook, *, against: int | None) -> PerimeterReport:
    """Count verdicts by reason."""
    reasons = verdicts["exclusion"].to_pylist()
    met = {
        name.removeprefix("is_"): sum(verdicts[name].to_pylist())
        for name in verdicts.column_names
        if name.startswith("is_")
    }
    entries, exits = Counter[str](), Counter[str]()
    if against is not None:
        then_by_then, then_by_now = (verdicts[f"exclusion_before{end}"].to_pylist() for end in ("", "_now"))
        for now, then, by_now in zip(reasons, then_by_then, then_by_now, strict=True):
            if now is None and then is not None:
                entries[RULES_CHANGED if by_now is None else then] += 1
            elif now is not None and then is None:
                exits[RULES_CHANGED if by_now is not None else now] += 1
    return PerimeterReport(
        as_of=as_of,
        against=against,
        label=book.label,
        rules=book.at(as_of),
        in_count=reasons.count(None),
        excluded=_ordered(Counter(reason for reason in reasons if reason is not None)),
        met=_ordered(met),
        entries=_ordered(entries),
        exits=_ordered(exits),
    )


def report_markdown(report: PerimeterReport) -> str:
    """The report in French: counts, no identifier."""
    rules, judged = report.rules, report.judged_count
    lines = [
        f"# Périmètre {_of(label_month(report.as_of))}",
        "",
        f"Règles : {report.label or 'sans titre'}. Avec ce que l'on savait à la fin du mois :",
        "",
        f"- effectif : {_headcount_rule(report)} ;",
        f"- catégories juridiques exclues : {len(rules.categories_excluded)} ;",
        f"- activités exclues : {len(rules.activities_excluded)} ;",
        f"- siège à l'étranger : {'exclu' if rules.excludes_foreign_head_office else 'gardé'} ;",
        f"- personnes physiques : {'exclues' if rules.excludes_sole_traders else 'gardées'}.",
        "",
        f"Entreprises dont la taille est connue : {judged}. **Dans le périmètre : {report.in_count}**"
        f" ({_percent(report.in_count, judged)}).",
        "",
        "| motif de sortie | premier motif | part | motif rempli, seul ou non |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| {REASONS[reason]} | {report.excluded.get(reason, 0)} | {_percent(report.excluded.get(reason, 0), judged)} |"
        f" {count} |"
        for reason, count in report.met.items()
    ]
    if report.against is not None:
        then = label_month(report.against)
        for title, counts in ((f"Entrées depuis {then}", report.entries), (f"Sorties depuis {then}", report.exits)):
            why = "motif qui la tenait dehors" if title.startswith("Entrées") else "motif de sortie"
            lines += ["", f"## {title} : {sum(counts.values())}"]
            lines += ["", f"| {why} | entreprises |", "|---|---|"] if counts else []
            lines += [f"| {CHANGE_REASONS[reason]} | {count} |" for reason, count in counts.items()]
    return "\n".join(lines) + "\n"


def _headcount_rule(report: PerimeterReport) -> str:
    """What the rule of headcount asks, or what stands for it."""
    if "hors_filtre" in report.met:
        return "sans objet, un filtre déposé le remplace"
    rules = report.rules
    return f"{rules.effectif_min_count} salariés, atteints dans les {rules.window_months} derniers mois"


def _of(month: str) -> str:
    """The month after *de*, elided before a vowel."""
    return f"d'{month}" if month[0] in "ao" else f"de {month}"


def _ordered(counts: Mapping[str, int]) -> dict[str, int]:
    """Counts in the order of the reasons."""
    return {reason: counts[reason] for reason in CHANGE_REASONS if reason in counts}


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.2f} %".replace(".", ",") if whole else "–"
