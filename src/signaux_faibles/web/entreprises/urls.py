"""URLs of the company sheet."""

from __future__ import annotations

from django.urls import path

from signaux_faibles.web.entreprises import views

app_name = "entreprises"

urlpatterns = [path("<str:siren>/", views.detail, name="detail")]
