"""URL of the home page."""

from __future__ import annotations

from django.urls import path

from signaux_faibles.web.pages import views

urlpatterns = [path("", views.home, name="home")]
