"""The lake: one folder that holds everything the pipeline reads again.

Takes folders and files written by the stages; gives their places, atomic writing, the lock of the one writer and the
journal of what was done. Does not know what the tables mean.
"""

from signaux_faibles.lake.layout import Lake, open_lake
from signaux_faibles.lake.writing import write_folder, write_text

__all__ = ["Lake", "open_lake", "write_folder", "write_text"]
