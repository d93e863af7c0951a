"""Words of the trade, in pure Python: no dataframe, no engine, no web.

Takes nothing, gives the vocabulary that every other layer shares: identifiers, months, activity codes,
territories, collective proceedings, alert levels, themes, data classes, errors. Does not read data: the only
files it opens are the small public nomenclatures shipped beside it.
"""
