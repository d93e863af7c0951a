"""Siren x month: what was known of every company at the end of every month.

Takes the version logs of the staged sources; gives one gapless table of states (no ratio, no window: those are
features) and the table of proceedings. A row (siren, t) reads only raw rows with `known_from` at or before the last
day of t: here that is `known_month <= t < until_month`, everywhere, by construction of `as_of`.
"""
