"""Who may see the confidential data of which company, as a Python predicate and as the same predicate in SQL."""
