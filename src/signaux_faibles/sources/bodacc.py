"""Judgments of collective proceedings, as published in the official bulletin (*Bodacc*).

Producer: DILA (Bodacc A), data set `annonces-commerciales`.
Access: open data, as JSON or CSV exports of any period.
Grain: one row per company named by a notice.
Cadence: every working day; a file adds to the earlier ones, and one sent again adds nothing.
Known from: the publication, some days or weeks after the judgment.
Traps: `personne` is an object or a list; the SIREN stands in the register of commerce or in that of trades, with
spaces, and a notice without one names a person; lists and judgments are JSON inside cells; dates come in three forms,
some of them absurd; text decoded twice (`clÃ´ture`); a cancellation, a correction or a retraction discards the notice
it names, from its own publication on; filings, extracts and proceedings under the law of 1967 are left out, counted; a
wording that no rule knows keeps its row, without action, and is reported: silence would read as "no proceeding".
"""

from __future__ import annotations

import json
import re
from dataclasses import replace

from signaux_faibles.domain.data_class import DataClass
from signaux_faibles.domain.jugement import CANCELLED, nature_of, plain, repaired
from signaux_faibles.schema.cell import date_iso, iso_sql, raw, text
from signaux_faibles.schema.column import Column, Kind
from signaux_faibles.schema.source import Convert, Fault, Field, Filter, RawColumn, Reference, Source

DOCUMENT_KEYS = ("parution", "dateparution", "numeroannonce", "listepersonnes", "jugement")
"""Keys without which a document, or the header of a CSV export, is not of this data set."""

CELLS = (
    "sirens",
    "sirens_illisibles",
    "annonce",
    "date_parution",
    "date_jugement",
    "famille",
    "nature",
    "action",
    "stade",
    "regle",
    "type_avis",
    "annonce_precedente",
    "tribunal",
    "departement",
    "exclusion",
)
FAMILLES_EXCLUES = ("avis de depot", "extrait de jugement", "loi de 1967")
MONTHS = (
    *("janvier", "fevrier", "mars", "avril", "mai", "juin"),
    *("juillet", "aout", "septembre", "octobre", "novembre", "decembre"),
)

_IDENTIFIERS = (("numeroImmatriculation", "numeroIdentification"), ("inscriptionRM", "numeroIdentificationRM"))
_UNWRITABLE = re.compile("[\x00-\x1f\ud800-\udfff]")
"""What JSON may hold and no text file should."""

_SIREN = re.compile("[0-9]{9}", re.ASCII)
_FRENCH_DAY = re.compile(r"([0-9]{1,2})(?:er)? ([a-z]+) ([0-9]{4})", re.ASCII)
_SLASHED_DAY = re.compile("([0-9]{2})/([0-9]{2})/([0-9]{4})", re.ASCII)


def flatten(document: dict[str, object]) -> dict[str, str] | None:
    """Raw cells of a notice; None when the document is not one."""
    document = _unwrapped(document)
    if not all(key in document for key in DOCUMENT_KEYS):
        return None
    jugement = _first(_nested(document, "jugement"))
    wording, famille = repaired(_text(jugement, "nature")), repaired(_text(jugement, "famille"))
    rule = nature_of(wording or famille, _text(jugement, "complementJugement"))
    type_avis = _type_avis(_text(document, "typeavis"))
    if any(found is not None and found.stade == CANCELLED for found in (rule, nature_of(famille))):
        type_avis = CANCELLED
    said = None if type_avis == CANCELLED else rule
    good, bad = _sirens(document)
    cells = {
        "sirens": " ".join(good or bad),
        "sirens_illisibles": " ".join(bad if good else ()),
        "annonce": _text(document, "publicationavis") + _text(document, "parution") + _text(document, "numeroannonce"),
        "date_parution": _day(_text(document, "dateparution")),
        "date_jugement": _day(_text(jugement, "date")),
        "famille": famille,
        "nature": wording or famille,
        "action": "" if said is None else said.action,
        "stade": "" if said is None else said.stade,
        "regle": "" if rule is None and type_avis != CANCELLED else "connue",
        "type_avis": type_avis,
        "annonce_precedente": "" if type_avis == "initial" else _previous(document),
        "tribunal": repaired(_text(document, "tribunal")),
        "departement": _text(document, "numerodepartement"),
    }
    return cells | {"exclusion": _exclusion(document, famille, cells["sirens"])}


def _unwrapped(document: dict[str, object]) -> dict[str, object]:
    """A document of an older form of the same interface, without what it is wrapped in."""
    for key in ("record", "fields"):
        inner = document.get(key)
        document = inner if isinstance(inner, dict) else document
    return document


def _text(document: dict[str, object], key: str) -> str:
    value = document.get(key)
    if not isinstance(value, str | int) or isinstance(value, bool):
        return ""
    return _UNWRITABLE.sub("\ufffd", " ".join(str(value).split()))


def _nested(document: dict[str, object], key: str) -> object:
    """A value which may itself be JSON inside a text."""
    value = document.get(key)
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value) if value else None
    except (ValueError, RecursionError):
        return None


def _first(value: object) -> dict[str, object]:
    found = value[0] if isinstance(value, list) and value else value
    return found if isinstance(found, dict) else {}


def _exclusion(document: dict[str, object], famille: str, sirens: str) -> str:
    """Why a notice is left out, if it is."""
    avis = plain(_text(document, "familleavis") or _text(document, "familleavis_lib") or "collective")
    if "collective" not in avis:
        return "autre_famille"
    if any(word in plain(famille) for word in FAMILLES_EXCLUES):
        return "famille_exclue"
    return "" if sirens else "sans_siren"


