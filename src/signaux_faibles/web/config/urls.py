"""URLs of the service. Every page asks for a sign-in, except the sign-in itself."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("signaux_faibles.web.pages.urls")),
    path("compte/", include("signaux_faibles.web.accounts.urls")),
    path("listes/", include("signaux_faibles.web.lists.urls")),
    path("entreprises/", include("signaux_faibles.web.entreprises.urls")),
]

handler400 = "signaux_faibles.web.ui.views.bad_request"
handler403 = "signaux_faibles.web.ui.views.forbidden"
handler404 = "signaux_faibles.web.ui.views.not_found"
handler500 = "signaux_faibles.web.ui.views.server_error"
