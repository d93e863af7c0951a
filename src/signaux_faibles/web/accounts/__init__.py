"""Agents, their habilitation (which departements they work on), sign-in and sign-out."""
