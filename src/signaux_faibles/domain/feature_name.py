"""What the name of a feature tells by itself: releases carry names, not the declarations behind them."""

from __future__ import annotations


def is_change(name: str) -> bool:
    """Whether a feature tells how much something changed (`debit_change_3m_months`): its figure is read with a sign."""
    return "_change_" in name
