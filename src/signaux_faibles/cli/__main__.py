"""`python -m signaux_faibles.cli` is `signaux`."""

from signaux_faibles.cli.app import main

main()
