"""What the importer before ours makes of one row of each source."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from signaux_faibles.ingest.reference.cells import CONVERTERS, Value, to_float, to_int, to_periode
from signaux_faibles.ingest.reference.messages import CellError, Day, parse_day
from signaux_faibles.schema.insee import NAF
from signaux_faibles.schema.source import Convert, Source
from signaux_faibles.sources.sirene import COMMUNE, INDICES, TYPES_VOIE

Cells = dict[str, str]
Tuple = list[Value]

_KINDS = ("liquidation", "redressement", "sauvegarde")
_NOT_DIGIT = re.compile("[^0-9]")
_COMMUNE, _POSTAL, _NAF = re.compile(COMMUNE), re.compile("[0-9]{5}"), re.compile(NAF)


@dataclass
class Outcome:
    """Tuples and errors of a row; a reason to skip it wins over both."""

    tuples: list[Tuple] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    skipped: str = ""


Reader = Callable[[Source, Cells], Outcome]


def reader_of(source: Source, months: list[tuple[str, Day]]) -> Reader:
    """Function that reads a row of a source; `months` are the month columns of a wide file."""
    if source.is_wide:
        return lambda declared, cells: _wide(declared, cells, months)
    return _READERS.get(source.name, _plain)


def _converted(source: Source, cells: Cells, errors: list[str]) -> dict[str, Value]:
    """Every cell of a row, by name in the CSV; errors in the order of the columns."""
    values: dict[str, Value] = {}
    names = [reference.csv or reference.json for reference in source.reference]
    for rank, (name, reference) in enumerate(zip(names, source.reference, strict=True)):
        try:
            if reference.convert is Convert.PERIODE:
                values[name], values[names[rank + 1]] = to_periode(cells[reference.raw])
            elif reference.raw:
                values[name] = CONVERTERS[reference.convert](cells[reference.raw])
        except CellError as error:
            errors.append(str(error))
    return values


def _in_order(source: Source, values: dict[str, Value]) -> Tuple:
    return [values[reference.csv or reference.json] for reference in source.reference]


def _plain(source: Source, cells: Cells) -> Outcome:
    outcome = Outcome()
    values = _converted(source, cells, outcome.errors)
    if not outcome.errors:
        outcome.tuples.append(_in_order(source, values))
    return outcome


def _debit(source: Source, cells: Cells) -> Outcome:
    outcome = Outcome()
    values = _converted(source, cells, outcome.errors)
    day, start, end = values.get("date_traitement"), values.get("période_début"), values.get("période_fin")
    if outcome.errors or not (isinstance(day, Day) and isinstance(start, Day) and isinstance(end, Day)):
        return outcome
    month = day.year * 12 + day.month - 1 + (day.day > 20)
    values["période_prise_en_compte"] = Day(month // 12, month % 12 + 1, 1)
    bounds = f"{start}{end}".replace("-", "")
    values["debit_id"] = f"{values['siret']}{bounds}{values['numéro_écart_négatif']}"
    outcome.tuples.append(_in_order(source, values))
    return outcome


def _delai(source: Source, cells: Cells) -> Outcome:
    duration = cells["Duree_delai"]
    try:
        CONVERTERS[Convert.INTEGER](duration)
    except CellError:
        duration = "0"
    return _plain(source, {**cells, "Duree_delai": duration})


def _apdemande(source: Source, cells: Cells) -> Outcome:
    if not cells["ETAB_SIRET"]:
        return Outcome(errors=["invalidLine: siret unspecified"])
    outcome = Outcome()
    values = _converted(source, cells, outcome.errors)
    motif = values.get("motif_recours_se", 0)
    if motif is not None and motif not in range(1, 8):
        after = next((n for n, text in enumerate(outcome.errors) if "Atoi" in text), len(outcome.errors) - 1) + 1
        outcome.errors.insert(after, f'property "MOTIF_RECOURS_SE" has invalid value\u00a0: {motif}. Value ignored')
    if not outcome.errors:
        outcome.tuples.append(_in_order(source, values))
    return outcome


def procol_label(label: str) -> tuple[str, str]:
    """Kind and stage of a label: the first piece that names a kind, and the others."""
    pieces = label.lower().split("_")
    rank = next((n for n, piece in enumerate(pieces) if any(kind in piece for kind in _KINDS)), -1)
    if rank < 0:
        return "", ""
    return pieces[rank], "_".join(pieces[:rank] + pieces[rank + 1 :])


def _procol(source: Source, cells: Cells) -> Outcome:
    outcome = Outcome()
    values = _converted(source, cells, outcome.errors)
    values["action_procol"], values["stade_procol"] = procol_label(cells["Lib_actx_stdx"])
    if not outcome.errors:
        outcome.tuples.append(_in_order(source, values))
    return outcome


def _wide(source: Source, cells: Cells, months: list[tuple[str, Day]]) -> Outcome:
    outcome = Outcome()
    keys: Tuple = [cells[reference.raw] for reference in source.reference if reference.raw]
    convert = to_int if source.name == "effectif" else lambda text: int(to_float(text))
    for name, day in months:
        if not cells[name]:
            continue
        headcount = 0
        try:
            headcount = convert(_NOT_DIGIT.sub("", cells[name]))
        except CellError as error:
            outcome.errors.append(str(error))
        outcome.tuples.append([*keys, day, headcount])
    return outcome


def _is_other_nomenclature(cells: Cells, unit: str) -> bool:
    return bool(cells[f"activitePrincipale{unit}"]) and cells[f"nomenclatureActivitePrincipale{unit}"] != "NAFRev2"


def _matching(pattern: re.Pattern[str], text: str) -> str:
    return text if pattern.fullmatch(text) else ""


def _skip(cells: Cells, unit: str) -> Outcome:
    return Outcome(skipped=f"nomenclature activité non NAFRev2 : {cells[f'nomenclatureActivitePrincipale{unit}']}")


def _sirene(source: Source, cells: Cells) -> Outcome:
    if _is_other_nomenclature(cells, "Etablissement"):
        return _skip(cells, "Etablissement")
    outcome = Outcome()
    values = _converted(source, cells, outcome.errors)
    commune = _matching(_COMMUNE, cells["codeCommuneEtablissement"])
    values.update(
        {
            "siege": values.get("siege", False),
            "indrep": INDICES.get(cells["indiceRepetitionEtablissement"], ""),
            "type_voie": TYPES_VOIE.get(cells["typeVoieEtablissement"], ""),
            "code_commune": commune,
            "code_postal": _matching(_POSTAL, cells["codePostalEtablissement"]),
            "département": commune[:3] if commune[:2] in ("97", "98") else commune[:2],
            "ape": _matching(_NAF, cells["activitePrincipaleEtablissement"]),
            "longitude": values.get("longitude") or 0.0,
            "latitude": values.get("latitude") or 0.0,
            "est_actif": cells["etatAdministratifEtablissement"] == "A",
        }
    )
    outcome.tuples.append(_in_order(source, values))
    return outcome


def _sirene_ul(source: Source, cells: Cells) -> Outcome:
    if _is_other_nomenclature(cells, "UniteLegale"):
        return _skip(cells, "UniteLegale")
    outcome = Outcome()
    values = _converted(source, cells, outcome.errors)
    values["APE"] = _matching(_NAF, cells["activitePrincipaleUniteLegale"])
    values["EstActif"] = cells["etatAdministratifUniteLegale"] == "A"
    outcome.tuples.append(_in_order(source, values))
    return outcome


def _sirene_histo(source: Source, cells: Cells) -> Outcome:
    dates: list[Value] = []
    for name in ("dateDebut", "dateFin"):
        try:
            dates.append(parse_day(cells[name], "2006-01-02") if cells[name] else None)
        except CellError as error:
            return Outcome(errors=[str(error)])
    if dates == [None, None]:
        return Outcome(skipped="aucune date")
    state = cells["etatAdministratifEtablissement"]
    if state not in ("A", "F"):
        return Outcome(skipped="état inconnu")
    try:
        change = CONVERTERS[Convert.BOOLEAN](cells["changementEtatAdministratifEtablissement"])
    except CellError as error:
        return Outcome(errors=[str(error)])
    return Outcome(tuples=[[cells["siret"], *dates, state == "A", change]])


def _bodacc(source: Source, cells: Cells) -> Outcome:
    """One tuple per company of a notice; what is wrong in it is said and keeps its tuples."""
    if cells["exclusion"]:
        return Outcome(skipped=cells["exclusion"])
    outcome = Outcome(errors=[f"siren invalide : {word}" for word in cells["sirens_illisibles"].split()])
    if not cells["regle"]:
        outcome.errors.append(f"nature inconnue : {cells['nature']}")
    values = _converted(source, cells, outcome.errors)
    for word in cells["sirens"].split():
        outcome.tuples.append(_in_order(source, {**values, "siren": word}))
    return outcome


def _filter(source: Source, cells: Cells) -> Outcome:
    return Outcome(skipped="en-tête") if cells["siren"] == "siren" else _plain(source, cells)


_READERS: dict[str, Reader] = {
    "bodacc": _bodacc,
    "filter": _filter,
    "debit": _debit,
    "delai": _delai,
    "apdemande": _apdemande,
    "procol": _procol,
    "sirene": _sirene,
    "sirene_ul": _sirene_ul,
    "sirene_histo": _sirene_histo,
}
