"""A small but complete pair of releases, every company invented, made without chance: the same bytes each time.

Two lists, July and October 2026. The companies of `CATALOGUE` are chosen for what they show; those of `_crowd` fill the
pages so that paging, zones and filters have something to do. No SIREN has a right key.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa

from report_sample import sample_drift, sample_report, sample_sheet
from signaux_faibles.domain.naf import division_sections, naf_labels, section_labels
from signaux_faibles.domain.niveau import Niveau, niveau_of
from signaux_faibles.domain.periode import format_month, label_month, last_day, parse_month
from signaux_faibles.domain.siren import Identifier, siren_kind, siret_kind
from signaux_faibles.domain.territoire import departements
from signaux_faibles.domain.theme import Theme
from signaux_faibles.evaluation.rapport.details import details_page
from signaux_faibles.evaluation.rapport.page import Setting, plain_page
from signaux_faibles.pipeline.publish.scores import definitions
from signaux_faibles.release.manifest import Manifest
from signaux_faibles.release.tables import SERIES_KINDS, TABLES
from signaux_faibles.release.writer import write_release

ELEVE, MODERE, BASE = 0.30, 0.12, 0.04
JULY, OCTOBER = "2026-07", "2026-10"
LISTS = ("2025-04", "2025-07", "2025-10", "2026-01", "2026-04", JULY, OCTOBER)
SERIES_MONTHS = 30
WITHOUT_CURVE = 14
"""Company whose risk is given at 18 months only, without bounds."""


@dataclass(frozen=True)
class Company:
    """An invented company: where it is, how it was at each list, and what is peculiar about it."""

    rank: int
    name: str
    commune: str
    departement: str
    july: float | None
    october: float | None
    effectif: int | None = 20
    naf: str = "25.11Z"
    others: tuple[str, ...] = ()
    debt: float | None = 0.0
    exclusion: str = ""
    procol: str = "in_bonis"
    is_active: bool = True
    created: int = 0
    flags: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()

    @property
    def siren(self) -> str:
        return fake_siren(self.rank)

    @property
    def siret(self) -> str:
        return fake_siret(self.siren, 0)


def fake_siren(rank: int) -> str:
    """SIREN number `rank` of the sample: nine digits, wrong key."""
    value = 900_100_000 + 1_373 * rank
    while siren_kind(str(value)) is not Identifier.FAKE:
        value += 1
    return str(value)


def fake_siret(siren: str, rank: int) -> str:
    """Establishment number `rank` of a company: wrong key too."""
    nic = 11 + 17 * rank
    while siret_kind(f"{siren}{nic:05d}") is not Identifier.FAKE:
        nic += 1
    return f"{siren}{nic:05d}"


CATALOGUE = (
    Company(1, "Transports Inventés du Morvan", "Saulieu", "21", 0.22, 0.47, 62, "49.41A", debt=486_200.0,
            rules=("hausse_dette_urssaf_recente",)),
    Company(2, "Chaudronnerie Imaginaire de l'Ouche", "Dijon", "21", 0.35, 0.41, 44, debt=209_400.0,
            flags=("delai_en_cours",)),
    Company(3, "Primeurs Fabulés de Bourgogne", "Longvic", "21", 0.05, 0.37, 27, "46.31Z", debt=94_750.0,
            created=2024, flags=("creation_recente",)),
    Company(4, "Boulangeries Fictives Réunies", "Beaune", "21", 0.33, 0.20, 88, "10.71C", debt=31_060.0,
            flags=("delai_en_cours",), rules=("activite_partielle_elevee", "confidentiel")),
    Company(5, "Hôtellerie Chimérique", "Semur-en-Auxois", "21", None, 0.14, 14, "55.10Z", debt=None,
            flags=("peu_d_informations",)),
    Company(6, "Siège Parisien des Usines Rêvées", "Paris", "75", 0.31, 0.44, 240, "25.50A", ("21", "58"), 1_250_000.0),
    Company(7, "Tôlerie <b>Inventée</b> & Fils", "Nevers", "58", 0.18, 0.19, None, "25.62B", debt=12_000.0),
    Company(8, "Électricité Imaginaire d'Ajaccio", "Ajaccio", "2A", 0.30, 0.3000000001, 33, "43.21A", debt=5_500.0),
    Company(9, "Cannes à Sucre Supposées", "Saint-Denis", "974", 0.02, 0.12, 51, "10.81Z", debt=77_000.0),
    Company(10, "Scierie Guérie du Haut-Doubs", "Pontarlier", "25", 0.40, 0.06, 19, "16.10A"),
    Company(11, "Menuiserie en Procédure", "Auxerre", "89", 0.38, None, 9, "43.32A", (), 60_000.0, "procedure",
            "redressement"),
    Company(12, "Holding Hors Périmètre", "Lyon", "69", None, None, 3, "70.10Z", exclusion="hors_perimetre"),
    Company(13, "Société Fermée des Songes", "Mâcon", "71", 0.10, None, 0, "47.11B", exclusion="hors_perimetre",
            is_active=False),
    Company(14, "Très Longue Raison Sociale Entièrement Inventée pour Éprouver la Mise en Page des Cartes Étroites",
            "Châtillon-sur-Seine", "21", 0.13, 0.13, 1, "62.01Z", debt=0.0),
)  # fmt: skip

_TOWNS = (("Dijon", "21"), ("Nevers", "58"), ("Mâcon", "71"), ("Auxerre", "89"), ("Paris", "75"), ("Marseille", "13"))
_TRADES = (("Atelier", "25.62B"), ("Maçonnerie", "43.99C"), ("Librairie", "47.61Z"), ("Transport", "49.41A"))


def _crowd() -> tuple[Company, ...]:
    """Thirty companies over six departements, with equal probabilities among them to try the order of ties."""
    found = []
    for index in range(30):
        (commune, departement), (trade, naf) = _TOWNS[index % 6], _TRADES[index % 4]
        october = (0.52, 0.28, 0.28, 0.16, 0.13, 0.03)[(index // 5) % 6]
        july = (october, 0.05, 0.16, 0.4, None)[index % 5]
        name = f"{trade} imaginaire n° {index + 1}, {commune}"
        found.append(
            Company(100 + index, name, commune, departement, july, october, 5 + 3 * index, naf, debt=1_000.0 * index)
        )
    return tuple(found)


COMPANIES = CATALOGUE + _crowd()


def write_sample(parent: Path) -> tuple[Path, Path]:
    """Write both releases under a folder: July, then October."""
    return write_list(parent, JULY), write_list(parent, OCTOBER)


def write_list(
    parent: Path, list_month: str, *, release_id: str = "", companies: tuple[Company, ...] = COMPANIES
) -> Path:
    """Write the release of one list."""
    as_of = parse_month(list_month) - 1
    tables = {name: _table(name, list_month, companies) for name in TABLES}
    alerts = [(c, niveau(c, list_month)) for c in companies]
    counts = {level.value: sum(found == level for _, found in alerts) for level in Niveau}
    for level in (Niveau.ELEVE, Niveau.MODERE):
        counts[f"jobs_{level.value}"] = sum(c.effectif or 0 for c, found in alerts if found == level)
    manifest = Manifest(
        release_id=release_id or f"essai-{list_month}", list_label=label_month(parse_month(list_month)),
        list_month=list_month, as_of=format_month(as_of), model_id="essai-1", code_version="0.1.0", is_synthetic=True,
        threshold_eleve=ELEVE, threshold_modere=MODERE, base_probability=BASE, counts=counts,
        freshness={"sirene": format_month(as_of), "debit": format_month(as_of), "cotisation": format_month(as_of),
                   "effectif": format_month(as_of - 2), "apconso": format_month(as_of - 3),
                   "procol": format_month(as_of)},
    )  # fmt: skip
    report = {"fiche_modele.md": "# Modèle d'essai\n", "evaluation.json": "{}\n"}
    if list_month == OCTOBER:
        report |= model_documents()
    return write_release(parent, manifest, tables, report)


@cache
def model_documents() -> dict[str, str]:
    """Report and sheet made by the code of the pipeline, from an invented backtest."""
    found, setting = sample_report(), Setting("essai-1", is_synthetic=True, drift=sample_drift())
    return plain_page(found, setting) | details_page(found, setting) | {"fiche_algorithme.md": sample_sheet(found)}


def probability(company: Company, list_month: str) -> float | None:
    """Probability of a company in a list; lists before July repeat July's, lowered."""
    if list_month == OCTOBER:
        return company.october
    if company.july is None or list_month == JULY:
        return company.july
    return round(company.july * 0.6, 6)


