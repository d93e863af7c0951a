"""Creating agents, and signing in with a pause after repeated failures."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.contrib.auth import authenticate
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from signaux_faibles.web.accounts.models import Habilitation, SignInAttempt, User

MAX_FAILURES = 5
PAUSE = timedelta(minutes=15)
FORGET_AFTER = timedelta(hours=1)
"""Failures older than this no longer count."""


@dataclass(frozen=True)
class SignIn:
    """Outcome of an attempt: the agent, or how many tries are left before a pause (0: the pause runs)."""

    user: User | None
    tries_left: int = 0


def sign_in(request: HttpRequest, *, email: str, password: str) -> SignIn:
    """Check an address and a password; five failures within an hour start a pause of fifteen minutes.

    A known and an unknown address get the same answers, and the pause refuses a right password too.
    """
    key = _address_hash(email)
    with transaction.atomic():
        SignInAttempt.objects.get_or_create(address_hash=key)
        attempt = SignInAttempt.objects.select_for_update().get(address_hash=key)
        now = timezone.now()
        if attempt.locked_until and attempt.locked_until > now:
            return SignIn(None)
        user = authenticate(request, username=email.strip().lower(), password=password)
        if isinstance(user, User):
            attempt.delete()
            return SignIn(user)
        is_old = attempt.locked_until is not None or (
            attempt.last_failure_at is not None and attempt.last_failure_at < now - FORGET_AFTER
        )
        attempt.failures_count = 1 if is_old else attempt.failures_count + 1
        attempt.last_failure_at = now
        attempt.locked_until = now + PAUSE if attempt.failures_count >= MAX_FAILURES else None
        attempt.save()
        return SignIn(None, MAX_FAILURES - attempt.failures_count)


def _address_hash(email: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), email.strip().lower().encode(), hashlib.sha256).hexdigest()


@dataclass(frozen=True)
class AgentIdentity:
    """Who an agent is."""

    email: str
    prenom: str
    nom: str
    fonction: str = ""


@transaction.atomic
def save_agent(
    identity: AgentIdentity, *, password: str, departements: Collection[str] = (), is_national: bool = False
) -> User:
    """Create an agent, or bring the one with this address to this identity, password and habilitation."""
    email = identity.email.strip().lower()
    user = User.objects.filter(email=email).first() or User(email=email)
    user.prenom, user.nom, user.fonction, user.is_active = identity.prenom, identity.nom, identity.fonction, True
    # A new hash would sign the agent out: keep the old one while it still matches.
    if not user.password or not user.check_password(password):
        user.set_password(password)
    user.save()
    codes = [] if is_national else sorted(departements)
    Habilitation.objects.update_or_create(user=user, defaults={"is_national": is_national, "departements": codes})
    return user
