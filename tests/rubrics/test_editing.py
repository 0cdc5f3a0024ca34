"""Editing a draft: what is typed is kept, keys stay, two admins notice each other, published versions never change."""

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from rubrics import editing
from rubrics.document import document_of
from rubrics.exchange import load_rubric, publish_rubric
from rubrics.models import RubricVersion
from rubrics.versioning import DraftChanged, discard_draft, publish_version, save_draft
from smarter.audit.models import AuditEvent
from tests.rubrics.documents import documents, small_dimension, small_document

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
    """What a browser sends from the editor: every field as it stands, with changes (`__` stands for a dot)."""
    shown = page.get(url(draft, key))
    form, base = shown.context["form"], shown.context["base"]
    fields = {name: form[name].value() for name in form.fields}
    draft.refresh_from_db()
    changed = {name.replace("__", "."): value for name, value in changes.items()}
    return {**fields, "version": draft.revision, "base": base, **changed}


def test_editor_opens_on_the_first_dimension_with_everything_in_it(page, draft):
    form = page.get(reverse("rubrics:version_edit", args=[draft.pk])).context["form"]

    [question] = form.questions
    assert (form["name"].value(), form["weight.strategic"].value(), form["meaning"].value()) == (
        "Strategic",
        "60",
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
        "weight__strategic": "50",
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
    assert (event.act, event.actor, event.detail) == ("rubric.edit", admin, {"number": 1, "change": "text"})


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
    assert added.headers["Location"] == url(draft, "dimension-1") + "#id_name"
    page.post(url(draft), typed(page, draft, act="dimension-down"))
    assert [row["key"] for row in document_of(draft)["dimensions"]] == ["teams", "strategic", "dimension-1"]

    gone = page.post(url(draft, "teams"), typed(page, draft, key="teams", act="remove-dimension"))

    assert gone.headers["Location"] == url(draft, "strategic") + "#removed"
    assert [row["key"] for row in document_of(draft)["dimensions"]] == ["strategic", "dimension-1"]
    assert document_of(draft)["exercises"] == []


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"name": ""}, "Give a name."),
        ({"name": "teams"}, "Another dimension is called teams. Give another name."),
        ({"letter": ""}, "Give one letter from A to Z, or a digit."),
        ({"letter": "?"}, "Give one letter from A to Z, or a digit."),
        ({"letter": "t"}, "Another dimension has the letter T. Give another."),
        ({"weight__strategic": "101"}, "Give a whole number from 0 to 100."),
        ({"weight__teams": "x"}, "Give a whole number from 0 to 100."),
        ({"weight__teams": ""}, "Give a whole number from 0 to 100."),
        ({"meaning": "x" * 501}, "Ensure this value has at most 500 characters"),
        ({"probes__strategic-1": "x" * 201}, "A probe has 201 characters. Shorten it to 200."),
        ({"meaning": "nul\x00"}, "Null characters are not allowed."),
        ({"probes__strategic-1": "\n".join("abcdefg")}, "There are 7 probes. Keep the best 6."),
    ],
)
def test_what_a_rubric_can_not_hold_is_told_and_nothing_is_saved(page, draft, changes, error):
    response = page.post(url(draft), typed(page, draft, act="save", **changes))

    errors = [text for texts in response.context["form"].errors.values() for text in texts]
    assert [text for text in errors if error in text]
    assert document_of(draft) == small_document()


def test_last_dimension_stays(page, draft):
    page.post(url(draft), typed(page, draft, act="remove-dimension"))

    page.post(url(draft, "teams"), typed(page, draft, key="teams", act="remove-dimension"))

    assert len(document_of(draft)["dimensions"]) == 1


def test_second_of_two_admins_is_asked_and_loses_nothing(page, draft):
    mine = typed(page, draft, act="save", meaning="Mine.", anchor__1="Mine too.")
    page.post(url(draft), typed(page, draft, act="save", meaning="Theirs.", weight__teams="30", anchor__2="Theirs."))

    told = page.post(url(draft), mine)

    assert told.status_code == 409
    [clash] = told.context["meeting"].clashes
    assert (clash.label, clash.mine, clash.theirs) == ("What it means", "Mine.", "Theirs.")
    assert told.context["form"]["meaning"].value() == "Mine."
    assert document_of(draft)["dimensions"][0]["meaning"] == "Theirs."
    again = {**mine, "version": told.context["version"].revision, "base": told.context["base"]}
    form = told.context["form"]
    again |= {name: form[name].value() for name in form.fields}
    page.post(url(draft), {**again, "keep.meaning": "both"})
    row, other = document_of(draft)["dimensions"]
    assert (row["meaning"], row["anchors"][:2], other["weight"]) == ("Theirs.\n\nMine.", ["Mine too.", "Theirs."], 30)


