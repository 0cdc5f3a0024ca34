"""Hundreds of bad rubric files: each is refused with a path and a reason, and nothing of it is loaded."""

import copy
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from rubrics.exchange import load_rubric, publish_rubric
from rubrics.file_format import RubricFileRefused, read_document
from rubrics.models import Anchor, Dimension, Question, Rubric, RubricVersion, SampleAnswer
from rubrics.versioning import NotPublishable
from smarter.audit.models import AuditEvent
from tests.rubrics.documents import small_document
from tests.rubrics.test_file_format import PLACES, WRONG

pytestmark = pytest.mark.django_db

PATH_AND_REASON = re.compile(r"[a-z_]+(\[\d+\])?(\.[a-z_]+(\[\d+\])?)*: \S.*[.]")
MODELS = (Rubric, RubricVersion, Dimension, Question, Anchor, SampleAnswer, AuditEvent)


def at(document: Any, path: tuple[Any, ...]) -> Any:
    """What holds the value at the end of a path."""
    for step in path[:-1]:
        document = document[step]
    return document


def edited(path: tuple[Any, ...], act: Any) -> str:
    """The small document as a file after `act` on whatever holds the value at a path."""
    document = copy.deepcopy(small_document())
    act(at(document, path), path[-1])
    return json.dumps(document)


def misshapen() -> Iterator[str]:
    """Files whose values, fields, keys or text are not those of the format."""
    for path in PLACES:
        for wrong in WRONG:
            yield edited(path, lambda place, name, wrong=wrong: place.__setitem__(name, wrong))
        if isinstance(path[-1], str) and path not in [("note",), ("exercises",)]:
            yield edited(path, lambda place, name: place.pop(name))
            yield edited(path, lambda place, name: place.__setitem__(f"{name}_too", 1))
        if path[-1] in ("anchors", "dimensions"):
            yield edited(path, lambda place, name: place[name].append(copy.deepcopy(place[name][0])))
    whole = json.dumps(small_document())
    yield from (whole[:end] for end in range(0, len(whole), 40))
    yield from (f'{{"{name}": 1, {whole[1:]}' for name in small_document())


def unfinished() -> Iterator[str]:
    """Files of the right form that say too little to be published."""
    for place, row in enumerate(small_document()["dimensions"]):
        here = ("dimensions", place)
        yield edited((*here, "meaning"), lambda holder, name: holder.__setitem__(name, " "))
        yield edited((*here, "weight"), lambda holder, name: holder.__setitem__(name, 99))
        yield edited((*here, "weight"), lambda holder, name: holder.__setitem__(name, 0))
        for value in range(5):
            yield edited((*here, "anchors", value), lambda holder, name: holder.__setitem__(name, ""))
            other = row["anchors"][value - 1]
            yield edited((*here, "anchors", value), lambda holder, name, same=other: holder.__setitem__(name, same))
        asked = (*here, "questions", 0)
        yield edited((*asked, "text"), lambda holder, name: holder.__setitem__(name, ""))
        yield edited((*asked, "kind"), lambda holder, name: holder.__setitem__(name, "situational"))


def test_hundreds_of_bad_files_are_refused_by_path_and_leave_nothing_behind() -> None:
    bad, poor = set(misshapen()), set(unfinished())
    vague = []

    for file in bad:
        with pytest.raises(RubricFileRefused) as refused:
            load_rubric(document=read_document(file.encode()), user=None)
        vague += [fault for fault in refused.value.faults if not PATH_AND_REASON.fullmatch(fault)]
    for file in poor:
        with pytest.raises(NotPublishable) as short:
            publish_rubric(document=read_document(file.encode()), user=None)
        vague += [str(fault) for fault in short.value.faults if not PATH_AND_REASON.fullmatch(str(fault))]

    assert (len(bad) >= 300, len(poor) >= 25) == (True, True)
    assert vague == []
    assert {model.__name__: model.objects.count() for model in MODELS} == {model.__name__: 0 for model in MODELS}
