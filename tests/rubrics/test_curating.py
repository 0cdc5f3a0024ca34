"""Rubrics are founded, named, archived and brought back by admins; versions stay as they are."""

import pytest
from django.urls import reverse

from rubrics.curating import empty_document
from rubrics.document import document_of
from rubrics.exchange import BUILT_IN, publish_rubric
from rubrics.file_format import check_document, read_document
from rubrics.models import Rubric, RubricVersion
from smarter.audit.models import AuditEvent
from tests.rubrics.documents import small_document

pytestmark = pytest.mark.django_db

CREATE = reverse("rubrics:rubric_create")


@pytest.fixture
def published():
    return publish_rubric(document=small_document(), user=None).version


def content(version):
    """What interviewers read in a version."""
    document = document_of(version)
    return document["dimensions"], document["exercises"]


def test_rubric_begins_from_the_built_in_one(client, admin):
    client.force_login(admin)

    response = client.post(CREATE, {"name": "Sales, Nordics", "description": "Our own.", "start": "smart"})

    draft = RubricVersion.objects.get(rubric__key="sales-nordics")
    smart = read_document(BUILT_IN.read_bytes())
    assert response.headers["Location"] == reverse("rubrics:version_edit", args=[draft.pk])
    assert (draft.state, draft.number, content(draft)) == ("draft", 1, (smart["dimensions"], smart["exercises"]))
    assert (draft.rubric.name, draft.rubric.description) == ("Sales, Nordics", "Our own.")
    assert AuditEvent.objects.latest("pk").act == "rubric.create"


def test_rubric_begins_from_any_version(client, admin, published):
    client.force_login(admin)

    client.post(CREATE, {"name": "Small", "start": str(published.pk)})

    draft = RubricVersion.objects.get(rubric__key="small-2")
    assert content(draft) == content(published)


def test_rubric_begins_from_nothing(client, admin):
    client.force_login(admin)

    client.post(CREATE, {"name": "9 things", "start": "empty"})

    draft = RubricVersion.objects.get(rubric__key="rubric-9-things")
    assert [row["name"] for row in document_of(draft)["dimensions"]] == ["New dimension 1"]
    assert check_document(empty_document())[1] == []


@pytest.mark.parametrize(
    "data", [{"name": "", "start": "smart"}, {"name": "x" * 121, "start": "smart"}, {"name": "A", "start": "lost"}]
)
def test_what_can_not_be_founded_is_told(client, admin, data):
    client.force_login(admin)

    assert client.post(CREATE, data).context["form"].errors
    assert Rubric.objects.count() == 0


@pytest.mark.parametrize("name", ["Ünïted", "---", "日本", "x" * 120, "Small"])
def test_any_name_gives_a_key_that_a_file_may_hold(client, admin, published, name):
    client.force_login(admin)

    client.post(CREATE, {"name": name, "start": "empty"})

    draft = RubricVersion.objects.get(state="draft")
    assert check_document(document_of(draft))[1] == []


def test_rubric_is_called_something_else(client, admin, published):
    client.force_login(admin)

    client.post(reverse("rubrics:rubric_edit", args=[published.rubric_id]), {"name": "Smaller", "description": ""})

    rubric = Rubric.objects.get()
    assert (rubric.key, rubric.name, rubric.description) == ("small", "Smaller", "")
    assert content(published) == (small_document()["dimensions"], small_document()["exercises"])


def test_archived_rubric_is_offered_to_no_opening_and_comes_back(client, admin, published, recruiter):
    client.force_login(admin)
    archive = reverse("rubrics:rubric_archive", args=[published.rubric_id])

    client.post(archive)
    client.post(archive)

    assert list(RubricVersion.objects.offered()) == []
    assert list(RubricVersion.objects.published()) == [published]
    page = client.get(reverse("rubrics:rubric_list")).content.decode()
    assert ("Archived" in page, "Version 1" in page) == (True, True)
    client.post(reverse("rubrics:rubric_restore", args=[published.rubric_id]))
    assert list(RubricVersion.objects.offered()) == [published]
    acts = AuditEvent.objects.filter(subject="rubric").order_by("pk").values_list("act", flat=True)
    assert list(acts) == ["rubric.archive", "rubric.restore"]


def test_only_admins_found_and_archive(client, recruiter, interviewer, published):
    for user in (recruiter, interviewer):
        client.force_login(user)
        assert client.post(CREATE, {"name": "Mine", "start": "smart"}).status_code == 404
        assert client.post(reverse("rubrics:rubric_archive", args=[published.rubric_id])).status_code == 404
    assert list(Rubric.objects.values_list("archived_at", flat=True)) == [None]
