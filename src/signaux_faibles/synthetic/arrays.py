"""Names of the array types that the simulator passes around."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Singles = NDArray[np.float32]

NEVER = 30_000
"""Month index of what never happens in the simulation (fits a 16-bit integer)."""
