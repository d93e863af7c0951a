"""The service: reads releases, shows French pages to habilitated agents.

Takes release folders (`signaux_faibles.release`); gives pages served by gunicorn over PostgreSQL. Knows nothing of the
pipeline, of the lake's tables or of the model. Inside: `config` on top, then `ops`, `entreprises`, `lists`, `releases`,
`policy`, `accounts`, `ui`, each importing lower ones only.
"""
