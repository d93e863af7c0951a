"""Views of the company sheet."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from signaux_faibles.domain.siren import SIREN_PATTERN
from signaux_faibles.web.accounts.rules import zone_of
from signaux_faibles.web.entreprises import selectors
from signaux_faibles.web.entreprises.blocks.entete import place
from signaux_faibles.web.entreprises.blocks.sheet import build_sheet
from signaux_faibles.web.entreprises.rules import readable_classes
from signaux_faibles.web.releases.models import Entreprise, Release
from signaux_faibles.web.releases.selectors import current_release, release_of_list
from signaux_faibles.web.ui.typography import of_month, spaced


def detail(request: HttpRequest, siren: str) -> HttpResponse:
    """The sheet of a company, in the current list or in the one asked for by `?liste=YYYY-MM`."""
    asked = request.GET.get("liste")
    release = release_of_list(asked) if asked else current_release()
    entreprise = selectors.find_entreprise(release, siren) if release and SIREN_PATTERN.fullmatch(siren) else None
    if release is None or entreprise is None:
        return _unknown(request, siren, release, asked)
    data = selectors.read_sheet(
        release,
        entreprise,
        readable_classes(request.user, entreprise),
        every_etablissement=request.GET.get("etablissements") == "tous",
    )
    content = {
        "rubrique": "listes",
        "fil": _trail(release, entreprise),
        "sheet": build_sheet(data),
        "entreprise": entreprise,
        "release": release,
        "is_current": release.is_current,
        "liste_query": "" if release.is_current else f"liste={release.list_month}",
        "zone": zone_of(request.user),
        "place": place(entreprise),
    }
    return render(request, "entreprises/fiche.html", content)


def _trail(release: Release, entreprise: Entreprise) -> list[dict[str, str]]:
    return [
        {"label": "Listes de détection", "url": reverse("lists:index")},
        {"label": f"Liste {of_month(release.list_month)}", "url": reverse("lists:detail", args=[release.list_month])},
        {"label": spaced(entreprise.raison_sociale or "Entreprise"), "url": ""},
    ]


def _unknown(request: HttpRequest, siren: str, release: Release | None, asked: str | None) -> HttpResponse:
    """404: says which list was read, and in which others the company is."""
    is_siren = SIREN_PATTERN.fullmatch(siren) is not None
    content = {
        "rubrique": "listes",
        "siren": siren if is_siren else "",
        "release": release,
        "is_list_unknown": bool(asked) and release is None,
        "elsewhere": selectors.lists_with(siren) if is_siren else [],
    }
    return render(request, "entreprises/inconnue.html", content, status=404)