def niveau(company: Company, list_month: str) -> Niveau | None:
    """Level of a company in a list; None when it was not scored."""
    value = probability(company, list_month)
    return None if value is None else niveau_of(value, threshold_eleve=ELEVE, threshold_modere=MODERE)


def evolution(company: Company, list_month: str) -> str | None:
    """Evolution of a company since the list before."""
    if list_month == LISTS[0]:
        return None
    before = niveau(company, LISTS[LISTS.index(list_month) - 1]) or Niveau.AUCUN
    now = niveau(company, list_month) or Niveau.AUCUN
    if before.rank == now.rank:
        return "stable" if niveau(company, list_month) else None
    if before is Niveau.AUCUN:
        return "entree"
    if now is Niveau.AUCUN:
        return "sortie"
    return "aggravation" if now.rank > before.rank else "amelioration"


def is_first_alert(company: Company, list_month: str) -> bool:
    """True when the company is in alert for the first time."""
    earlier = [niveau(company, month) for month in LISTS[: LISTS.index(list_month)]]
    return (niveau(company, list_month) or Niveau.AUCUN).rank > 0 and all(
        (n or Niveau.AUCUN).rank == 0 for n in earlier
    )


def _table(name: str, list_month: str, companies: tuple[Company, ...]) -> pa.Table:
    rows: list[dict[str, Any]] = []
    if name in _PER_COMPANY:
        for company in companies:
            rows += _PER_COMPANY[name](company, list_month)
    else:
        rows = _SHARED[name]()
    schema = TABLES[name].arrow
    return pa.Table.from_pylist([{field: row.get(field) for field in schema.names} for row in rows], schema=schema)


