"""WSGI entry, served by gunicorn."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "signaux_faibles.web.config.settings.base")

application = get_wsgi_application()