def test_changes_of_two_admins_in_different_fields_join_without_a_question(page, draft):
    mine = typed(page, draft, act="save", meaning="Mine.")
    page.post(url(draft, "teams"), typed(page, draft, key="teams", act="add-dimension", meaning="Theirs."))

    response = page.post(url(draft), mine)

    assert response.status_code == 302
    rows = document_of(draft)["dimensions"]
    assert [(row["key"], row["meaning"]) for row in rows] == [
        ("strategic", "Mine."),
        ("teams", "Theirs."),
        ("dimension-1", ""),
    ]


@pytest.mark.parametrize("base", ["", "x", "[]", '{"meaning": 3}', "9" * 5000, "[" * 100_000])
def test_page_that_does_not_say_what_it_began_from_is_asked_about_everything_that_differs(page, draft, base):
    mine = typed(page, draft, act="save", meaning="Mine.") | {"base": base}
    page.post(url(draft), typed(page, draft, act="save", anchor__2="Theirs."))

    told = page.post(url(draft), mine)

    assert [clash.label for clash in told.context["meeting"].clashes] == ["What it means", "Anchor 2"]


def test_question_removed_by_another_admin_is_offered_back_to_whoever_typed_in_it(page, draft):
    mine = typed(page, draft, act="save", **{"text__strategic-1": "Rewritten?"})
    page.post(url(draft), typed(page, draft, act="remove:strategic-1"))

    told = page.post(url(draft), mine)
    [lost] = told.context["meeting"].lost
    assert told.status_code == 409
    assert dict(lost.texts)["text.strategic-1"] == "Rewritten?"
    again = {**mine, "version": told.context["version"].revision, "base": told.context["base"]}
    page.post(url(draft), {**again, lost.choice: "mine"})

    [question] = document_of(draft)["dimensions"][0]["questions"]
    assert (question["key"], question["text"], question["listen_for"]) == ("strategic-1", "Rewritten?", "Names.")
    assert list(draft.removals.all()) == []


def test_question_removed_by_another_admin_stays_out_if_so_chosen_or_nothing_was_typed(page, draft):
    untouched = typed(page, draft, act="save", meaning="Mine.")
    typed_in = untouched | {"text.strategic-1": "Rewritten?", "meaning": "What strategic means."}
    page.post(url(draft), typed(page, draft, act="remove:strategic-1"))

    assert page.post(url(draft), untouched).status_code == 302
    told = page.post(url(draft), typed_in)
    again = {**typed_in, "version": told.context["version"].revision, "base": told.context["base"], "meaning": "Mine."}
    page.post(url(draft), {**again, told.context["meeting"].lost[0].choice: "theirs"})

    row = document_of(draft)["dimensions"][0]
    assert (row["questions"], row["meaning"]) == ([], "Mine.")
    assert draft.removals.count() == 1


def test_removed_question_is_put_back_where_it_was_with_its_practice_answer(page, draft):
    page.post(url(draft, "teams"), typed(page, draft, key="teams", act="add", **{"text__teams-1": "First?"}))
    page.post(url(draft, "teams"), typed(page, draft, key="teams", act="remove:teams-1"))
    assert (len(document_of(draft)["dimensions"][1]["questions"]), document_of(draft)["exercises"]) == (1, [])
    [removal] = draft.removals.all()
    shown = page.get(url(draft, "teams")).content.decode()
    assert f'value="put-back:{removal.pk}"' in shown
    assert f'value="put-back:{removal.pk}"' not in page.get(url(draft)).content.decode()

    page.post(url(draft, "teams"), typed(page, draft, key="teams", act=f"put-back:{removal.pk}", meaning="Typed."))

    row = document_of(draft)["dimensions"][1]
    assert [question["text"] for question in row["questions"]] == ["First?", ""]
    assert (row["meaning"], document_of(draft)["exercises"]) == ("Typed.", small_document()["exercises"])
    assert list(draft.removals.all()) == []


