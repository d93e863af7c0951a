"""Sign-in form."""

from __future__ import annotations

from django import forms


class SignInForm(forms.Form):
    """Address and password; what is wrong is said in French, field by field."""

    email = forms.EmailField(
        max_length=254,
        error_messages={
            "required": "Écrivez votre adresse électronique.",
            "invalid": "Cette adresse n’est pas complète. Exemple : prenom.nom@administration.example",
        },
    )
    password = forms.CharField(strip=False, max_length=1000, error_messages={"required": "Écrivez votre mot de passe."})
