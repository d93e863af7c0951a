"""URLs of the lists."""

from __future__ import annotations

from django.urls import path

from signaux_faibles.web.lists import views

app_name = "lists"

urlpatterns = [
    path("", views.index, name="index"),
    path("<str:list_month>/", views.detail, name="detail"),
]
