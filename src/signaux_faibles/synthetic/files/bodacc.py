"""Legal announcements of collective proceedings (BODACC A), as the public export in CSV writes them.

A notice is published 4 to 18 days after the judgment: before Urssaf tells it. Some notices are wrong and put right by a
later one, which names the notice that it discards; a few name a company by mistake, until they are annulled. Numbers
are written with spaces, people as one object or as a list, days in three ways, as in the real files.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import pyarrow as pa

from signaux_faibles.domain.periode import MOIS, month_of
from signaux_faibles.domain.territoire import departements
from signaux_faibles.synthetic.arrays import NEVER
from signaux_faibles.synthetic.block import Block, World
from signaux_faibles.synthetic.dirt import Weakness
from signaux_faibles.synthetic.files.proceedings import proceeding_steps, step_days
from signaux_faibles.synthetic.files.raw_file import RawFile, constant_header, delivery_draw
from signaux_faibles.synthetic.geography import communes
from signaux_faibles.synthetic.procedures import LIQUIDATION, REDRESSEMENT
from signaux_faibles.synthetic.text import Lines, always, day_number

_COLUMNS_TEXT = (
    "id publicationavis publicationavis_facette parution dateparution numeroannonce typeavis typeavis_lib "
    "familleavis familleavis_lib numerodepartement departement_nom_officiel region_code region_nom_officiel "
    "tribunal commercant ville registre cp pdf_parution_subfolder ispdf_unitaire listepersonnes "
    "listeetablissements jugement acte modificationsgenerales radiationaurcs depot listeprecedentexploitant "
    "listeprecedentproprietaire divers parutionavisprecedent url_complete"
)
COLUMNS = tuple(_COLUMNS_TEXT.split())

RECTIFIED_SHARE, REPLACED_SHARE, MISTAKEN_SHARE = 0.02, 0.004, 0.003
"""Notices first published with a wrong day, then rectified; annulled and published again; naming another company."""

_NOTICE_KINDS = {
    "annonce": "Avis initial",
    "rectificatif": "Avis rectificatif",
    "annulation": "Avis d'annulation",
}
_OPENING, _CONVERSION, _JUDGED, _CLOSING = (
    "Jugement d'ouverture",
    "Jugement de conversion",
    "Jugement prononçant",
    "Jugement de clôture",
)
_OPENINGS = (
    "Jugement d'ouverture d'une procédure de sauvegarde",
    "Jugement d'ouverture d'une procédure de redressement judiciaire",
    "Jugement d'ouverture de liquidation judiciaire",
)
_PLANS = (
    "Jugement arrêtant le plan de sauvegarde",
    "Jugement arrêtant le plan de redressement",
    "Jugement arrêtant le plan de redressement",
)
_ENDS = (
    "Jugement mettant fin à la procédure de sauvegarde",
    "Jugement mettant fin à la procédure de redressement judiciaire",
    "Jugement de clôture pour insuffisance d'actif",
)
_STEP_OPENING, _STEP_PLAN, _STEP_INCLUDED, _STEP_BALANCE = 0, 1, 3, 5
_ODD_JUDGMENTS = (
    {"famille": "Avis de dépôt", "nature": "Dépôt de l'état des créances", "date": "2021-03-02"},
    {"famille": "Extrait de jugement", "nature": "Jugement statuant sur une question nouvelle", "date": "2020-09-14"},
    {"famille": _CLOSING, "nature": "Jugement de clÃ´ture pour insuffisance d'actif", "date": "2019-06-04"},
    {"famille": "Loi de 1967", "nature": "Règlement judiciaire", "date": "0009-05-11"},
    {"famille": "Autre jugement et ordonnance", "nature": "Ordonnance de prorogation de délai", "date": "5025-01-20"},
)
"""Judgments that no list of natures holds, absurd years, bytes decoded twice: dirt, at the rate of the others."""


@dataclass(frozen=True)
class _Notice:
    """One announcement."""

    company: int
    rank: int
    published: date
    judged: date
    famille: str
    nature: str
    kind: str = "annonce"
    previous: _Notice | None = None

    @property
    def parution(self) -> str:
        """Number of the issue: year, then rank of the day."""
        return f"{self.published.year}{self.published.timetuple().tm_yday:04d}"


def announcement_lines(world: World, block: Block, _batch: int) -> Lines:
    """Notices of the proceedings of a block, in the batch of the month in which they are published."""
    notices = _notices(world, block)
    company = np.array([notice.company for notice in notices], np.int64)
    since = np.array([month_of(notice.published) - world.first_month for notice in notices], np.int64)
    text = pa.array([_line(block, notice).encode() for notice in notices], pa.binary())
    return Lines(text, company, since, always(since))


def _notices(world: World, block: Block) -> list[_Notice]:
    """Every notice, those put right with the ones that put them right."""
    paths = block.lives.paths
    draw = delivery_draw(world, block, 15)
    steps, days = proceeding_steps(paths), step_days(world, block)
    delay = 4 + draw.integers(0, 15, (len(steps), len(paths)))
    fate = draw.random((len(steps), len(paths)))
    correction = 10 + draw.integers(0, 36, (len(steps), len(paths)))
    notices = []
    for step, (met, when, what, stage, day) in enumerate(steps):
        for path in np.flatnonzero(met & (when < world.months)):
            if not (wording := _wording(block, int(path), int(what[path]), stage)):
                continue
            number = day_number(np.array([world.first_month + when[path]]), np.array([days[day, path]]))[0]
            judged = date(1970, 1, 1) + timedelta(days=int(number))
            notice = _Notice(
                int(paths.company[path]),
                int(path) * 64 + step * 4,
                judged + timedelta(days=int(delay[step, path])),
                judged,
                *wording,
            )
            later = notice.published + timedelta(days=int(correction[step, path]))
            notices += _with_corrections(world, block, notice, later, float(fate[step, path]))
    return notices


def _wording(block: Block, path: int, action: int, stage: int) -> tuple[str, str] | None:
    """Family and nature of the judgment of a step; None when no notice is published."""
    paths = block.lives.paths
    if stage == _STEP_INCLUDED:
        return None
    if stage == _STEP_PLAN:
        return _JUDGED, _PLANS[action]
    if stage == _STEP_OPENING:
        if action == paths.kind[path]:
            return _OPENING, _OPENINGS[action]
        if action == REDRESSEMENT:
            return _CONVERSION, "Jugement de conversion en redressement judiciaire de la procédure de sauvegarde"
        if paths.plan[path] < NEVER:
            return _JUDGED, "Jugement prononçant la résolution du plan de redressement et la liquidation judiciaire"
        return _CONVERSION, "Jugement de conversion en liquidation judiciaire"
    if stage == _STEP_BALANCE:
        return _CLOSING, _ENDS[LIQUIDATION]
    return _CLOSING, _ENDS[action]


def _with_corrections(world: World, block: Block, notice: _Notice, later: date, fate: float) -> list[_Notice]:
    """A notice as it was published, with the later ones that put it right."""
    first = replace(notice, judged=notice.judged - timedelta(days=31))
    if fate < RECTIFIED_SHARE:
        return [
            first,
            replace(notice, rank=notice.rank + 1, published=later, kind="rectificatif", previous=first),
        ]
    if fate < RECTIFIED_SHARE + REPLACED_SHARE:
        gone = replace(first, rank=notice.rank + 1, published=later, kind="annulation", previous=first)
        return [first, gone, replace(notice, rank=notice.rank + 2, published=later)]
    neighbour = (notice.company + 1) % len(block.population)
    month = month_of(notice.published) - world.first_month
    alive = block.population.birth[neighbour] < month < block.lives.end[neighbour]
    if fate < RECTIFIED_SHARE + REPLACED_SHARE + MISTAKEN_SHARE and notice.famille == _OPENING and alive:
        wrong = replace(notice, company=neighbour, rank=notice.rank + 1)
        return [
            notice,
            wrong,
            replace(wrong, rank=notice.rank + 2, published=later, kind="annulation", previous=wrong),
        ]
    return [notice]


def _line(block: Block, notice: _Notice) -> str:
    """Line of the CSV."""
    people, place = block.population, communes()
    siren = f"{people.siren[notice.company]}"
    spaced, commune = f"{siren[:3]} {siren[3:6]} {siren[6:]}", int(people.commune[notice.company])
    departement = departements()[place.departement[commune]]
    greffe = place.nom[commune]
    cells = dict.fromkeys(COLUMNS, "") | {
        "id": _identifier(block, notice),
        "publicationavis": "A",
        "publicationavis_facette": "Bodacc A",
        "parution": notice.parution,
        "dateparution": notice.published.isoformat(),
        "numeroannonce": str(_number(block, notice)),
        "typeavis": notice.kind,
        "typeavis_lib": _NOTICE_KINDS[notice.kind],
        "familleavis": "collective",
        "familleavis_lib": "Procédures collectives",
        "numerodepartement": departement.code,
        "departement_nom_officiel": departement.libelle,
        "region_code": departement.region,
        "region_nom_officiel": departement.libelle_region,
        "tribunal": f"TRIBUNAL DE COMMERCE DE {greffe.upper()}",
        "commercant": people.name[notice.company],
        "ville": greffe,
        "registre": f"{spaced},{siren}",
        "cp": place.code_postal[commune],
        "pdf_parution_subfolder": "2",
        "ispdf_unitaire": "False",
        "listepersonnes": _json(_people(block, notice, spaced if notice.rank // 64 % 3 else siren, greffe)),
        "jugement": _json(_judgment(notice)),
        "parutionavisprecedent": _json(_previous(block, notice.previous)) if notice.previous else "",
    }
    return ";".join(_cell(cell) for cell in cells.values())


def _number(block: Block, notice: _Notice) -> int:
    """Number of a notice in its issue: no two of the country have the same."""
    return block.number * 1_000_000 + notice.rank + 1


def _identifier(block: Block, notice: _Notice) -> str:
    return f"A{notice.parution}{_number(block, notice)}"


def _people(block: Block, notice: _Notice, siren: str, greffe: str) -> dict[str, object]:
    """The company, alone or first of a list, under one register or the other."""
    person: dict[str, object] = {
        "typePersonne": "pm",
        "denomination": block.population.name[notice.company],
        "adresseSiegeSocial": {"ville": greffe, "pays": "France"},
    }
    if notice.rank // 64 % 11 == 0:
        person["inscriptionRM"] = {"numeroIdentificationRM": siren, "codeRM": "RM", "numeroDepartement": ""}
    else:
        person["numeroImmatriculation"] = {
            "numeroIdentification": siren,
            "codeRCS": "RCS",
            "nomGreffeImmat": greffe,
        }
    return {"personne": [person] if notice.rank // 64 % 4 == 0 else person}


def _judgment(notice: _Notice) -> dict[str, str]:
    return {
        "type": notice.kind,
        "famille": notice.famille,
        "nature": notice.nature,
        "date": _written(notice.judged, notice.rank // 64 % 10),
        "complementJugement": "Texte inventé, sans nom de personne.",
    }


def _written(day: date, way: int) -> str:
    """Day in one of the three ways met: ISO for most, with slashes, in words."""
    if way == 8:
        return f"{day:%d/%m/%Y}"
    if way == 9:
        return f"{'1er' if day.day == 1 else day.day}\u00a0{MOIS[day.month - 1]} {day.year}"
    return day.isoformat()


def _previous(block: Block, notice: _Notice) -> dict[str, str]:
    return {
        "nomPublication": "BODACC A",
        "numeroParution": notice.parution,
        "dateParution": notice.published.isoformat(),
        "numeroAnnonce": str(_number(block, notice)),
    }


def _json(content: object) -> str:
    return json.dumps(content, ensure_ascii=False)


def _cell(text: str) -> str:
    """Cell of the CSV, between quotes when it must be."""
    return '"' + text.replace('"', '""') + '"' if any(mark in text for mark in '";\n') else text


def _odd_values() -> tuple[str, ...]:
    """Cells of judgments as the dirt writes them: the quotes around are its own."""
    return tuple(_json(judgment).replace('"', '""') for judgment in _ODD_JUDGMENTS)


ANNOUNCEMENTS = RawFile(
    name="annonces-commerciales.csv",
    header=constant_header(";".join(COLUMNS)),
    lines=announcement_lines,
    weakness=Weakness(
        ";",
        key=0,
        date=COLUMNS.index("dateparution"),
        text=COLUMNS.index("commercant"),
        quote='"',
        odd_values=(COLUMNS.index("jugement"), _odd_values()),
        forged_key=False,
    ),
    rank=15,
)
