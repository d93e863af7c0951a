"""What an agent may read on a sheet."""

from __future__ import annotations

from signaux_faibles.domain.data_class import DataClass
from signaux_faibles.web.accounts.models import User
from signaux_faibles.web.policy.rules import Located, can_see_class


def readable_classes(user: User, entreprise: Located) -> frozenset[DataClass]:
    """The public classes for every agent; the others for the agents whose zone holds the company."""
    return frozenset(kind for kind in DataClass if can_see_class(user, entreprise, kind))
