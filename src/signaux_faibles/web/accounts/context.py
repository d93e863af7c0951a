"""What every page says of the agent who reads it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from signaux_faibles.web.accounts.rules import zone_of
from signaux_faibles.web.ui.typography import spaced


def agent(request: HttpRequest) -> dict[str, Any]:
    """`agent`: name and description of the signed-in agent, None when nobody is."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"agent": None}
    description = " · ".join(filter(None, [user.fonction, zone_of(user).label]))
    return {"agent": {"name": user.get_full_name(), "description": spaced(description)}}
