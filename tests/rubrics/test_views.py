"""Everybody reads published versions; drafts are for admins."""

import json

import pytest
from django.urls import reverse

from rubrics.document import document_of
from rubrics.exchange import load_rubric, publish_rubric
from rubrics.file_format import read_document
from rubrics.guide import weight_bar
from rubrics.models import Dimension
from tests.factories import make_rubric_version
from tests.rubrics.documents import small_document

LIST = reverse("rubrics:rubric_list")


def detail(version):
    """The address of a version's page."""
    return reverse("rubrics:version_detail", args=[version.pk])


@pytest.fixture
def published(db):
    """Version 1 of a small rubric."""
    return publish_rubric(document=small_document(), user=None).version


@pytest.fixture
def draft(published):
    """Version 2, still a draft."""
    document = small_document()
    document["dimensions"][0]["meaning"] = "Sharper."
    return load_rubric(document=document, user=None).version


def test_list_shows_published_versions_to_all_and_drafts_to_admins(client, interviewer, admin, published, draft):
    client.force_login(interviewer)
    [(rubric, _versions)] = client.get(LIST).context["sections"]
    assert list(rubric.versions.all()) == [published]

    client.force_login(admin)
    [(rubric, _versions)] = client.get(LIST).context["sections"]
    assert list(rubric.versions.all()) == [draft, published]


def test_list_without_rubrics_says_how_to_load_one(client, interviewer):
    client.force_login(interviewer)

    assert "manage.py load_rubric" in client.get(LIST).content.decode()


def test_rubric_that_is_only_a_draft_is_hidden(client, interviewer, admin):
    load_rubric(document=small_document(), user=admin)
    client.force_login(interviewer)

    assert client.get(LIST).context["sections"] == []


@pytest.mark.parametrize("count", [1, 3])
def test_list_query_count_is_flat(client, interviewer, django_assert_num_queries, count):
    for _ in range(count):
        make_rubric_version()
    client.force_login(interviewer)

    with django_assert_num_queries(5):
        client.get(LIST)


def test_version_shows_every_word_that_interviewers_read(client, interviewer, published):
    client.force_login(interviewer)

    page = client.get(detail(published)).content.decode()

    dimension = small_document()["dimensions"][0]
    question = dimension["questions"][0]
    words = [dimension["meaning"], *dimension["anchors"], question["text"], *question["probes"], question["listen_for"]]
    assert [word for word in words if word not in page] == []
    assert "It can’t change any more." in page


def test_draft_is_absent_for_all_but_admins(client, interviewer, recruiter, admin, draft):
    for user, status in ((interviewer, 404), (recruiter, 404), (admin, 200)):
        client.force_login(user)
        assert client.get(detail(draft)).status_code == status
        assert client.get(reverse("rubrics:version_file", args=[draft.pk])).status_code == status


def test_retired_version_stays_readable(client, interviewer, published):
    type(published).objects.filter(pk=published.pk).update(state="retired")
    client.force_login(interviewer)

    assert client.get(detail(published)).context["version"] == published


@pytest.mark.parametrize("dimensions", [1, 5])
def test_version_query_count_is_flat(client, interviewer, django_assert_num_queries, dimensions):
    version = make_rubric_version(dimensions=dimensions, questions=dimensions)
    client.force_login(interviewer)

    with django_assert_num_queries(7):
        client.get(detail(version))


def test_file_comes_in_again(client, interviewer, published):
    client.force_login(interviewer)

    response = client.get(reverse("rubrics:version_file", args=[published.pk]))

    assert response.headers["Content-Disposition"] == 'attachment; filename="small-v1.json"'
    assert read_document(response.content) == json.loads(response.content) == document_of(published)


def test_pages_need_a_person_and_take_no_post(client, interviewer, published):
    assert client.get(detail(published)).status_code == 302
    client.force_login(interviewer)
    assert [client.post(url).status_code for url in (LIST, detail(published))] == [405, 405]


def test_weight_bar_shares_the_sum_out():
    bar = weight_bar(
        [Dimension(letter="S", name="Strategic", weight=30), Dimension(letter="T", name="Teams", weight=1)]
    )

    assert [(segment.x, segment.width, segment.shows_letter) for segment in bar.segments] == [
        (0, 96.774, True),
        (96.774, 3.226, False),
    ]
    assert bar.sentence == "Weights: Strategic 30, Teams 1; sum 31"
    assert weight_bar([]).segments == []