def _entreprises(company: Company, list_month: str) -> list[dict[str, Any]]:
    section = division_sections()[company.naf[:2]]
    return [
        {
            "siren": company.siren, "raison_sociale": company.name, "code_naf": company.naf,
            "libelle_naf": naf_labels()[company.naf], "section_naf": section,
            "libelle_section": section_labels()[section],
            "categorie_juridique": "5710", "libelle_categorie_juridique": "SAS, société par actions simplifiée",
            "date_creation": date(company.created or 1995 + company.rank % 20, 5, 4), "siret_siege": company.siret,
            "adresse_siege": "12 rue de l'Exemple", "commune": company.commune, "departement": company.departement,
            "region": departements()[company.departement].region,
            "departements": sorted({company.departement, *company.others}) if company.is_active else [],
            "effectif_count": company.effectif, "effectif_month": format_month(parse_month(list_month) - 3),
            "etablissements_count": 2 + len(company.others),
            "etablissements_actifs_count": 1 + len(company.others) if company.is_active else 0,
            "is_active": company.is_active,
        }
    ]  # fmt: skip


def _etablissements(company: Company, list_month: str) -> list[dict[str, Any]]:
    rows = []
    for rank, departement in enumerate((company.departement, *company.others, company.departement)):
        is_closed = not company.is_active or rank == 1 + len(company.others)
        rows.append(
            {
                "siret": fake_siret(company.siren, rank), "siren": company.siren, "is_siege": rank == 0,
                "adresse": f"{12 + rank} rue de l'Exemple", "code_postal": f"{departement[:2]}000",
                "commune": company.commune,
                "departement": departement, "code_naf": company.naf, "date_creation": date(2005, 1, 1),
                "date_fermeture": date(2024, 3, 31) if is_closed else None, "is_active": not is_closed,
                "effectif_count": (company.effectif or 0) // (1 + rank),
            }
        )  # fmt: skip
    return rows


def _scores(company: Company, list_month: str) -> list[dict[str, Any]]:
    previous = LISTS[LISTS.index(list_month) - 1]
    return [
        {
            "siren": company.siren, "probability_18m": probability(company, list_month),
            "niveau": niveau(company, list_month), "niveau_precedent": niveau(company, previous),
            "probability_precedente": probability(company, previous),
            "is_first_alert": is_first_alert(company, list_month), "evolution": evolution(company, list_month),
            "exclusion": company.exclusion if probability(company, list_month) is None else None,
            "flags": company.flags, "redressements": company.rules,
            "niveau_avant_regles": niveau(company, list_month), "etat_procol": company.procol,
            **beside(company, list_month),
        }
    ]  # fmt: skip


