"""Write so that a crash leaves either the old content or the new one: the primitives, for the stages of the pipeline.

They are defined with the releases, because a release is written the same way and knows nothing of lakes.
"""

from signaux_faibles.release.writing import (
    fsync_folder,
    fsync_tree,
    recover_folder,
    replace_folder,
    write_bytes,
    write_folder,
    write_text,
)

__all__ = [
    "fsync_folder",
    "fsync_tree",
    "recover_folder",
    "replace_folder",
    "write_bytes",
    "write_folder",
    "write_text",
]
