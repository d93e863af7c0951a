"""The home page: search a company anywhere in France, what the current list holds in the agent's zone; the model."""