def test_removed_dimension_is_put_back_from_any_page(page, draft, admin):
    page.post(url(draft, "teams"), typed(page, draft, key="teams", act="remove-dimension"))
    [removal] = draft.removals.all()
    assert (removal.title, removal.removed_by) == ("Teams", admin)

    page.post(url(draft), typed(page, draft, act=f"put-back:{removal.pk}"))

    assert document_of(draft) == small_document()
    page.post(url(draft), typed(page, draft, act=f"put-back:{removal.pk}"))
    assert document_of(draft) == small_document()
    acts = AuditEvent.objects.filter(act="rubric.edit").order_by("pk").values_list("detail__change", flat=True)
    assert list(acts) == ["remove_dimension", "put_back", "text"]


def test_dimension_removed_by_another_admin_keeps_what_is_typed_and_can_be_put_back_with_it(page, draft):
    mine = typed(page, draft, key="teams", act="save", meaning="Typed meanwhile.")
    page.post(url(draft, "teams"), typed(page, draft, key="teams", act="remove-dimension"))

    told = page.post(url(draft, "teams"), mine)

    assert told.status_code == 409
    assert told.context["form"]["meaning"].value() == "Typed meanwhile."
    assert "Put Teams back as it is here" in told.content.decode()
    assert page.get(url(draft, "teams")).status_code == 200
    [removal] = draft.removals.all()
    again = {**mine, "version": told.context["version"].revision, "act": f"put-back:{removal.pk}"}
    page.post(url(draft, "teams"), again)
    assert document_of(draft)["dimensions"][1]["meaning"] == "Typed meanwhile."
    assert document_of(draft)["exercises"] == small_document()["exercises"]


@pytest.mark.parametrize("end", ["published", "discarded"])
def test_text_sent_to_a_draft_that_ended_comes_back_to_be_copied(page, draft, admin, end):
    mine = typed(page, draft, act="save", meaning="Typed while it ended.")
    if end == "published":
        publish_version(version=draft, user=admin, note="")
    else:
        discard_draft(version=draft, user=admin)

    told = page.post(url(draft), mine)

    assert told.status_code == 409
    assert "Typed while it ended." in told.content.decode()


def test_removals_go_with_the_draft(page, draft, admin):
    page.post(url(draft), typed(page, draft, act="remove:strategic-1"))
    page.post(url(draft), typed(page, draft, act="add", meaning="Other."))
    page.post(url(draft), typed(page, draft, act="save", **{"text__strategic-question-1": "Which deal?"}))

    publish_version(version=draft, user=admin, note="")

    assert draft.removals.count() == 0


def test_weights_are_made_equal(page, draft):
    page.post(url(draft), typed(page, draft, act="add-dimension"))

    page.post(url(draft), typed(page, draft, act="equal"))

    assert [row["weight"] for row in document_of(draft)["dimensions"]] == [34, 33, 33]


def test_order_is_a_field_like_any_other(page, draft):
    page.post(url(draft), typed(page, draft, act="add"))

    page.post(
        url(draft),
        typed(
            page,
            draft,
            act="save",
            order__questions="strategic-question-1 strategic-1",
            order__dimensions="teams lost strategic",
        ),
    )

    document = document_of(draft)
    assert [row["key"] for row in document["dimensions"]] == ["teams", "strategic"]
    assert [row["key"] for row in document["dimensions"][1]["questions"]] == ["strategic-question-1", "strategic-1"]


@pytest.mark.parametrize("count", [1, 3])
def test_editor_query_count_is_flat(page, admin, django_assert_num_queries, count):
    rows = [small_dimension(letter, letter.lower() * 3, 10) for letter in "ABC"[:count]]
    for row in rows:
        question = row["questions"][0]
        row["questions"] = [{**question, "key": f"{question['key']}-{number}"} for number in range(count)]
    draft = load_rubric(document=small_document(dimensions=rows, exercises=[]), user=admin).version
    for row in rows[1:]:
        page.post(url(draft, row["key"]), typed(page, draft, key=row["key"], act=f"remove:{row['key']}-1-0"))

    with django_assert_num_queries(10):
        page.get(url(draft, rows[0]["key"]))


def test_run_of_saves_by_one_person_is_one_event(page, draft, admin):
    for text in ("One.", "Two.", "Three."):
        page.post(url(draft), typed(page, draft, act="save", meaning=text))
    page.post(url(draft), typed(page, draft, act="add"))
    page.post(url(draft), typed(page, draft, act="save", meaning="Four."))

    events = AuditEvent.objects.filter(act="rubric.edit").order_by("pk")
    assert [event.detail["change"] for event in events] == ["text", "add_question", "text"]


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