def _type_avis(written: str) -> str:
    known = plain(written)
    if "annul" in known:
        return CANCELLED
    if "rectif" in known:
        return "rectificatif"
    return "initial" if known in ("", "annonce", "avis initial", "initial") else written


def _sirens(document: dict[str, object]) -> tuple[list[str], list[str]]:
    """Well-formed and malformed identifiers of the companies named, each once, in order."""
    people = _nested(document, "listepersonnes")
    people = people.get("personne") if isinstance(people, dict) else people
    found: list[str] = []
    for person in people if isinstance(people, list) else [people]:
        for place, key in _IDENTIFIERS:
            number = "".join(_text(_first(_first(person).get(place)), key).split())
            if number:
                found.append(number)
                break
    if not found:
        registre = document.get("registre")
        numbers = registre if isinstance(registre, list) else str(registre or "").split(",")
        found = ["".join(_text({"": number}, "").split()) for number in numbers]
    found = [number for number in dict.fromkeys(found) if number]
    good = [number for number in found if _SIREN.fullmatch(number)]
    return good, [number for number in found if number not in good]


def _previous(document: dict[str, object]) -> str:
    """Identifier of the notice that this one discards, as that notice writes it."""
    previous = _first(_nested(document, "parutionavisprecedent"))
    previous = _first(previous.get("parutionAvisPrecedent", previous))
    letter, parution, rank = (_text(previous, key) for key in ("nomPublication", "numeroParution", "numeroAnnonce"))
    return letter.split()[-1] + parution + rank if letter and parution and rank else ""


def _day(written: str) -> str:
    """A day in ISO form; what cannot be read stays as it was written."""
    if found := _SLASHED_DAY.fullmatch(written):
        return f"{found[3]}-{found[2]}-{found[1]}"
    found = _FRENCH_DAY.fullmatch(plain(written))
    if found and found[2] in MONTHS:
        return f"{found[3]}-{MONTHS.index(found[2]) + 1:02d}-{int(found[1]):02d}"
    return written


def _sirens_field() -> Field:
    column = Column("siren", Kind.TEXT, "SIREN", nullable=False)
    value = f"CASE WHEN regexp_full_match({raw('sirens')}, '[0-9]{{9}}( [0-9]{{9}})*') THEN {raw('sirens')} END"
    return Field(column, value, "sirens", Fault.IDENTIFIER, "9 chiffres", is_mandatory=True)


def _annonce_field() -> Field:
    """The notice; also says which of its companies have no right SIREN, when others do."""
    return replace(
        text("annonce", "annonce", "Identifiant de l'annonce"),
        cell="sirens_illisibles",
        fault=Fault.IDENTIFIER,
        expected="9 chiffres",
        drops_row=False,
        fault_sql=f"{raw('sirens_illisibles')} <> ''",
    )


def _jugement_field() -> Field:
    day = iso_sql("date_jugement")
    return replace(
        date_iso("date_jugement", "date_jugement", "Date du jugement", is_mandatory=False, drops_row=False),
        sql=f"CASE WHEN {day} BETWEEN DATE '1950-01-01' AND {iso_sql('date_parution')} THEN {day} END",
        expected="un jour entre 1950 et la parution",
    )


SOURCE = Source(
    name="bodacc",
    label="Annonces du Bodacc",
    producer="DILA, Bodacc",
    data_class=DataClass.PUBLIC,
    file_pattern=r"(annonces-commerciales|bodacc)[^/]*\.(json|jsonl|ndjson|csv)",
    formats=("json", "text"),
    separator=";",
    flatten=flatten,
    document_keys=DOCUMENT_KEYS,
    explodes="sirens",
    is_flow=True,
    grain="une entreprise nommée par une annonce",
    raw_columns=tuple(RawColumn(name) for name in CELLS),
    fields=(
        _sirens_field(),
        _annonce_field(),
        date_iso("date_parution", "date_parution", "Date de parution"),
        _jugement_field(),
        text("famille", "famille", "Famille du jugement"),
        Field(
            Column("nature", Kind.TEXT, "Nature du jugement"),
            f"nullif({raw('nature')}, '')",
            "nature",
            Fault.NATURE,
            "une nature que les règles reconnaissent",
            drops_row=False,
            fault_sql=f"{raw('regle')} = ''",
        ),
        text("action", "action", "Procédure dont parle le jugement"),
        text("stade", "stade", "Stade de la procédure"),
        Field(
            Column("type_avis", Kind.TEXT, "Avis initial, rectificatif ou annulation"),
            f"CASE WHEN {raw('type_avis')} IN ('initial', 'rectificatif', '{CANCELLED}') THEN {raw('type_avis')} END",
            "type_avis",
            Fault.CODE,
            "annonce, rectificatif ou annulation",
            drops_row=False,
        ),
        text("annonce_precedente", "annonce_precedente", "Annonce que celle-ci remplace ou annule"),
        text("tribunal", "tribunal", "Tribunal"),
        text("departement", "departement", "Département"),
    ),
    filters=tuple(
        Filter(reason, f"{raw('exclusion')} = '{reason}'")
        for reason in ("autre_famille", "famille_exclue", "sans_siren")
    ),
    known_from="date_parution",
    freshness="year(date_parution) * 12 + month(date_parution) - 1",
    reference=(
        Reference("siren", "siren", "sirens"),
        *(
            Reference(name, name, name, Convert.DATE_ISO_OR_NULL if name.startswith("date_") else Convert.TEXT)
            for name in CELLS
            if name not in ("sirens", "sirens_illisibles", "regle", "exclusion")
        ),
    ),
)
