"""What an agent's habilitation means."""

from __future__ import annotations

from dataclasses import dataclass

from signaux_faibles.domain.territoire import departements, departements_of_region
from signaux_faibles.web.accounts.models import Habilitation, User


@dataclass(frozen=True)
class Zone:
    """Where an agent works.

    Parameters
    ----------
    is_national : bool
        The whole country; `codes` is then empty.
    codes : frozenset of str
        Codes of the departements; empty with `is_national` false means no zone at all.
    """

    is_national: bool
    codes: frozenset[str]

    @property
    def is_empty(self) -> bool:
        """An agent without habilitation sees no confidential data anywhere."""
        return not self.is_national and not self.codes

    @property
    def label(self) -> str:
        """French name: `France entière`, a region when all of it is there, else departements by name or by number."""
        if self.is_national:
            return "France entière"
        known = departements()
        names = [known[code].libelle if code in known else code for code in sorted(self.codes)]
        for region in {known[code].region for code in self.codes if code in known}:
            if len(self.codes) > 1 and frozenset(departements_of_region(region)) == self.codes:
                return next(known[code].libelle_region for code in self.codes)
        if len(names) > 3:
            return f"{len(names)} départements"
        return ", ".join(names) or "Aucune zone"


NO_ZONE = Zone(is_national=False, codes=frozenset())


def zone_of(user: User) -> Zone:
    """Zone of an agent: that of the habilitation, nothing without one or when the account is closed.

    Read once per request: the answer is kept on the user object.
    """
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return NO_ZONE
    kept: Zone | None = getattr(user, "_zone", None)
    if kept is None:
        kept = user._zone = _read_zone(user)
    return kept


def _read_zone(user: User) -> Zone:
    habilitation = Habilitation.objects.filter(user_id=user.pk).first()
    if habilitation is None:
        return NO_ZONE
    if habilitation.is_national:
        return Zone(is_national=True, codes=frozenset())
    return Zone(is_national=False, codes=frozenset(habilitation.departements))
