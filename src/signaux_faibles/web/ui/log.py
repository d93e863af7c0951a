"""What a log may hold: kinds of errors, never the path of a page, which names a company."""

from __future__ import annotations

import logging
import re

_IDENTIFIER = re.compile(r"\b[0-9]{9}(?:[0-9]{5})?\b")


class WithoutPath(logging.Filter):
    """Replaces every SIREN and SIRET of a log line by a mark, in its message and in its arguments."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Clean the line; always keep it."""
        record.msg = _IDENTIFIER.sub("[identifiant]", record.getMessage())
        record.args = ()
        if record.exc_info:
            text = logging.Formatter().formatException(record.exc_info)
            record.exc_text = _IDENTIFIER.sub("[identifiant]", text)
        return True
