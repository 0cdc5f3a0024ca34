"""Editing a draft: what is typed is kept, keys stay, two admins notice each other, published versions never change."""

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from rubrics import editing
from rubrics.document import document_of
from rubrics.exchange import load_rubric, publish_rubric
from rubrics.models import RubricVersion
from rubrics.versioning import DraftChanged, save_draft
from smarter.audit.models import AuditEvent
from tests.rubrics.documents import documents, small_document

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(admin):
    """A draft that says what the small document says."""
    return load_rubric(document=small_document(), user=admin).version


@pytest.fixture
def page(client, admin):
    """The client, signed in as the admin."""
    client.force_login(admin)
    return client


def url(draft, key="strategic"):
    """The address of a dimension's editor."""
    return reverse("rubrics:version_edit", args=[draft.pk, key])


def typed(page, draft, key="strategic", **changes):
    """What a browser sends from the editor: every field as it stands, with changes (`__` stands for a colon)."""
    form = page.get(url(draft, key)).context["form"]
    fields = {name: form[name].value() for name in form.fields if name not in ("revision", "act")}
    draft.refresh_from_db()
    return {**fields, "revision": draft.revision, **{name.replace("__", ":"): value for name, value in changes.items()}}


def test_editor_opens_on_the_first_dimension_with_everything_in_it(page, draft):
    form = page.get(reverse("rubrics:version_edit", args=[draft.pk])).context["form"]

    [question] = form.questions
    assert (form["name"].value(), form["weight"].value(), form["meaning"].value()) == (
        "Strategic",
        60,
        "What strategic means.",
    )
    assert (question.text.value(), question.probes.value()) == ("Tell me about a deal.", "And then?")
    assert [field.value() for _value, field in form.anchors] == [f"strategic worth {value}" for value in range(1, 6)]


def test_saving_without_a_change_changes_nothing(page, draft):
    page.post(url(draft), typed(page, draft, act="save"))

    assert document_of(draft) == small_document()


def test_typed_text_is_saved(page, draft, admin):
    changes = {
        "name": "Strategy",
        "letter": "x",
        "weight": "50",
        "text__strategic-1": "Why?",
        "probes__strategic-1": "One?\r\n\r\n Two? ",
        "anchor__5": "Better.",
    }

    response = page.post(url(draft), typed(page, draft, act="save", **changes))

    assert response.headers["Location"] == url(draft)
    row = document_of(draft)["dimensions"][0]
    assert (row["key"], row["name"], row["letter"], row["weight"]) == ("strategic", "Strategy", "X", 50)
    assert (row["questions"][0]["text"], row["questions"][0]["probes"]) == ("Why?", ["One?", "Two?"])
    assert row["anchors"][4] == "Better."
    assert document_of(draft)["dimensions"][1] == small_document()["dimensions"][1]
    event = AuditEvent.objects.latest("pk")
    assert (event.act, event.actor, event.detail) == ("rubric.edit", admin, {"number": 1})


def test_questions_come_go_and_move_with_what_was_typed(page, draft):
    page.post(url(draft), typed(page, draft, act="add", meaning="Typed."))
    page.post(url(draft), typed(page, draft, act="up:strategic-question-1", **{"text__strategic-question-1": "New?"}))

    row = document_of(draft)["dimensions"][0]
    assert [(question["key"], question["text"]) for question in row["questions"]] == [
        ("strategic-question-1", "New?"),
        ("strategic-1", "Tell me about a deal."),
    ]
    assert row["meaning"] == "Typed."
    page.post(url(draft), typed(page, draft, act="remove:strategic-1"))
    assert [question["key"] for question in document_of(draft)["dimensions"][0]["questions"]] == [
        "strategic-question-1"
    ]


