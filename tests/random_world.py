"""A random world of a few companies: raw rows of every source, and what a later batch may say of them."""

from __future__ import annotations

import random
from datetime import date

from lakes import Row, day, known_at_end_of, m
from signaux_faibles.domain.periode import first_day
from signaux_faibles.panel.states import SOURCES
from signaux_faibles.sources import SOURCES as REGISTER

FIRST, BATCH, MIDDLE, LATER = m("2014-01"), m("2021-06"), m("2021-07"), m("2021-12")
COMPANIES = ("900000004", "900000003", "900000005")

SOMETIMES = ("debit", "delai", "ccsf", "apconso", "apdemande", "comptes", "paydex", "procol", "bodacc")
"""Sources that say something of a company in some months only."""


class World:
    """Random raw rows of a few companies, source by source."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.sources: tuple[str, ...] = tuple(SOURCES)

    def row(self, source: str, siren: str, month: int) -> Row:
        """A row of a source about a month of data, with the `known_from` of its publication rule."""
        draw = self.random
        siret = f"{siren}000{draw.choice((11, 29))}"
        when = first_day(month).replace(day=draw.randint(1, 28))
        known = known_at_end_of(month + 1)
        base: Row = {"siren": siren, "siret": siret, "compte": draw.choice("12"), "known_from": known}
        specific: dict[str, Row] = {
            "effectif_ent": {
                "month": month,
                "effectif_count": draw.randint(8, 40),
                "known_from": known_at_end_of(month + 3),
            },
            "cotisation": {
                "start_month": month,
                "end_month": month + draw.choice((1, 1, 3)),
                "du_cents": draw.randint(-1000, 900000),
                "known_from": known_at_end_of(month + 3),
            },
            "debit": self._debit(when, month),
            "delai": {
                "numero_contentieux": f"{month % 7}" if month % 10 else None,
                "date_creation": when,
                "date_echeance": first_day(month + draw.randint(0, 24)),
                "montant_cents": draw.randint(1, 10**6),
                "stade": draw.choice(("APPROB", "REFUS", "REJ")),
            },
            "ccsf": {"date_traitement": when, "stade": ("DEBUT", "APPROB", "FIN")[month % 3]},
            "procol": {
                "date_effet": when,
                "action": draw.choice(("redressement", "liquidation", "sauvegarde", "")),
                "stade": draw.choice(("ouverture", "plan_continuation", "fin_procedure", "solde_procedure")),
            },
            "apconso": {"month": month, "heures_centi": draw.randint(0, 500000)},
            "apdemande": {
                "date_statut": when,
                "date_debut": when,
                "date_fin": first_day(month + draw.randint(0, 6)),
                "heures_centi": draw.randint(0, 500000),
                "motif": draw.choice((1, 2, 3, 4, 5, 6, None)),
                "known_from": known_at_end_of(month),
            },
            "comptes": self._comptes(month),
            "paydex": {"date_valeur": when, "retard_days": draw.randint(0, 90), "fpi_30_pct": draw.random() * 100},
            "bodacc": self._bodacc(when, month),
            "sirene_histo": {"date_debut": when, "is_active": draw.random() < 0.8},
            "sirene": {
                "siret": f"{siren}00011",
                "is_siege": True,
                "departement": draw.choice(("75", "69", "2A")),
                "date_creation": day("2005-01-01"),
                "is_active": draw.random() < 0.8,
                "date_debut": when,
            },
            "sirene_ul": {
                "categorie_juridique": draw.choice(("5710", "5499", "7210")),
                "code_naf": draw.choice(("25.62B", "62.01Z", "84.11Z")),
                "date_creation": when,
                "tranche_effectif": draw.choice(("NN", "03", "11", "12", "21")),
                "annee_effectif": month // 12 - 2,
            },
        }
        if source.startswith("dgfip"):
            return base | self._declaration(source, month)
        return base | specific[source]

    def _declaration(self, source: str, month: int) -> Row:
        """A part of a tax declaration: years are few, so that the parts of one declaration meet."""
        draw, year = self.random, month // 12
        amounts = {
            name: draw.randint(-(10**6), 10**8) if name.endswith(("_cents", "_count")) else draw.random() * 10
            for name in (column.name for column in REGISTER[source].staged)
            if name.endswith(("_cents", "_count", "_ratio", "_days"))
        }
        exercise = {"date_debut_exercice": date(year, 1, 1), "date_cloture": date(year, 12, 31)}
        known = {"known_from": known_at_end_of(year * 12 + 11 + 7)}
        return amounts | exercise | {"no_ocfi": "1", "annee_exercice": year} | known

    def _bodacc(self, when: date, month: int) -> Row:
        """A notice; one in three discards another, of the few that there are."""
        draw = self.random
        published = first_day(month + draw.randint(0, 1)).replace(day=28)
        return {
            "annonce": f"A{draw.randint(0, 30)}",
            "annonce_precedente": draw.choice((None, None, f"A{draw.randint(0, 30)}")),
            "date_parution": published,
            "date_jugement": draw.choice((when, when, None)),
            "action": draw.choice(("redressement", "liquidation", "sauvegarde", None)),
            "stade": draw.choice(("ouverture", "plan_continuation", "fin_procedure", "conversion", None)),
            "type_avis": draw.choice(("initial", "initial", "rectificatif", "annulation")),
            "known_from": published,
        }

    def _debit(self, when: date, month: int) -> Row:
        draw = self.random
        return {
            "numero_ecart": draw.choice(("101", "201")),
            "numero_historique": draw.choice((1, 2, 3, 4, None)),
            "date_traitement": when,
            "part_ouvriere_cents": draw.randint(0, 10**6),
            "part_patronale_cents": draw.randint(0, 10**6),
            "start_month": month // 6 * 6,
            "end_month": month // 6 * 6 + 1,
        }

    def _comptes(self, month: int) -> Row:
        """Accounts of the year of a month, closed at its end or in its middle."""
        draw = self.random
        year, last = month // 12, draw.choice((12, 12, 6))
        return {
            "date_cloture": date(year, last, 30),
            "type_bilan": draw.choice(("C", "S", "K")),
            "chiffre_d_affaires_cents": draw.randint(0, 10**9),
            "ebe_cents": draw.randint(-(10**7), 10**7),
            "resultat_net_cents": draw.randint(-(10**7), 10**7),
            "autonomie_financiere_pct": draw.random() * 120 - 20,
            "known_from": known_at_end_of(year * 12 + last - 1 + 7),
        }

    def open_history(self, *, has_history: bool) -> dict[str, list[Row]]:
        """The first batch of a lake of open data, with the history of establishments or without."""
        rows = self.history()
        for siren, unit in zip(COMPANIES, rows["sirene_ul"], strict=True):
            unit |= {"tranche_effectif": "12", "annee_effectif": 2018}
            rows["bodacc"] += [self.row("bodacc", siren, month) for month in range(FIRST, BATCH, 29)]
        kept = ("sirene", "sirene_ul", "bodacc", "comptes", *(["sirene_histo"] if has_history else []))
        return {source: rows[source] for source in kept}

    def history(self) -> dict[str, list[Row]]:
        """The first batch: years of rows, and an identity that does not move."""
        rows: dict[str, list[Row]] = {name: [] for name in SOURCES}
        for siren in COMPANIES:
            rows["sirene"].append(
                self.row("sirene", siren, FIRST)
                | {"known_from": day("2005-01-01"), "departement": "75", "is_active": True}
            )
            rows["sirene_ul"].append(
                self.row("sirene_ul", siren, FIRST)
                | {"known_from": day("2005-01-01"), "categorie_juridique": "5710", "code_naf": "25.62B"}
            )
            rows["sirene_histo"].append(self.row("sirene_histo", siren, FIRST) | {"is_active": True})
            for month in range(FIRST, BATCH):
                rows["effectif_ent"].append(self.row("effectif_ent", siren, month))
                rows["cotisation"].append(self.row("cotisation", siren, month))
                for source in (
                    "debit",
                    "delai",
                    "ccsf",
                    "apconso",
                    "apdemande",
                    "comptes",
                    "paydex",
                    "procol",
                    "bodacc",
                    "dgfip_indmap",
                    "dgfip_af",
                    "dgfip_dirco",
                ):
                    if self.random.random() < {"procol": 0.01, "bodacc": 0.01, "paydex": 0.6}.get(source, 0.15):
                        rows[source].append(self.row(source, siren, month))
        return rows

    def withdrawn(self, history: dict[str, list[Row]]) -> dict[str, list[int]]:
        """Rows of the first batch that the second no longer holds; the identity stays."""
        kept = ("sirene", "sirene_ul", "sirene_histo")
        return {
            source: sorted(self.random.sample(range(len(rows)), k=min(len(rows), 2)))
            for source, rows in history.items()
            if source not in kept
        }

    def future(
        self, after: int, back: dict[str, list[Row]], *, most: int = 4
    ) -> dict[str, tuple[list[Row], list[tuple[int, int]]]]:
        """Rows first known after a month, some back after a withdrawal, and rows withdrawn after it."""
        changes: dict[str, tuple[list[Row], list[tuple[int, int]]]] = {}
        for source in self.sources:
            added = [
                self.row(source, siren, self.random.randint(FIRST, LATER))
                | {"known_from": known_at_end_of(self.random.randint(after + 1, LATER))}
                for siren in COMPANIES
                for _ in range(self.random.randint(0, most))
            ]
            added += [row | {"known_from": known_at_end_of(after + 1)} for row in back.get(source, [])]
            gone = sorted({(BATCH, self.random.randint(0, 2)) for _ in range(self.random.randint(0, 2))})
            changes[source] = (added, gone)
        return changes
