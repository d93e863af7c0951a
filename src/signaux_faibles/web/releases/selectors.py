"""Which releases are loaded, and which one a page shows."""

from __future__ import annotations

from signaux_faibles.web.releases.models import Document, Release


def current_release() -> Release | None:
    """Release of the latest list; None when nothing is loaded."""
    return Release.objects.filter(is_current=True).first()


def published_releases() -> list[Release]:
    """One release per list, the latest list first; of two releases of one list, the one loaded last."""
    latest: dict[str, Release] = {}
    for release in Release.objects.order_by("-list_month", "-loaded_at", "release_id"):
        latest.setdefault(release.list_month, release)
    return list(latest.values())


def release_of_list(list_month: str) -> Release | None:
    """Release to show for a list written `YYYY-MM`; None when that list is not loaded."""
    return Release.objects.filter(list_month=list_month).order_by("-loaded_at", "release_id").first()


def document_names(release: Release) -> frozenset[str]:
    """Names of the files of `rapport/` that a release brought."""
    return frozenset(Document.objects.filter(release=release).values_list("name", flat=True))


def document(release: Release, name: str) -> str | None:
    """Text of a file of `rapport/`; None when the release has none of that name."""
    return Document.objects.filter(release=release, name=name).values_list("content", flat=True).first()