def beside(company: Company, list_month: str) -> dict[str, float]:
    """Bounds and shorter horizons of a risk; wide bounds where little is known, none for a release of another model."""
    value = probability(company, list_month)
    if value is None or company.rank == WITHOUT_CURVE:
        return {}
    doubt = 4.0 if "peu_d_informations" in company.flags else 1.25
    return {
        "probability_low": value / doubt, "probability_high": min(value * doubt, 1.0), "probability_3m": value * 0.16,
        "probability_6m": value * 0.35, "probability_12m": value * 0.7,
    }  # fmt: skip


_TERMS = (
    (Theme.DETTE_URSSAF, "debt_share", "La dette Urssaf augmente depuis 11 mois.", 0.6, "urssaf", 38.0),
    (Theme.SANTE_FINANCIERE, "ebe_margin", "L'excédent brut d'exploitation est négatif.", 0.3, "public", -4.2),
    (
        Theme.ACTIVITE_PARTIELLE,
        "ap_share",
        "L'activité partielle concerne la moitié de l'effectif.",
        0.2,
        "dgefp",
        51.0,
    ),
    (Theme.EFFECTIF, "effectif_change_12m_ratio", "L'effectif est stable sur un an.", -0.1, "public", 0.8),
)
_TERMS_WITHOUT_DEBT = (
    (Theme.SANTE_FINANCIERE, "ebe_margin", "L'excédent brut d'exploitation est négatif.", 0.8, "public", -9.7),
    (
        Theme.ACTIVITE_PARTIELLE,
        "ap_share",
        "L'activité partielle concerne la moitié de l'effectif.",
        0.4,
        "dgefp",
        51.0,
    ),
    (Theme.DETTE_URSSAF, "debt_share", "L'entreprise ne doit rien à l'Urssaf.", -0.1, "urssaf", 0.0),
    (Theme.EFFECTIF, "effectif_change_12m_ratio", "L'effectif est stable sur un an.", -0.1, "public", 0.8),
)
"""Theme, feature, sentence, share of the gap between the base and the probability, class, value in %."""


def _explications(company: Company, list_month: str) -> list[dict[str, Any]]:
    value = probability(company, list_month)
    if value is None:
        return []
    themes: list[dict[str, Any]] = []
    variables: list[dict[str, Any]] = []
    for theme, feature, sentence, share, data_class, known in _TERMS if company.debt else _TERMS_WITHOUT_DEBT:
        points = (value - BASE) * share
        term = {"theme": theme, "points": points, "sentence": sentence, "data_class": data_class,
                "direction": "hausse" if points > 0 else "baisse"}  # fmt: skip
        themes.append(term | {"nature": "theme", "label": theme.label})
        variables.append(
            term
            | {
                "nature": "variable",
                "feature": feature,
                "told_by": feature,
                "label": f"Variable {feature}",
                "unit": "%",
                "value": known,
            }
        )
    base = {"nature": "base", "label": "Risque moyen", "points": BASE, "data_class": "score"}
    return [{"siren": company.siren, "rang": rang, **row} for rang, row in enumerate([base, *themes, *variables])]


def _historique(company: Company, list_month: str) -> list[dict[str, Any]]:
    return [
        {"siren": company.siren, "list": month, "niveau": niveau(company, month), "threshold_eleve": ELEVE,
         "probability_18m": probability(company, month), "threshold_modere": MODERE,
         "is_first_alert": is_first_alert(company, month), "evolution": evolution(company, month)}
        for month in LISTS[: LISTS.index(list_month) + 1]
    ]  # fmt: skip


