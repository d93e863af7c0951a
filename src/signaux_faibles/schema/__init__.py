"""How a table is declared and checked: columns with a type, a unit, a French label, a class; tables with a key.

Takes the vocabulary of `domain`; gives declarations that sources, panel, features, release and documentation share.
Does not read or write data.
"""

from signaux_faibles.schema.column import Column, Kind
from signaux_faibles.schema.table import Table

__all__ = ["Column", "Kind", "Table"]