def test_dimensions_come_go_and_move(page, draft):
    added = page.post(url(draft), typed(page, draft, act="add-dimension"))
    assert added.headers["Location"] == url(draft, "dimension-1")
    page.post(url(draft), typed(page, draft, act="dimension-down"))
    assert [row["key"] for row in document_of(draft)["dimensions"]] == ["teams", "strategic", "dimension-1"]

    gone = page.post(url(draft, "teams"), typed(page, draft, key="teams", act="remove-dimension"))

    assert gone.headers["Location"] == url(draft, "strategic")
    assert [row["key"] for row in document_of(draft)["dimensions"]] == ["strategic", "dimension-1"]
    assert document_of(draft)["exercises"] == []


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"name": ""}, "Give a name."),
        ({"letter": ""}, "Give a letter."),
        ({"letter": "?"}, "dimensions[0].letter: must be one capital letter or digit."),
        ({"letter": "t"}, "dimensions[1].letter: is the same as dimensions[0].letter"),
        ({"weight": "101"}, "Give a whole number from 0 to 100."),
        ({"weight": "x"}, "Give a whole number from 0 to 100."),
        ({"meaning": "x" * 501}, "Ensure this value has at most 500 characters"),
        ({"meaning": "nul\x00"}, "Null characters are not allowed."),
        ({"probes__strategic-1": "\n".join("abcdefg")}, "probes: has 7 entries; it must have 0 to 6."),
    ],
)
def test_what_a_rubric_can_not_hold_is_told_and_nothing_is_saved(page, draft, changes, error):
    response = page.post(url(draft), typed(page, draft, act="save", **changes))

    errors = [text for texts in response.context["form"].errors.values() for text in texts]
    assert [text for text in errors if error in text]
    assert document_of(draft) == small_document()


def test_last_dimension_stays(page, draft):
    page.post(url(draft), typed(page, draft, act="remove-dimension"))

    response = page.post(url(draft, "teams"), typed(page, draft, key="teams", act="remove-dimension"))

    assert response.context["form"].non_field_errors() == ["dimensions: has 0 entries; it must have 1 to 12."]
    assert len(document_of(draft)["dimensions"]) == 1


def test_second_of_two_admins_is_told_and_loses_nothing(page, draft):
    mine = typed(page, draft, act="save", meaning="Mine.")
    page.post(url(draft), typed(page, draft, act="save", meaning="Theirs."))

    told = page.post(url(draft), mine)

    assert told.context["is_stale"] is True
    assert told.context["form"]["meaning"].value() == "Mine."
    assert document_of(draft)["dimensions"][0]["meaning"] == "Theirs."
    page.post(url(draft), {**mine, "revision": told.context["version"].revision})
    assert document_of(draft)["dimensions"][0]["meaning"] == "Mine."


def test_question_removed_by_another_admin_is_kept_by_whoever_typed_in_it(page, draft):
    mine = typed(page, draft, act="save", **{"text__strategic-1": "Rewritten?"})
    page.post(url(draft), typed(page, draft, act="remove:strategic-1"))

    told = page.post(url(draft), mine)

    assert [question.text.value() for question in told.context["form"].questions] == ["Rewritten?"]


def test_published_version_is_absent_from_the_editor(page, draft, interviewer):
    RubricVersion.objects.filter(pk=draft.pk).update(state="published", published_at=draft.created_at)

    assert page.get(url(draft)).status_code == 404
    with pytest.raises(DraftChanged):
        save_draft(version=draft, document=small_document(), revision=draft.revision, user=interviewer)


def test_editing_begins_from_a_published_version(page, admin):
    version = publish_rubric(document=small_document(), user=None).version
    begin = reverse("rubrics:version_draft", args=[version.pk])

    first, second = page.post(begin), page.post(begin)

    draft = RubricVersion.objects.get(number=2)
    assert first.headers["Location"] == second.headers["Location"] == reverse("rubrics:version_edit", args=[draft.pk])
    assert document_of(draft) == small_document(note="")
    page.post(url(draft), typed(page, draft, act="save", meaning="Sharper."))
    assert document_of(version) == small_document()


def test_only_admins_edit(client, draft, recruiter, interviewer):
    for user in (recruiter, interviewer):
        client.force_login(user)
        assert client.get(url(draft)).status_code == 404
        assert client.post(reverse("rubrics:version_draft", args=[draft.pk])).status_code == 404


@given(documents(), st.data())
def test_moves_keep_every_row_and_key(document, data):
    rows = document["dimensions"]
    key = data.draw(st.sampled_from([row["key"] for row in rows]))

    moved = editing.move(rows, key, data.draw(st.sampled_from([-1, 1])))

    assert sorted(row["key"] for row in moved) == sorted(row["key"] for row in rows)
    longer = editing.add_question(document, rows[0])
    assert len({row["key"] for row in longer["questions"]}) == len(rows[0]["questions"]) + 1