def _series(company: Company, list_month: str) -> list[dict[str, Any]]:
    first = parse_month(list_month) - SERIES_MONTHS
    size, debt = company.effectif or 0, company.debt
    ramp = [index / (SERIES_MONTHS - 1) for index in range(SERIES_MONTHS)]
    values: dict[str, list[float | None]] = {
        "effectif": [round(size * (1.2 - 0.2 * r)) if r < 0.94 else None for r in ramp],
        "cotisation": [900.0 * size for _ in ramp],
        "delai": [debt * 0.5 if debt and r > 0.7 else 0.0 for r in ramp],
        "ap_autorisee": [size * 0.5 if 0.3 < r < 0.6 else 0.0 for r in ramp],
        "ap_consommee": [size * 0.3 if 0.3 < r < 0.6 else 0.0 for r in ramp],
        "retard_paiement": [20.0 * r if r < 0.9 else None for r in ramp],
    }
    if debt is not None:
        values["debit_ouvriere"] = [*(round(debt * 0.3 * r) for r in ramp[:-1]), None]
        values["debit_patronale"] = [round(debt * 0.7 * r) for r in ramp]
    rows = [
        {"id": company.siren, "kind": kind, "first_month": first, "values": found} for kind, found in values.items()
    ]
    if debt:
        rows.append(
            {"id": company.siret, "kind": "debit_patronale", "first_month": first, "values": [debt] * SERIES_MONTHS}
        )
    return [row | {"data_class": SERIES_KINDS[str(row["kind"])][2]} for row in rows]


def _comptes(company: Company, list_month: str) -> list[dict[str, Any]]:
    if company.rank % 5 == 0:
        return []
    turnover = 90_000.0 * (company.effectif or 1)
    return [
        {"siren": company.siren, "exercice": date(year, 12, 31), "type_bilan": "C",
         "chiffre_d_affaires_eur": turnover * (1 - 0.05 * back), "marge_brute_eur": turnover * 0.5,
         "ebe_eur": turnover * (0.06 - 0.05 * (3 - back)), "ebit_eur": turnover * 0.01,
         "resultat_net_eur": -turnover * 0.02,
         "marge_ebe_pct": 100 * (0.06 - 0.05 * (3 - back)), "autonomie_financiere_pct": 22.0 - back,
         "taux_d_endettement_pct": 140.0, "ratio_de_liquidite_pct": None if year == 2024 else 110.0,
         "credit_fournisseurs_days": 61.0 + back, "credit_clients_days": 44.0}
        for back, year in enumerate((2025, 2024, 2023, 2022))
    ]  # fmt: skip


def _procedures(company: Company, list_month: str) -> list[dict[str, Any]]:
    if company.procol == "in_bonis":
        return []
    return [
        {
            "siren": company.siren,
            "date": date(2026, 7, 9),
            "etat": company.procol,
            "label": "Ouverture",
            "source": "Bodacc",
        }
    ]


def _secteurs() -> list[dict[str, Any]]:
    ratios = {"marge_ebe_pct": 8.0, "autonomie_financiere_pct": 30.0, "taux_d_endettement_pct": 90.0,
              "ratio_de_liquidite_pct": 140.0, "credit_fournisseurs_days": 50.0,
              "credit_clients_days": 45.0}  # fmt: skip
    divisions = sorted({company.naf[:2] for company in COMPANIES})
    return [
        {"division_naf": division, "ratio": ratio, "annee": annee, "q10": middle * 0.3,
         "q25": middle * 0.7, "q50": middle,
         "q75": middle * 1.3, "q90": middle * 1.8, "cohort_count": 120}
        for division in divisions for ratio, middle in ratios.items() for annee in (2022, 2023, 2024, 2025)
    ]  # fmt: skip


def _imports() -> list[dict[str, Any]]:
    return [
        {"source": source, "batch": "2610", "rows_count": 1000, "rejects_count": 2, "rejects_by_class": '{"siret": 2}',
         "freshness_month": "2026-09"}
        for source in ("sirene", "debit", "cotisation", "effectif", "apconso", "procol")
    ]  # fmt: skip


def _dictionnaire() -> list[dict[str, Any]]:
    return [
        {"table": table.name, "column": column.name, "label": column.label, "unit": column.unit,
         "data_class": column.data_class, "explanation": column.explanation, "source": column.source}
        for table in TABLES.values() for column in table.columns
    ] + definitions()  # fmt: skip


_PER_COMPANY = {
    "entreprises": _entreprises, "etablissements": _etablissements, "scores": _scores, "explications": _explications,
    "historique": _historique, "series": _series, "comptes": _comptes, "procedures": _procedures,
}  # fmt: skip
_SHARED = {"secteurs": _secteurs, "imports": _imports, "dictionnaire": _dictionnaire}

LAST_KNOWN_DAY = last_day(parse_month(OCTOBER) - 1)
