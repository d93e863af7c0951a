"""What the simulator makes, told from its own parameters and files."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

from signaux_faibles.synthetic.files.catalogue import FILES_OF_PROFILE
from signaux_faibles.synthetic.parameters import DEFAULTS
from signaux_faibles.synthetic.regime import DEFAULT_SCENARIO, SCENARIOS, read_scenario
from signaux_faibles.synthetic.sectors import GROUPS, group_shares


def describe() -> str:
    """Scenarios, files, sectors and parameters, as text for the command line."""
    lines = ["Scenarios (or the path of a YAML file with the same keys):"]
    for name in SCENARIOS:
        mark = " (default)" if name == DEFAULT_SCENARIO else ""
        lines.append(f"  {name}{mark}: {read_scenario(name)['label']}")
    for profile, files in FILES_OF_PROFILE.items():
        lines += ["", f"Files of a batch (raw/<YYMM>/), profile {profile}:"]
        for file in files:
            kind = "flow: the month's rows; the first batch holds the past" if file.flow else "stock: everything known"
            lines.append(f"  {file.name}  [{kind}]")
    lines += ["", "Truth (truth/): health.parquet, failures.parquet", "", "Sectors (share of companies):"]
    lines += [f"  {group.name}: {share:.3f}" for group, share in zip(GROUPS, group_shares(), strict=True)]
    lines += ["", "Parameters (rates are per month):"]
    lines += [f"  {name} = {value}" for name, value in parameter_values()]
    return "\n".join(lines)


def parameter_values(given: Any = DEFAULTS, prefix: str = "") -> list[tuple[str, float | int]]:
    """Every parameter by its dotted name, in the order of declaration."""
    values: list[tuple[str, float | int]] = []
    for item in fields(given):
        value = getattr(given, item.name)
        name = f"{prefix}{item.name}"
        values += parameter_values(value, f"{name}.") if is_dataclass(value) else [(name, value)]
    return values
