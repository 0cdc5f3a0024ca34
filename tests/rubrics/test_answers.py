"""Practice answers of a draft: written, ordered, removed and brought back, with nothing typed lost."""

import copy

import pytest
from django.urls import reverse

from rubrics.answers import AnswersForm, digest_of, put_back
from rubrics.document import document_of
from rubrics.exchange import BUILT_IN, load_rubric, publish_rubric, write_rubric
from rubrics.file_format import read_document
from rubrics.models import FrozenVersion, RubricVersion, SampleAnswer
from rubrics.versioning import copy_to_draft, save_draft
from smarter.audit.models import AuditEvent

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(admin):
    """A draft of the built-in rubric, with its five practice answers."""
    publish_rubric(document=read_document(BUILT_IN.read_bytes()), user=None)
    return copy_to_draft(version=RubricVersion.objects.get(), user=admin)


def url(version, name="version_answers"):
    """The address of the page, or of its undo."""
    return reverse(f"rubrics:{name}", args=[version.pk])


def typed(version, act="save", **changed):
    """The page's fields as they stand, with some changed."""
    document = document_of(version)
    data = {"seen": digest_of(document), "act": act}
    for row in document["exercises"]:
        data[f"question:{row['key']}"] = f"{row['dimension']}/{row['question']}"
        data |= {f"{name}:{row['key']}": row[name] for name in ("answer", "rating", "reason")}
    return data | {name.replace("__", ":"): value for name, value in changed.items()}


def keys(version):
    """The answers of a draft in order."""
    return list(SampleAnswer.objects.filter(version=version).values_list("key", flat=True))


NEW = {
    "question__0": "action/action-quiet-deal",
    "answer__0": "I rang on the fifth.",
    "rating__0": "3",
    "reason__0": "A dated next step.",
}
LETTERS = ["strategic", "measurable", "action", "relationships", "teams"]
BUILT_IN_KEYS = [f"exercise-{name}" for name in LETTERS]


def test_page_shows_every_answer_and_a_blank_one(client, admin, draft):
    client.force_login(admin)

    response = client.get(url(draft))

    form = response.context["form"]
    assert [row.key for row in form.answers] == BUILT_IN_KEYS
    assert form.blank.number == 6
    assert "Interviewers see the rating only after their own." in response.content.decode()


def test_page_saved_as_it_stands_changes_nothing(client, admin, draft):
    before = document_of(draft)
    client.force_login(admin)

    response = client.post(url(draft), typed(draft))

    assert (response.status_code, response.url) == (302, url(draft))
    assert document_of(draft) == before
    assert AuditEvent.objects.filter(act="rubric.edit", actor=admin).count() == 1


def test_blank_answer_filled_in_is_added(client, admin, draft):
    client.force_login(admin)

    client.post(url(draft), typed(draft, **NEW))

    added = document_of(draft)["exercises"][-1]
    assert added == {
        "key": "exercise-1",
        "dimension": "action",
        "question": "action-quiet-deal",
        "answer": "I rang on the fifth.",
        "rating": 3,
        "reason": "A dated next step.",
    }
    assert keys(draft) == [*BUILT_IN_KEYS, "exercise-1"]


def test_answers_move_up_and_down_and_take_what_was_typed_with_them(client, admin, draft):
    client.force_login(admin)

    client.post(url(draft), typed(draft, "up:exercise-action", **{"answer:exercise-action": "Typed before moving."}))

    assert keys(draft)[:3] == ["exercise-strategic", "exercise-action", "exercise-measurable"]
    assert SampleAnswer.objects.get(version=draft, key="exercise-action").answer == "Typed before moving."
    client.post(url(draft), typed(draft, "down:exercise-action"))
    assert keys(draft) == BUILT_IN_KEYS
    client.post(url(draft), typed(draft, "down:exercise-teams"))
    assert keys(draft) == BUILT_IN_KEYS


def test_removed_answer_comes_back_where_it_was(client, admin, draft):
    before = document_of(draft)
    client.force_login(admin)

    response = client.post(url(draft), typed(draft, "remove:exercise-measurable"), follow=True)
    assert "exercise-measurable" not in keys(draft)
    assert f'action="{url(draft, "version_answer_restore")}"' in response.content.decode()
    client.post(url(draft, "version_answer_restore"))

    assert document_of(draft) == before
    again = client.post(url(draft, "version_answer_restore"), follow=True)
    assert "There is nothing to bring back." in again.content.decode()
    assert document_of(draft) == before


def test_answer_that_is_half_written_can_be_removed(client, admin, draft):
    client.force_login(admin)

    client.post(url(draft), typed(draft, "remove:exercise-teams", **{"answer:exercise-teams": ""}))

    assert keys(draft) == BUILT_IN_KEYS[:-1]


