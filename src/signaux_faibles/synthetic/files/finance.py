"""Files about money: published ratios of annual accounts, and delays of payment to suppliers."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from signaux_faibles.synthetic.accounts import INTEGERS
from signaux_faibles.synthetic.arrays import Ints
from signaux_faibles.synthetic.block import Block, World
from signaux_faibles.synthetic.dirt import Weakness
from signaux_faibles.synthetic.files.raw_file import RawFile, constant_header, delivery_draw
from signaux_faibles.synthetic.text import Lines, choose, dates, day_number, hundredths, integers, join, rounded

_ORDER_TEXT = (
    "chiffre_d_affaires marge_brute ebe ebit resultat_net taux_d_endettement ratio_de_liquidite "
    "ratio_de_vetuste autonomie_financiere poids_bfr_exploitation_sur_ca couverture_des_interets caf_sur_ca "
    "capacite_de_remboursement marge_ebe resultat_courant_avant_impots_sur_ca "
    "poids_bfr_exploitation_sur_ca_jours rotation_des_stocks_jours credit_clients_jours "
    "credit_fournisseurs_jours"
)
_ORDER = tuple(_ORDER_TEXT.split())
_BLANK_SHARE = 0.03

_BUREAU_COLUMNS_TEXT = (
    "id_bureau siren dénomination enseigne adresse1 adresse2 code_postal ville pays telephone naf effectif "
    "tranche groupe tete_groupe pays_groupe forme date_creation etat_organisation date_etat origine "
    "code_paydex nbr_jrs_retard nbr_fournisseurs encours_etudies devise note_100_alerteur_plus_30 "
    "note_100_alerteur_plus_90_jours tendance commentaire date_valeur"
)
_BUREAU_COLUMNS = tuple(_BUREAU_COLUMNS_TEXT.split())


def _last_days(world: World, month: Ints) -> Ints:
    """Last day of each month."""
    return day_number(world.first_month + month + 1, np.zeros(len(month), dtype=np.int64)) - 1


def ratio_lines(world: World, block: Block, _batch: int) -> Lines:
    """Accounts published so far; a company that files again replaces its earlier line."""
    annual = block.annual
    draw = delivery_draw(world, block, 13)
    columns: list[pa.Array | str] = [
        integers(block.population.siren[annual.company]),
        dates(_last_days(world, annual.closing), "compact"),
    ]
    for name in _ORDER:
        values = annual.values[name]
        blank = draw.random(len(values)) < _BLANK_SHARE
        if name in INTEGERS:
            columns.append(integers(np.rint(values).astype(np.int64), null=blank if name == "marge_brute" else None))
        else:
            columns.append(rounded(values, null=blank))
    columns.append(pa.array(list(annual.kind), pa.string()))
    return Lines(join(columns, ";"), annual.company, annual.filed, annual.superseded)


def payment_lines(world: World, block: Block, _batch: int) -> Lines:
    """Delays of the month before the batch; delivered once."""
    delays, people = block.payments, block.population
    unscored = delays.over_30 < 0
    filled: dict[str, pa.Array | str] = {
        "id_bureau": integers(900_000_000 + people.index[delays.company]),
        "siren": integers(people.siren[delays.company]),
        "dénomination": choose([f"SOCIÉTÉ {name}" for name in people.name], delays.company),
        "pays": "FR",
        "etat_organisation": choose(
            ("Actif", "Actif avec procédure"), block.lives.state[delays.month, delays.company] > 0
        ),
        "code_paydex": choose([f"{code:03d}" for code in range(100)], delays.code),
        "nbr_jrs_retard": integers(delays.days),
        "nbr_fournisseurs": integers(delays.suppliers),
        "encours_etudies": integers(delays.exposure_eur),
        "devise": "EUR",
        "note_100_alerteur_plus_30": hundredths(np.maximum(delays.over_30, 0), null=unscored),
        "note_100_alerteur_plus_90_jours": hundredths(np.maximum(delays.over_90, 0), null=unscored),
        "date_valeur": dates(_last_days(world, delays.month), "iso"),
    }
    text = join([filled.get(name, "") for name in _BUREAU_COLUMNS], ";")
    return Lines(text, delays.company, delays.month + 1, delays.month + 2)


RATIOS = RawFile(
    name="ratios_inpi_bce.csv",
    header=constant_header(";".join(["siren", "date_cloture_exercice", *_ORDER, "type_bilan"])),
    lines=ratio_lines,
    weakness=Weakness(";", key=0, date=1, number=2),
    rank=13,
)
PAYMENTS = RawFile(
    name="altares_mensuel_{month}.csv",
    header=constant_header(";".join(_BUREAU_COLUMNS)),
    lines=payment_lines,
    weakness=Weakness(";", key=1, date=30, number=22),
    rank=14,
    flow=True,
    encoding="iso-8859-15",
    trailer="Fin du fichier : total {count} ligne(s)",
)
