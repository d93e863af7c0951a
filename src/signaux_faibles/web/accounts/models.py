"""Agents, what they are habilitated for, and failed sign-ins."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models


class UserManager(BaseUserManager["User"]):
    """Makes agents; the e-mail address is kept in lower case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Agent with a usable password, or an unusable one when none is given."""
        user: User = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        """Agent of an e-mail address, whatever its case."""
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser):
    """An agent; signs in with a professional e-mail address."""

    email = models.EmailField(unique=True)
    prenom = models.TextField()
    nom = models.TextField()
    fonction = models.TextField(blank=True)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["prenom", "nom"]

    def __str__(self) -> str:
        return self.get_full_name()

    def get_full_name(self) -> str:
        """First name and name, as on the screens."""
        return f"{self.prenom} {self.nom}".strip()


class Habilitation(models.Model):
    """Where an agent works: some departements, or the whole country. An agent without one has no zone."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="habilitation")
    is_national = models.BooleanField(default=False)
    departements = ArrayField(models.TextField(), default=list, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(is_national=False) | models.Q(departements=[]), name="national_or_departements"
            ),
        )


class SignInAttempt(models.Model):
    """Failed sign-ins of an address, known or not, so that an answer never tells which addresses exist.

    The address is kept as a keyed hash only.
    """

    address_hash = models.CharField(max_length=64, primary_key=True)
    failures_count = models.PositiveIntegerField(default=0)
    last_failure_at = models.DateTimeField(null=True)
    locked_until = models.DateTimeField(null=True)
