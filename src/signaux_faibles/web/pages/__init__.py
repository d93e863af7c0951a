"""The home page: search a company anywhere in France, and what the current list holds in the agent's zone."""
