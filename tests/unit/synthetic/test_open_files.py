"""The public files: what the notices say and when, what the bands say and of whom."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from datetime import date

import numpy as np
import pytest

from signaux_faibles.domain.periode import month_of
from signaux_faibles.domain.tranche_effectif import LOWER_BOUNDS, NOT_EMPLOYING, band_of
from signaux_faibles.synthetic.arrays import NEVER
from signaux_faibles.synthetic.block import Block, World
from signaux_faibles.synthetic.files.bodacc import COLUMNS, announcement_lines
from signaux_faibles.synthetic.files.open_sirene import bands, lambert_93, open_unit_lines, reference_year
from signaux_faibles.synthetic.files.proceedings import proceeding_lines
from signaux_faibles.synthetic.files.sirene import UNIT_COLUMNS


@pytest.fixture(scope="module")
def notices(world: World, block: Block) -> list[dict[str, str]]:
    lines = announcement_lines(world, block, 0)
    text = "\n".join(line.decode() for line in lines.text.to_pylist())
    rows = list(csv.DictReader(io.StringIO(text), fieldnames=COLUMNS, delimiter=";"))
    for row, since in zip(rows, lines.since.tolist(), strict=True):
        assert month_of(date.fromisoformat(row["dateparution"])) == world.first_month + since
        assert None not in row
    return rows


def test_a_notice_is_public_some_days_after_its_judgment(notices: list[dict[str, str]]) -> None:
    delays = []
    for row in notices:
        judged = json.loads(row["jugement"])["date"]
        if row["typeavis"] == "annonce" and judged[4] == "-":
            delays.append((date.fromisoformat(row["dateparution"]) - date.fromisoformat(judged)).days)
    usual = [days for days in delays if days <= 18]
    assert len(usual) > 0.9 * len(delays)
    assert min(usual) == 4
    assert len(set(usual)) > 8


def test_every_opening_of_urssaf_has_its_notice(world: World, block: Block, notices: list[dict[str, str]]) -> None:
    openings = {
        line.decode().split(";")[1]
        for line in proceeding_lines(world, block, 0).text.to_pylist()
        if "ouverture" in line.decode().lower()
    }
    named = {row["registre"].split(",")[1] for row in notices if row["typeavis"] == "annonce"}
    assert len(openings) > 20
    assert openings <= named


def test_a_notice_put_right_is_named_by_the_one_that_does_it(notices: list[dict[str, str]]) -> None:
    published = {row["id"]: row for row in notices}
    assert len(published) == len(notices), "two notices with one identifier"
    later = [row for row in notices if row["parutionavisprecedent"]]
    assert {row["typeavis"] for row in later} <= {"rectificatif", "annulation"}
    assert len(later) == sum(row["typeavis"] != "annonce" for row in notices)
    for row in later:
        previous = json.loads(row["parutionavisprecedent"])
        first = published["A" + previous["numeroParution"] + previous["numeroAnnonce"]]
        assert first["registre"] == row["registre"]
        assert first["dateparution"] < row["dateparution"]


def test_people_and_days_are_written_in_every_way_met(notices: list[dict[str, str]]) -> None:
    people = [json.loads(row["listepersonnes"])["personne"] for row in notices]
    assert {type(one) for one in people} == {dict, list}
    first = [one[0] if isinstance(one, list) else one for one in people]
    assert {"inscriptionRM", "numeroImmatriculation"} <= {key for one in first for key in one}
    ways = Counter(
        "words" if "\u00a0" in day else "slashes" if "/" in day else "iso"
        for day in (json.loads(row["jugement"])["date"] for row in notices)
    )
    assert set(ways) == {"iso", "slashes", "words"}
    assert ways.most_common(1)[0][0] == "iso"


def test_bands_are_those_of_insee() -> None:
    sizes = np.array([0, 1, 2, 3, 9, 10, 19, 20, 49, 50, 250, 499, 9_999, 10_000, 50_000])
    found = bands(sizes, np.ones(len(sizes), bool)).to_pylist()
    assert found == [band_of(int(size)) for size in sizes]
    assert found[:6] == ["00", "01", "01", "02", "03", "11"]
    assert bands(sizes, np.zeros(len(sizes), bool)).to_pylist() == [NOT_EMPLOYING] * len(sizes)
    assert set(found) < set(LOWER_BOUNDS)


def test_a_unit_that_ceased_before_the_reference_year_has_no_band(world: World, block: Block) -> None:
    batch = world.months - 1
    lines = open_unit_lines(world, block, batch)
    alive = (lines.since <= batch) & (batch < lines.until)
    rows = [
        dict(zip(UNIT_COLUMNS, line.decode().split(","), strict=True))
        for line, is_alive in zip(lines.text.to_pylist(), alive, strict=True)
        if is_alive
    ]
    end = dict(zip(map(str, block.population.siren.tolist()), block.lives.end.tolist(), strict=True))
    year = reference_year(world, batch)
    first = year * 12 - world.first_month
    ceased = [row for row in rows if end[row["siren"]] <= first]
    assert len(ceased) > 5
    assert {row["trancheEffectifsUniteLegale"] for row in ceased} == {NOT_EMPLOYING}
    running = [row for row in rows if end[row["siren"]] == NEVER]
    known = [row for row in running if row["trancheEffectifsUniteLegale"] in LOWER_BOUNDS]
    assert len(known) > 0.8 * len(running)
    assert {row["anneeEffectifsUniteLegale"] for row in known} == {str(year)}


def test_lambert_93_gives_known_places() -> None:
    x, y = lambert_93(np.array([3.0, 2.3522]), np.array([46.5, 48.8566]))
    assert abs(x[0] - 700_000) < 1
    assert abs(y[0] - 6_600_000) < 5, "the origin of the projection"
    assert abs(x[1] - 652_469) < 30
    assert abs(y[1] - 6_862_035) < 30, "the town hall of Paris"