def test_removed_answer_does_not_come_back_where_its_question_is_gone(client, admin, draft):
    client.force_login(admin)
    client.post(url(draft), typed(draft, "remove:exercise-teams"))
    SampleAnswer.objects.filter(version=draft).exclude(question__dimension__key="strategic").delete()
    draft.dimensions.exclude(key="strategic").delete()

    response = client.post(url(draft, "version_answer_restore"), follow=True)

    assert "It can’t come back as it was" in response.content.decode()
    assert keys(draft) == ["exercise-strategic"]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"answer__0": "Only this."}, "Choose the question that is answered."),
        (NEW | {"reason__0": ""}, "Say why it is this rating, in words of the anchors."),
        (NEW | {"rating__0": ""}, "Choose the rating you agreed on."),
        (NEW | {"rating__0": "6"}, "Select a valid choice. 6 is not one of the available choices."),
        (NEW | {"question__0": "action/unknown"}, "Select a valid choice."),
        (NEW | {"answer__0": "x" * 1501}, "Ensure this value has at most 1500 characters"),
        ({"answer:exercise-teams": ""}, "Write what the candidate says."),
    ],
)
def test_gaps_are_named_and_what_was_typed_stays(client, admin, draft, changed, words):
    before = document_of(draft)
    client.force_login(admin)

    response = client.post(url(draft), typed(draft, **changed))

    page = response.content.decode()
    assert response.status_code == 200
    assert words in page
    assert changed.get("answer__0", "").strip() in page
    assert document_of(draft) == before


def test_who_saves_over_a_later_save_is_told_and_keeps_the_text(client, admin, draft):
    client.force_login(admin)
    late = typed(draft, **{"answer:exercise-teams": "Typed later."})
    client.post(url(draft), typed(draft, "remove:exercise-strategic"))

    response = client.post(url(draft), late)

    page = response.content.decode()
    assert "Somebody changed the practice answers since you opened them." in page
    assert "Typed later." in page
    assert keys(draft) == BUILT_IN_KEYS[1:]
    late["seen"] = response.context["seen"]
    client.post(url(draft), late)
    assert set(keys(draft)) == set(BUILT_IN_KEYS)
    assert SampleAnswer.objects.get(version=draft, key="exercise-teams").answer == "Typed later."


def test_edits_of_the_dimensions_meanwhile_are_no_clash_and_stay(client, admin, draft):
    client.force_login(admin)
    late = typed(draft, **NEW)
    document = document_of(draft)
    document["dimensions"][0]["meaning"] = "Meanwhile."
    save_draft(version=draft, document=document, revision=draft.revision, user=admin)

    response = client.post(url(draft), late)

    assert response.status_code == 302
    assert keys(draft) == [*BUILT_IN_KEYS, "exercise-1"]
    assert draft.dimensions.get(key="strategic").meaning == "Meanwhile."


def test_draft_without_questions_leads_to_them(client, admin, draft):
    for dimension in draft.dimensions.all():
        dimension.questions.all().delete()
    client.force_login(admin)

    assert "No questions to answer yet" in client.get(url(draft)).content.decode()


def test_practice_answers_are_for_admins_and_for_drafts(client, admin, interviewer, draft):
    published = RubricVersion.objects.published().get()
    client.force_login(interviewer)
    for name in ("version_answers", "version_answer_restore"):
        assert client.post(url(draft, name)).status_code == 404
    client.force_login(admin)
    for name in ("version_answers", "version_answer_restore"):
        assert client.post(url(published, name)).status_code == 404
    with pytest.raises(FrozenVersion):
        published.sample_answers.first().save()


def test_practice_answers_travel_in_the_rubric_file(client, admin, draft):
    client.force_login(admin)
    client.post(url(draft), typed(draft, **NEW))
    text = write_rubric(draft)
    RubricVersion.objects.filter(pk=draft.pk).delete()

    loaded = load_rubric(document=read_document(text.encode()), user=admin).version

    assert write_rubric(loaded) == text
    assert keys(loaded) == [*BUILT_IN_KEYS, "exercise-1"]


def test_answer_whose_key_was_taken_meanwhile_comes_back_under_another():
    row = {"key": "exercise-1", "dimension": "a", "question": "b", "answer": "c", "rating": 3, "reason": "d"}
    document = {"exercises": [copy.copy(row)]}

    assert [each["key"] for each in put_back(document, row, 0)["exercises"]] == ["exercise-2", "exercise-1"]


def test_at_most_twenty_answers_fit():
    rows = [
        {"key": f"e-{i}", "dimension": "a", "question": "b", "answer": "c", "rating": 3, "reason": "d"}
        for i in range(20)
    ]

    form = AnswersForm(None, document={"exercises": rows, "dimensions": []})

    assert form.blank is None


@pytest.mark.parametrize("answers", [1, 5])
def test_answers_page_query_count_is_flat(client, admin, draft, django_assert_num_queries, answers):
    SampleAnswer.objects.filter(version=draft, position__gte=answers).delete()
    client.force_login(admin)
    client.get(url(draft))

    with django_assert_num_queries(7):
        client.get(url(draft))
