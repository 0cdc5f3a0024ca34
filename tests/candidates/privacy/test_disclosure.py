"""A disclosure holds everything, for those who may read everything, and names no other candidate."""

import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from candidates.looking import look_early
from candidates.models import Application, Interview, OpeningMember, Scorecard, Sight
from candidates.panels import Seat, plan_interview
from candidates.privacy.disclosure import DisclosureClosed, disclose
from smarter.accounts.models import User
from smarter.audit.models import AuditEvent
from tests.candidates.privacy.people import CV_TEXT, EMAIL, NAME, Person, make_person
from tests.factories import make_application, make_candidate, make_interview, make_opening, make_scorecard, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> Person:
    return make_person()


def page_of(client: Client, person: Person, name: str = "candidate_disclosure", query: str = "") -> object:
    """The answer to the recruiter."""
    client.force_login(person.recruiter)
    return client.get(reverse(f"candidates:{name}", args=[person.candidate.pk]) + query)


def unpacked(content: bytes) -> dict[str, bytes]:
    """The files of an archive."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


# Copies of the text of a mail, and where it was sent; what the file says of mails is their subject and text.
NOT_TOLD = {"mailmessage.html", "mailmessage.attachments"}


def test_a_disclosure_holds_everything_that_is_stored(client: Client, person: Person):
    page = page_of(client, person).content.decode()
    files = unpacked(page_of(client, person, "candidate_disclosure_file").content)

    for place, text in person.planted.items():
        if place not in NOT_TOLD:
            assert text in page, place
            assert text in files["disclosure.json"].decode(), place
            assert text in files["disclosure.html"].decode(), place
    assert sorted(files) == ["cv.pdf", "disclosure.html", "disclosure.json"]
    assert files["cv.pdf"] == CV_TEXT


def test_the_file_holds_the_figures_as_data(client: Client, person: Person):
    files = unpacked(page_of(client, person, "candidate_disclosure_file").content)

    held = json.loads(files["disclosure.json"])
    application = held["person"]["applications"][0]
    card = application["interviews"][0]["scorecards"][0]
    assert (held["format"], held["version"], held["has_cv"]) == ("smarter-disclosure", 1, True)
    assert (held["person"]["name"], held["person"]["email"], application["stage"]) == (NAME, EMAIL, "Rejected")
    assert [score["value"] for score in card["scores"]] == [5, 4, 2, None, 3]
    assert (card["recommendation"], card["interviewer"]) == ("Yes", "Rob Rater")
    assert card["scores"][0]["revisions"][0]["value"] == 3
    assert application["decisions"][0]["known"]["cards_in"] == 1
    assert {event["act"] for event in held["person"]["events"]} >= {"application.look_early", "decision.record"}


def test_a_disclosure_says_of_a_draft_only_that_there_is_one(client: Client, person: Person):
    Scorecard.objects.filter(pk=person.draft.pk).update(summary="A thought that is not finished")

    answer = page_of(client, person)

    assert "A thought that is not finished" not in answer.content.decode()
    assert "Not handed in; until then only its writer reads it." in answer.content.decode()


def test_names_of_other_candidates_are_left_out(client: Client, person: Person):
    other = make_candidate(name="Otto Otherman")
    make_application(opening=person.application.opening, candidate=other)
    score = person.card.scores.first()
    person.card.scores.filter(pk=score.pk).update(evidence="Better than OTTO Otherman.")

    page = page_of(client, person).content.decode()

    assert "Better than [another candidate]." in page
    assert "otherman" not in page.lower()


def test_colleagues_can_be_left_out_by_name(client: Client, person: Person):
    interview = Interview(
        application=person.application, title="With Rob Rater", starts_at=timezone.now() + timedelta(days=1)
    )
    plan_interview(user=person.recruiter, interview=interview, seats=[Seat(person.rater.pk), Seat(make_user().pk)])
    Scorecard.objects.filter(interview=interview).delete()
    files = unpacked(page_of(client, person, "candidate_disclosure_file", "?masked=on").content)
    page = page_of(client, person, query="?masked=on").content.decode()

    text = files["disclosure.json"].decode()
    assert "Rob Rater" not in text
    assert "Rita Recruiter" not in text
    assert "Scorecard of Colleague" in page
    assert "[a colleague] has put you on the panel" in page
    assert "With you: [a colleague]" in page


def test_a_disclosure_is_recorded_and_counts_as_seen(client: Client, person: Person):
    page_of(client, person)
    page_of(client, person, "candidate_disclosure_file")

    details = AuditEvent.objects.filter(act="candidate.disclose").order_by("pk").values_list("detail", flat=True)
    assert [each["format"] for each in details] == ["page", "file"]
    assert Sight.objects.filter(viewer=person.recruiter, application=person.application).exists()


def test_the_file_is_never_shown_by_the_browser(client: Client, person: Person):
    answer = page_of(client, person, "candidate_disclosure_file")

    assert answer.headers["Content-Disposition"] == f'attachment; filename="disclosure-{person.candidate.pk}.zip"'
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert (answer.headers["X-Content-Type-Options"], answer.headers["Cache-Control"]) == ("nosniff", "no-store")


def sealed_recruiter(person: Person) -> User:
    """On the team as a recruiter, with an open card for the candidate."""
    torn = make_user(name="Tom Torn", is_recruiter=True)
    OpeningMember.objects.create(opening=person.application.opening, user=torn, role="recruiter")
    make_scorecard(interview=person.card.interview, interviewer=torn)
    return torn


def test_a_sealed_recruiter_gets_no_disclosure(client: Client, person: Person):
    torn = sealed_recruiter(person)
    client.force_login(torn)
    url = reverse("candidates:candidate_disclosure", args=[person.candidate.pk])

    page = client.get(url)
    file = client.get(reverse("candidates:candidate_disclosure_file", args=[person.candidate.pk]))

    assert "Hidden until you submit your scorecard." in page.content.decode()
    assert not any(text in page.content.decode() for text in person.planted.values() if text != NAME)
    assert (file.status_code, file.url) == (302, url)
    with pytest.raises(DisclosureClosed):
        disclose(user=torn, candidate=person.candidate, kind="page")


def test_before_all_cards_are_in_a_disclosure_takes_an_early_look(client: Client, opening, recruiter: User):
    application = make_application(opening=opening)
    interview = make_interview(application=application)
    make_scorecard(interview=interview, submitted=True, evidence="What was heard")
    make_scorecard(interview=interview)
    client.force_login(recruiter)
    url = reverse("candidates:candidate_disclosure", args=[application.candidate_id])

    before = client.get(url).content.decode()
    look_early(user=recruiter, application_id=application.pk)
    after = client.get(url).content.decode()

    assert ("1 of 2 scorecards in" in before, "What was heard" in before) == (True, False)
    assert "What was heard" in after


def test_openings_of_others_stay_out(client: Client, person: Person):
    theirs = make_opening(title="Secret opening")
    application = make_application(opening=theirs, candidate=person.candidate, source="A whisper")
    make_scorecard(application=application, submitted=True, evidence="Said elsewhere")

    page = page_of(client, person).content.decode()

    assert [text for text in ("Secret opening", "A whisper", "Said elsewhere") if text in page] == []


@pytest.mark.parametrize("who", ["rater", "manager", "admin", "stranger"])
def test_only_recruiters_of_the_opening_disclose(client: Client, person: Person, who: str):
    team = person.application.opening.members.get(role="hiring_manager").user
    people = {"rater": person.rater, "manager": team, "admin": make_user(is_admin=True), "stranger": make_user()}
    client.force_login(people[who])

    for name in ("candidate_disclosure", "candidate_disclosure_file"):
        assert client.get(reverse(f"candidates:{name}", args=[person.candidate.pk])).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_disclosure_query_count_is_flat(
    client: Client, opening, recruiter: User, django_assert_num_queries, count: int
) -> None:
    application = make_application(opening=opening)
    interview = make_interview(application=application)
    for _ in range(count):
        make_scorecard(interview=interview, submitted=True)
    client.force_login(recruiter)
    url = reverse("candidates:candidate_disclosure", args=[application.candidate_id])
    client.get(url)  # the first sight writes

    with django_assert_num_queries(28):
        client.get(url)


def test_the_operator_discloses_drafts_and_all_openings(person: Person, tmp_path: Path):
    theirs = make_opening(title="Another opening")
    make_application(opening=theirs, candidate=person.candidate)
    Scorecard.objects.filter(pk=person.draft.pk).update(summary="A thought that is not finished")
    path = tmp_path / "all.zip"

    call_command("disclose", person.candidate.pk, path)

    held = json.loads(unpacked(path.read_bytes())["disclosure.json"])
    assert held["openings"] == [f"As {NAME} said in title", "Another opening"]
    assert "A thought that is not finished" in json.dumps(held)
    assert AuditEvent.objects.get(act="candidate.disclose").actor is None


def test_the_operator_overwrites_no_file_and_guesses_nobody(person: Person, tmp_path: Path):
    path = tmp_path / "all.zip"
    path.write_text("here already")

    with pytest.raises(CommandError, match="could not be written"):
        call_command("disclose", person.candidate.pk, path)
    with pytest.raises(CommandError, match="There is no candidate 987654"):
        call_command("disclose", 987654, tmp_path / "other.zip")

    assert path.read_text() == "here already"


def test_a_candidate_without_applications_is_disclosed_by_who_entered_them(client: Client, recruiter: User):
    candidate = make_candidate(name="Ada Alone", created_by=recruiter)
    client.force_login(recruiter)

    answer = client.get(reverse("candidates:candidate_disclosure", args=[candidate.pk]))

    assert "Everything held about Ada Alone" in answer.content.decode()
    assert Application.objects.filter(candidate=candidate).count() == 0
