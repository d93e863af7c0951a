"""URLs of the service. Every page asks for a sign-in, except the sign-in itself."""

from __future__ import annotations

from importlib.util import find_spec

from django.urls import include, path
from django.views.generic import RedirectView

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="lists:index"), name="home"),
    path("compte/", include("signaux_faibles.web.accounts.urls")),
    path("listes/", include("signaux_faibles.web.lists.urls")),
]

if find_spec("signaux_faibles.web.entreprises") and find_spec("signaux_faibles.web.entreprises.urls"):
    # `entreprises.urls` declares app_name "entreprises" and path("<str:siren>/", ..., name="detail").
    urlpatterns.append(path("entreprises/", include("signaux_faibles.web.entreprises.urls")))

handler400 = "signaux_faibles.web.ui.views.bad_request"
handler403 = "signaux_faibles.web.ui.views.forbidden"
handler404 = "signaux_faibles.web.ui.views.not_found"
handler500 = "signaux_faibles.web.ui.views.server_error"
