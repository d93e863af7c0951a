"""The conservative SQL dialect of the stages: what DuckDB runs and Spark will run the same way.

Rules (docs/adr/0003): months as integers, money as integer cents, sums of integers before any division, explicit casts,
explicit frames, ordered tie-breaks; none of the constructions below.
"""

from __future__ import annotations

import re

FORBIDDEN = {
    "ASOF JOIN": r"\bASOF\b",
    "QUALIFY": r"\bQUALIFY\b",
    "FILTER on a window": r"\bFILTER\s*\([^)]*\)\s*OVER\b",
    "named window with a frame": r"\bOVER\s*\(\s*[a-z_]+\s+(ROWS|RANGE)\b",
    "random sampling": r"\b(TABLESAMPLE|USING\s+SAMPLE|RANDOM\s*\()",
    "current clock": r"\b(NOW\s*\(|CURRENT_DATE|CURRENT_TIMESTAMP|TODAY\s*\()",
    "GROUP BY ALL": r"\bGROUP\s+BY\s+ALL\b",
}


def portability_faults(sql: str) -> list[str]:
    """Names of the forbidden constructions that a statement holds."""
    return [name for name, pattern in FORBIDDEN.items() if re.search(pattern, sql, re.IGNORECASE)]
