"""From a label that marks who fails some day to the year in which it does.

Some panels say on every row of a company whether it ever fails. Learnt as it stands, that label gives the future away.
The event is then the last row of a company that fails. One that does not fail and leaves before the last time of the
table (merger, delisting) leaves without a label: nobody knows how its last row would have ended.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from signaux_faibles.bench.models.choices import Event
from signaux_faibles.bench.models.dataset import Dataset
from signaux_faibles.domain.errors import InputError


def at_last_row(data: Dataset, event: Event) -> Dataset:
    """Rows labelled by the event, sorted by group then time.

    Parameters
    ----------
    event : Event
        `last` leaves out the last row of who leaves without failing; `last-kept` counts it as survived. The first uses
        hindsight, the second calls survivors some that may have failed elsewhere: both are worth quoting.

    Raises
    ------
    InputError
        If there is no group or time, a row stands twice, or a group has both labels.
    """
    if data.group is None or data.time is None:
        raise InputError("The event of a last row needs who and when.", todo="Give --group and --time.")
    order = np.lexsort((data.time, data.group))
    group, time, failure = data.group[order], data.time[order], data.failure[order]
    follows = group[1:] == group[:-1]
    twice = int((follows & (time[1:] == time[:-1])).sum())
    mixed = int((follows & (failure[1:] != failure[:-1])).sum())
    if twice or mixed:
        raise InputError(
            f"The event of a last row expects one row for each group and time, and one label for each group: found "
            f"{twice} rows twice, {mixed} changes of label.",
            todo="Use --event row.",
        )
    is_last = np.append(~follows, True)
    told = replace(data, values=data.values[order], failure=failure * is_last, group=group, time=time)
    if event is Event.LAST_KEPT:
        return told
    return told.kept(~(is_last & (failure == 0) & (time < time.max())))
