"""Starts, feeds and stops the service: database, migrations, releases, demonstration agents, gunicorn."""
