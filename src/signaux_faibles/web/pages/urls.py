"""URLs of the home page and of what is said of the model."""

from __future__ import annotations

from django.urls import path

from signaux_faibles.web.pages import views

urlpatterns = [
    path("", views.home, name="home"),
    path("modele/", views.model, name="model"),
    path("modele/<slug:name>.svg", views.model_drawing, name="model-drawing"),
    path("modele/<slug:name>/", views.model_document, name="model-document"),
]
