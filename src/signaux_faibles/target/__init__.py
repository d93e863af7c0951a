"""The event to foresee: first opening of a collective proceeding within the horizon.

Takes the events of a panel (`panel.events`) and the months that the files of proceedings tell; gives labels, at any
horizon, as a query that the readers of features join to them. Does not meet the features, and writes nothing unless
asked.
"""
