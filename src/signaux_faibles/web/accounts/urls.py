"""URLs of the account."""

from __future__ import annotations

from django.urls import path

from signaux_faibles.web.accounts import views

app_name = "accounts"

urlpatterns = [
    path("connexion/", views.sign_in_page, name="sign_in"),
    path("deconnexion/", views.sign_out, name="sign_out"),
]
