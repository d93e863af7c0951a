"""No protocol lets a learner, a threshold or a choice of parameters see what it is judged on."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from signaux_faibles.bench.models.choices import Protocol, Sharing
from signaux_faibles.bench.models.dataset import Dataset
from signaux_faibles.bench.models.protocols import inner_folds, outer_folds
from signaux_faibles.domain.errors import InputError, StageError


def panel(groups: int = 60, times: int = 8) -> Dataset:
    """Every group at every time; a third of the groups fail at their rows of even times."""
    group, time = np.repeat(np.arange(groups), times), np.tile(np.arange(2000.0, 2000 + times), groups)
    failure = ((group % 3 == 0) & (time % 2 == 0)) | ((group % 3 == 1) & (time % 2 == 1))
    return Dataset(("x",), group[:, None].astype(float), 1, failure.astype(np.float32), group, time)


@pytest.mark.parametrize("protocol", [Protocol.KFOLD, Protocol.GROUPED])
def test_folds_cover_every_row_once_and_share_no_row_nor_group(protocol: Protocol) -> None:
    data = panel() if protocol is Protocol.GROUPED else replace(panel(), group=None)
    sharing = Sharing(protocol, folds_count=5)
    folds = outer_folds(data, sharing)
    assert sorted(np.concatenate([fold.test for fold in folds]).tolist()) == list(range(len(data)))
    for fold in folds:
        assert not set(fold.train) & set(fold.test)
        for inner in inner_folds(data, fold.train, sharing):
            assert set(inner.train) | set(inner.test) == set(fold.train)
            assert not set(inner.train) & set(inner.test)
            if data.group is not None:
                assert not set(data.group[inner.train]) & set(data.group[inner.test])
        if data.group is not None:
            assert not set(data.group[fold.train]) & set(data.group[fold.test])


def test_a_walk_learns_from_the_past_only() -> None:
    data = panel()
    sharing = Sharing(Protocol.WALK, first_test=2005, first_train=2001)
    folds = outer_folds(data, sharing)
    assert [fold.name for fold in folds] == ["2005", "2006", "2007"]
    for fold, time in zip(folds, (2005, 2006, 2007), strict=True):
        assert set(data.times[fold.test]) == {time}
        assert set(data.times[fold.train]) == set(range(2001, time))
        (inner,) = inner_folds(data, fold.train, sharing)
        assert data.times[inner.train].max() < data.times[inner.test].min()
        assert data.times[inner.test].max() < time
        assert set(inner.train) | set(inner.test) == set(fold.train)


def test_half_of_the_times_are_judged_unless_said() -> None:
    assert [fold.name for fold in outer_folds(panel(), Sharing(Protocol.WALK))] == ["2004", "2005", "2006", "2007"]


def test_the_same_seed_gives_the_same_folds_and_another_does_not() -> None:
    data = panel()
    first, again, other = (outer_folds(data, Sharing(Protocol.GROUPED, seed=seed)) for seed in (0, 0, 1))
    assert all((a.test == b.test).all() for a, b in zip(first, again, strict=True))
    assert any(set(a.test) != set(b.test) for a, b in zip(first, other, strict=True))


def test_what_a_protocol_lacks_is_told() -> None:
    data = panel()
    with pytest.raises(InputError, match="kfold would put rows of one group on both sides"):
        outer_folds(data, Sharing(Protocol.KFOLD))
    with pytest.raises(InputError, match="Give --group"):
        outer_folds(replace(data, group=None), Sharing(Protocol.GROUPED))
    with pytest.raises(InputError, match="Give --time"):
        outer_folds(replace(data, time=None), Sharing(Protocol.WALK))
    with pytest.raises(InputError, match="No time from 2050: the table goes from 2000 to 2007"):
        outer_folds(data, Sharing(Protocol.WALK, first_test=2050))


def test_a_fold_of_one_class_is_told() -> None:
    data = panel()
    rare = replace(data, group=None, failure=np.eye(1, len(data), dtype=np.float32)[0])
    with pytest.raises(StageError, match="1 rows of the rarer class among 480 cannot be shared over 10 folds"):
        outer_folds(rare, Sharing(Protocol.KFOLD))
    quiet = replace(data, failure=data.failure * (data.times != 2006))
    with pytest.raises(StageError, match="Fold 2006: 60 rows judged, 0 positive"):
        outer_folds(quiet, Sharing(Protocol.WALK, first_test=2005))
    late = replace(data, failure=data.failure * (data.times > 2004))
    with pytest.raises(StageError, match="Fold 2005: 300 rows learnt from, 0 positive"):
        outer_folds(late, Sharing(Protocol.WALK, first_test=2005))
    with pytest.raises(StageError, match="A single time to learn from"):
        inner_folds(data, np.flatnonzero(data.times == 2003), Sharing(Protocol.WALK))
