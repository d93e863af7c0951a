"""What is told of the features, from their declarations: `features --describe`, `docs/transparence/variables.md`."""

from __future__ import annotations

from signaux_faibles.features.catalogue import BY_NAME, CATALOGUE
from signaux_faibles.features.declare import Feature
from signaux_faibles.features.sets import SETS, feature_set


def catalogue_markdown() -> str:
    """Page of the catalogue, of the correspondence with production, and of the named sets."""
    parts = (_catalogue(), _production(), _sets())
    return "\n".join(line for part in parts for line in part) + "\n"


def described(feature: Feature) -> str:
    """What a feature is, from what it comes and when it is known: a few lines for the terminal."""
    facts = [
        f"window {_months(feature.window_months)}" if feature.window_months else "latest value",
        f"known {_months(feature.delay_months)} later" if feature.delay_months else "known at once",
        f"class {feature.data_class.value}",
        f"from {', '.join((*feature.sources, *feature.series))}",
        *([f"in production {feature.reference}"] if feature.reference else []),
    ]
    title = f"{feature.name} [{feature.unit or 'no unit'}] {feature.theme.label}: {feature.label}"
    return f"{title}\n    {feature.explanation}\n    {'; '.join(facts)}"


def _months(count: int) -> str:
    return f"{count} month{'s' * (count > 1)}"


def _catalogue() -> list[str]:
    return [
        "# Variables du modèle",
        "",
        "Page produite par `signaux features --markdown`. Une donnée inconnue reste inconnue : jamais zéro.",
        "",
        "Le délai est celui, en mois, de la plus lente des sources : ce que la variable décrit n'est utilisé qu'une",
        "fois connu. La fenêtre est le nombre de mois sur lesquels elle revient.",
        "",
        "| variable | libellé | unité | thème | calcul | fenêtre | délai | classe | sources |",
        "|---|---|---|---|---|---|---|---|---|",
        *(
            f"| `{f.name}` | {f.label} | {f.unit or '–'} | {f.theme.label} | {f.explanation} |"
            f" {f.window_months or '–'} | {f.delay_months} | {f.data_class.value} |"
            f" {', '.join((*f.sources, *f.series))} |"
            for f in CATALOGUE
        ),
    ]


def _production() -> list[str]:
    return [
        "",
        "## Correspondance avec la production de 2024",
        "",
        "Les 36 variables du jeu `tree-based` suivent leur définition, sans lire l'avenir : une donnée sert une fois",
        "publiée, une moyenne de 12 mois en compte 12, un dénominateur nul ou négatif ne donne pas de rapport.",
        "",
        "| en production | ici |",
        "|---|---|",
        *(f"| `{BY_NAME[name].reference}` | `{name}` |" for name in feature_set("tree-based")),
    ]


def _sets() -> list[str]:
    return [
        "",
        "## Jeux de variables",
        "",
        "| jeu | variables |",
        "|---|---|",
        *(f"| `{name}` | {len(names)} |" for name, names in SETS.items()),
    ]
