"""Planning interviews with their panels, changing, reading, cancelling and copying them."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from candidates.models import Candidate, Interview, Opening, Scorecard
from smarter.accounts.models import User
from smarter.mail.models import MailMessage
from tests.factories import make_application, make_interview, make_opening, make_scorecard, make_user

OUTSIDERS = ["admin", "stranger", "other_recruiter"]


def outsider(who: str, request: Any) -> User:
    """Somebody who has nothing to do with the opening."""
    return make_user(is_recruiter=True) if who == "other_recruiter" else request.getfixturevalue(who)


def seat(number: int, **values: Any) -> dict[str, Any]:
    """The fields of one row of the panel."""
    return {f"panel-{number}-{name}": value for name, value in values.items()}


def posted(*seats: dict[str, Any], total: int | str = 3, initial: int = 0, **changed: Any) -> dict[str, Any]:
    """What the form of an interview posts."""
    data = {
        "title": "Interview 1",
        "on": "2026-06-11",
        "at": "14:30",
        "minutes": 75,
        "time_zone": "Europe/Berlin",
        "place": "Room 4",
        "panel-TOTAL_FORMS": total,
        "panel-INITIAL_FORMS": initial,
    }
    for fields in seats:
        data |= fields
    return data | changed


def panel(interview: Interview) -> list[tuple[User, str, list[str], bool]]:
    """Who sits there, in which state, with which focus, as a shadow or not."""
    cards = Scorecard.objects.filter(interview=interview).order_by("pk")
    return [(card.interviewer, card.state, card.focus, card.is_shadow) for card in cards]


# Planning


def test_interview_create_plans_time_and_panel(
    client: Client, opening: Opening, recruiter: User, interviewer: User, colleague: User
) -> None:
    application = make_application(opening=opening)
    client.force_login(recruiter)
    data = posted(
        seat(0, interviewer=interviewer.pk, focus=["strategic", "teams"]),
        seat(2, interviewer=colleague.pk, is_shadow="on"),
        calendar_uid="x",
        created_by=colleague.pk,
        application=make_application().pk,
    )

    response = client.post(reverse("candidates:interview_create", args=[application.pk]), data)

    interview = Interview.objects.get()
    assert response.url == reverse("candidates:interview_detail", args=[interview.pk])
    # 14:30 in Berlin in summer
    assert interview.starts_at == datetime(2026, 6, 11, 12, 30, tzinfo=UTC)
    assert (interview.minutes, interview.time_zone, interview.place) == (75, "Europe/Berlin", "Room 4")
    assert (interview.application, interview.created_by) == (application, recruiter)
    assert panel(interview) == [
        (interviewer, "waiting", ["strategic", "teams"], False),
        (colleague, "waiting", [], True),
    ]


def test_interview_create_keeps_a_full_focus_as_all_dimensions(
    client: Client, opening: Opening, recruiter: User, interviewer: User
) -> None:
    application = make_application(opening=opening)
    everything = ["strategic", "measurable", "action", "relationships", "teams"]
    client.force_login(recruiter)

    client.post(
        reverse("candidates:interview_create", args=[application.pk]),
        posted(seat(0, interviewer=interviewer.pk, focus=everything), on="", at=""),
    )

    assert panel(Interview.objects.get()) == [(interviewer, "waiting", [], False)]
    assert Interview.objects.get().starts_at is None


@pytest.mark.parametrize(
    ("changed", "errors"),
    [
        ({"at": ""}, {"at": ["Give both a date and a time, or neither while it is not set."]}),
        ({"on": ""}, {"on": ["Give both a date and a time, or neither while it is not set."]}),
        ({"on": "soon"}, {"on": ["This is no date. Write it as in 2026-06-11."]}),
        ({"at": "25:00"}, {"at": ["This is no time. Write it as in 14:30."]}),
        (
            {"on": "2026-03-29", "at": "02:30"},
            {"at": ["The clocks go forward then, so this time does not exist. Choose another."]},
        ),
        ({"minutes": 4}, {"minutes": ["Give the length as 5 to 600 minutes."]}),
        ({"minutes": "long"}, {"minutes": ["Give the length as 5 to 600 minutes."]}),
        ({"title": ""}, {"title": ["Give the interview a title."]}),
        (
            {"time_zone": "Mars/Olympus"},
            {"time_zone": ["Select a valid choice. Mars/Olympus is not one of the available choices."]},
        ),
    ],
)
def test_interview_create_says_what_is_wrong(
    client: Client, opening: Opening, recruiter: User, changed: dict[str, Any], errors: dict[str, list[str]]
) -> None:
    client.force_login(recruiter)
    url = reverse("candidates:interview_create", args=[make_application(opening=opening).pk])

    response = client.post(url, posted(**changed))

    assert response.context["form"].errors == errors
    assert not Interview.objects.exists()


def test_interview_create_seats_nobody_twice(
    client: Client, opening: Opening, recruiter: User, interviewer: User
) -> None:
    client.force_login(recruiter)
    url = reverse("candidates:interview_create", args=[make_application(opening=opening).pk])

    twice = client.post(url, posted(seat(0, interviewer=interviewer.pk), seat(1, interviewer=interviewer.pk)))
    nobody = client.post(url, posted(seat(0, focus=["teams"])))

    assert twice.context["seats"].non_form_errors() == [
        f"{interviewer.name} is on this panel already. Choose somebody else or nobody."
    ]
    assert nobody.context["seats"].errors[0] == {"interviewer": ["Choose who sits here, or clear the row."]}
    assert not Interview.objects.exists()


@pytest.mark.parametrize("rows", ["", "x", "100000"])
def test_interview_create_survives_a_broken_panel(client: Client, opening: Opening, recruiter: User, rows: str) -> None:
    client.force_login(recruiter)
    url = reverse("candidates:interview_create", args=[make_application(opening=opening).pk])

    assert client.post(url, posted(total=rows)).status_code == 200
    assert not Interview.objects.exists()


@pytest.mark.parametrize("who", [*OUTSIDERS, "interviewer"])
def test_interview_create_is_for_the_team(client: Client, opening: Opening, who: str, request: Any) -> None:
    application = make_application(opening=opening)
    make_scorecard(application=application, interviewer=request.getfixturevalue("interviewer"))
    client.force_login(outsider(who, request))
    url = reverse("candidates:interview_create", args=[application.pk])

    assert [client.get(url).status_code, client.post(url, posted()).status_code] == [404, 404]


# Changing


def edit_url(interview: Interview) -> str:
    """Where an interview is changed."""
    return reverse("candidates:interview_edit", args=[interview.pk])


def test_interview_edit_changes_time_and_open_seats(
    client: Client, opening: Opening, recruiter: User, interviewer: User, colleague: User
) -> None:
    interview = make_interview(application=make_application(opening=opening))
    card = make_scorecard(interview=interview, interviewer=interviewer)
    make_scorecard(interview=interview, interviewer=colleague, submitted=True)
    client.force_login(recruiter)
    data = posted(seat(0, card=card.pk, interviewer=colleague.pk, focus=["action"], is_shadow="on"), total=4, initial=1)

    response = client.post(edit_url(interview), data)

    interview.refresh_from_db()
    assert response.url == reverse("candidates:interview_detail", args=[interview.pk])
    assert (interview.minutes, interview.calendar_sequence) == (75, 1)
    assert panel(interview) == [(interviewer, "waiting", ["action"], True), (colleague, "submitted", [], False)]


def test_interview_edit_shows_the_time_of_the_interviews_own_zone(
    client: Client, opening: Opening, recruiter: User
) -> None:
    interview = make_interview(
        application=make_application(opening=opening),
        starts_at=datetime(2026, 1, 11, 23, 30, tzinfo=UTC),
        time_zone="Asia/Tokyo",
    )
    client.force_login(recruiter)

    form = client.get(edit_url(interview)).context["form"]

    assert (form["on"].value(), form["at"].value()) == (date(2026, 1, 12), time(8, 30))


def test_interview_edit_takes_a_draft_off_only_when_confirmed(
    client: Client, opening: Opening, recruiter: User, interviewer: User
) -> None:
    interview = make_interview(application=make_application(opening=opening))
    card = make_scorecard(interview=interview, interviewer=interviewer, values=[4])
    client.force_login(recruiter)
    data = posted(seat(0, card=card.pk, remove="on"), total=4, initial=1)

    asked = client.post(edit_url(interview), data)
    assert f"Take {interviewer.name} off the panel" in asked.content.decode()
    assert panel(interview) == [(interviewer, "draft", [], False)]

    client.post(edit_url(interview), data | {"confirm": "on"})
    card.refresh_from_db()
    assert (card.state, card.decline_reason, card.scores.count()) == ("declined", "could_not_attend", 1)


def test_interview_edit_writes_over_no_change_unseen(
    client: Client, opening: Opening, recruiter: User, manager: User
) -> None:
    interview = make_interview(application=make_application(opening=opening), place="Room 1")
    client.force_login(recruiter)
    seen = str(client.get(edit_url(interview)).context["form"]["seen"].value())
    client.force_login(manager)
    client.post(edit_url(interview), posted(place="Room 2", seen=seen))
    client.force_login(recruiter)

    stale = client.post(edit_url(interview), posted(place="Room 3", seen=seen))
    again = client.post(edit_url(interview), posted(place="Room 3", seen=stale.context["form"]["seen"].value()))

    assert stale.context["form"].non_field_errors() == [
        "Somebody changed this interview after you opened this page. It is now: Interview 1; 11 June 2026, 14:30 "
        "(Europe/Berlin); Room 2. Save again to put yours in its place."
    ]
    assert "It is now: Interview 1; 11 June 2026" in stale.content.decode()
    assert again.status_code == 302
    assert Interview.objects.values_list("place", "calendar_sequence").get() == ("Room 3", 2)


def test_interview_edit_touches_no_seat_that_is_in_or_of_another_panel(
    client: Client, opening: Opening, recruiter: User, colleague: User
) -> None:
    interview = make_interview(application=make_application(opening=opening))
    submitted = make_scorecard(interview=interview, interviewer=colleague, submitted=True)
    elsewhere = make_scorecard(application=make_application(opening=opening))
    client.force_login(recruiter)

    for card in (submitted, elsewhere):
        response = client.post(edit_url(interview), posted(seat(0, card=card.pk, remove="on"), total=4, initial=1))
        assert response.context["seats"].errors[0] == {
            "__all__": ["One of these seats can't be changed any more. Load the page again."]
        }
    again = client.post(edit_url(interview), posted(seat(0, interviewer=colleague.pk)))

    assert again.context["seats"].non_form_errors() == [
        f"{colleague.name} is on this panel already. Choose somebody else or nobody."
    ]
    assert Scorecard.objects.filter(pk__in=[submitted.pk, elsewhere.pk]).count() == 2


def test_interview_edit_locks_others_seats_while_sealed(
    client: Client, opening: Opening, manager: User, interviewer: User, colleague: User
) -> None:
    interview = make_interview(application=make_application(opening=opening))
    own = make_scorecard(interview=interview, interviewer=manager)
    waiting = make_scorecard(interview=interview, interviewer=interviewer)
    make_scorecard(interview=interview, interviewer=colleague, submitted=True)
    client.force_login(manager)

    response = client.get(edit_url(interview))
    refused = client.post(edit_url(interview), posted(seat(0, card=waiting.pk, remove="on"), total=4, initial=1))

    assert [form.seat for form in response.context["seats"].forms] == [own, None, None, None]
    assert set(response.context["locked"]) == {interviewer.name, colleague.name}
    assert "submitted" not in response.content.decode()
    assert refused.status_code == 200
    assert len(panel(interview)) == 3


def test_a_second_click_plans_no_second_interview(
    client: Client, opening: Opening, recruiter: User, interviewer: User
) -> None:
    application, other = make_application(opening=opening), make_application(opening=opening)
    client.force_login(recruiter)
    url = reverse("candidates:interview_create", args=[application.pk])
    uid = str(client.get(url).context["form"]["calendar_uid"].value())
    data = posted(seat(0, interviewer=interviewer.pk), calendar_uid=uid)

    first, second = client.post(url, data), client.post(url, data)
    elsewhere = client.post(reverse("candidates:interview_create", args=[other.pk]), data)

    assert first.url == second.url
    assert elsewhere.url != first.url
    assert (Interview.objects.count(), Scorecard.objects.count(), MailMessage.objects.count()) == (2, 2, 2)
    assert str(Interview.objects.get(application=application).calendar_uid) == uid


@pytest.mark.parametrize("who", [*OUTSIDERS, "interviewer"])
@pytest.mark.parametrize("name", ["interview_edit", "interview_cancel", "panel_copy"])
def test_changing_interviews_is_for_the_team(
    client: Client, opening: Opening, name: str, who: str, request: Any
) -> None:
    interview = make_interview(application=make_application(opening=opening))
    make_scorecard(interview=interview, interviewer=request.getfixturevalue("interviewer"))
    client.force_login(outsider(who, request))
    url = reverse(f"candidates:{name}", args=[interview.pk])

    assert [client.get(url).status_code, client.post(url, posted()).status_code] == [404, 404]


@pytest.mark.parametrize("count", [1, 3])
def test_interview_edit_query_count_is_flat(
    client: Client, opening: Opening, recruiter: User, django_assert_num_queries: Any, count: int
) -> None:
    interview = make_interview(application=make_application(opening=opening))
    for _ in range(count):
        make_scorecard(interview=interview)
    client.force_login(recruiter)

    with django_assert_num_queries(8):
        client.get(edit_url(interview))


# Reading


def test_interview_detail_shows_states_to_an_unsealed_team(
    client: Client, opening: Opening, recruiter: User, interviewer: User, colleague: User
) -> None:
    interview = make_interview(application=make_application(opening=opening))
    make_scorecard(interview=interview, interviewer=interviewer, values=[3], focus=["teams"])
    make_scorecard(interview=interview, interviewer=colleague, submitted=True)
    client.force_login(recruiter)

    response = client.get(reverse("candidates:interview_detail", args=[interview.pk]))

    seats = response.context["conversation"].seats
    assert [(row.name, row.state, [dimension.letter for dimension in row.focus]) for row in seats] == [
        (interviewer.name, "draft", ["T"]),
        (colleague.name, "done", []),
    ]
    assert "1 of 2 scorecards" in response.content.decode()


def test_interview_detail_leads_interviewers_to_their_card_and_tells_no_states(
    client: Client, opening: Opening, interviewer: User, colleague: User
) -> None:
    interview = make_interview(application=make_application(opening=opening))
    own = make_scorecard(interview=interview, interviewer=interviewer)
    make_scorecard(interview=interview, interviewer=colleague, submitted=True)
    client.force_login(interviewer)

    response = client.get(reverse("candidates:interview_detail", args=[interview.pk]))

    assert [(row.name, row.state) for row in response.context["conversation"].seats] == [
        (interviewer.name, "none"),
        (colleague.name, ""),
    ]
    assert reverse("candidates:scorecard_edit", args=[own.pk]) in response.content.decode()
    assert edit_url(interview) not in response.content.decode()


def test_interview_detail_warns_of_clashes_and_second_meetings(
    client: Client, opening: Opening, recruiter: User, interviewer: User
) -> None:
    application = make_application(opening=opening, name="Ingrid")
    starts_at = timezone.now() + timedelta(days=1)
    interview = make_interview(application=application, starts_at=starts_at)
    make_scorecard(interview=interview, interviewer=interviewer)
    make_scorecard(interview=make_interview(application=application), interviewer=interviewer)
    other = make_interview(
        application=make_application(opening=opening, name="Jonas"), starts_at=starts_at + timedelta(minutes=30)
    )
    make_scorecard(interview=other, interviewer=interviewer)
    client.force_login(recruiter)

    response = client.get(reverse("candidates:interview_detail", args=[interview.pk]))

    assert response.context["warnings"] == [
        f"{interviewer.name} meets Ingrid in another interview as well.",
        f"{interviewer.name} is planned for Ingrid and Jonas at the same time.",
    ]


@pytest.mark.parametrize("who", OUTSIDERS)
def test_interview_detail_is_for_team_and_panel(client: Client, opening: Opening, who: str, request: Any) -> None:
    interview = make_interview(application=make_application(opening=opening))
    client.force_login(outsider(who, request))

    assert client.get(reverse("candidates:interview_detail", args=[interview.pk])).status_code == 404


# Cancelling and copying


def test_interview_cancel_asks_then_cancels(client: Client, opening: Opening, recruiter: User) -> None:
    interview = make_interview(application=make_application(opening=opening))
    make_scorecard(interview=interview)
    client.force_login(recruiter)
    url = reverse("candidates:interview_cancel", args=[interview.pk])

    assert client.get(url).status_code == 200
    interview.refresh_from_db()
    assert interview.cancelled_at is None
    client.post(url)

    interview.refresh_from_db()
    assert interview.cancelled_at is not None
    assert [client.get(url).status_code, client.get(edit_url(interview)).status_code] == [404, 404]


def test_panel_copy_proposes_those_without_this_interview(
    client: Client, opening: Opening, recruiter: User, interviewer: User
) -> None:
    source = make_interview(application=make_application(opening=opening), title="Clients")
    make_scorecard(interview=source, interviewer=interviewer, focus=["teams"])
    has_it = make_application(opening=opening)
    make_interview(application=has_it, title="Clients")
    lacks_it = make_application(opening=opening)
    rejected = make_application(opening=opening, stage="rejected")
    erased = make_application(opening=opening)
    Candidate.objects.filter(pk=erased.candidate_id).update(erased_at=timezone.now(), email="")
    client.force_login(recruiter)
    url = reverse("candidates:panel_copy", args=[source.pk])

    offered = client.get(url).context["form"].fields["applications"].queryset
    refused = client.post(url, {"applications": [has_it.pk, rejected.pk, erased.pk, make_application().pk]})
    response = client.post(url, {"applications": [lacks_it.pk]})

    assert list(offered) == [lacks_it]
    assert list(refused.context["form"].errors) == ["applications"]
    assert response.url == reverse("candidates:opening_plan", args=[opening.pk])
    assert panel(Interview.objects.get(application=lacks_it)) == [(interviewer, "waiting", ["teams"], False)]
    assert client.post(url, {}).context["form"].errors == {"applications": ["Choose at least one candidate."]}


# The plan


def plan_of(client: Client, opening: Opening) -> Any:
    """The plan on its page, which must be there."""
    return client.get(reverse("candidates:opening_plan", args=[opening.pk])).context["plan"]


def test_opening_plan_says_who_covers_what(
    client: Client, opening: Opening, recruiter: User, interviewer: User, colleague: User, stranger: User
) -> None:
    application = make_application(opening=opening, name="Ingrid")
    interview = make_interview(application=application)
    make_scorecard(interview=interview, interviewer=interviewer, focus=["strategic"])
    make_scorecard(interview=interview, interviewer=colleague, focus=["strategic", "teams"])
    make_scorecard(interview=interview, interviewer=stranger, is_shadow=True)
    make_scorecard(interview=make_interview(application=application), interviewer=colleague, state="declined")
    make_application(opening=opening, name="Jonas")
    client.force_login(recruiter)

    plan = plan_of(client, opening)

    ingrid, jonas = plan.rows
    assert [(cell.dimension.letter, cell.names) for cell in ingrid.cells] == [
        ("S", (interviewer.name, colleague.name)),
        ("M", ()),
        ("A", ()),
        ("R", ()),
        ("T", (colleague.name,)),
    ]
    assert [cell.is_thin for cell in ingrid.cells] == [False, True, True, True, True]
    assert (ingrid.cells[0].initials, ingrid.missing, jonas.missing) == (("DI", "OC"), (), ())
    assert plan.thin[:2] == ("Strategic for 1 candidate", "Measurable for 2 candidates")
    assert [row.candidates for row in plan.reliability] == [0, 1, 0, 0, 0]
    assert (jonas.interviews, [cell.names for cell in jonas.cells]) == ((), [()] * 5)
    assert [(row.size, row.value) for row in plan.reliability] == [
        (1, "0.44"),
        (2, "0.61"),
        (3, "0.70"),
        (4, "0.76"),
        (5, "0.80"),
    ]


def test_opening_plan_tells_people_of_the_same_name_apart(client: Client, opening: Opening, recruiter: User) -> None:
    application = make_application(opening=opening)
    for _ in range(2):
        make_scorecard(application=application, interviewer=make_user(name="Sam Lee"))
    client.force_login(recruiter)

    (row,) = plan_of(client, opening).rows

    assert (row.meets_twice, row.cells[0].names, row.cells[0].is_thin) == ((), ("Sam Lee", "Sam Lee"), False)
    make_scorecard(application=application, interviewer=User.objects.filter(name="Sam Lee")[0])
    assert plan_of(client, opening).rows[0].meets_twice == ("Sam Lee",)


def test_opening_plan_says_what_would_join_panels(
    client: Client, opening: Opening, recruiter: User, interviewer: User, colleague: User
) -> None:
    for name, person in (("Ingrid", interviewer), ("Jonas", colleague)):
        make_scorecard(application=make_application(opening=opening, name=name), interviewer=person)
    client.force_login(recruiter)

    assert plan_of(client, opening).unconnected == (f"Jonas with {interviewer.name}",)
    make_scorecard(interview=Interview.objects.get(application__candidate__name="Jonas"), interviewer=interviewer)
    assert plan_of(client, opening).unconnected == ()


def test_opening_plan_proposes_panels_that_some_candidates_lack(
    client: Client, opening: Opening, recruiter: User, interviewer: User
) -> None:
    with_both, with_one = (make_application(opening=opening, name=name) for name in ("Ingrid", "Jonas"))
    clients = make_interview(application=with_both, title="Clients")
    make_scorecard(interview=clients, interviewer=interviewer)
    for application in (with_both, with_one):
        make_scorecard(interview=make_interview(application=application, title="Strategy"), interviewer=interviewer)
    client.force_login(recruiter)

    assert plan_of(client, opening).to_copy == (clients,)
    make_interview(application=with_one, title="Clients")
    assert plan_of(client, opening).to_copy == ()


def test_opening_plan_shows_who_of_the_usual_panel_is_missing(
    client: Client, opening: Opening, recruiter: User, interviewer: User, colleague: User
) -> None:
    for name, people in (("Anna", [interviewer, colleague]), ("Bo", [interviewer, colleague]), ("Carla", [colleague])):
        interview = make_interview(application=make_application(opening=opening, name=name))
        for person in people:
            make_scorecard(interview=interview, interviewer=person)
    make_application(opening=opening, name="Dan")
    client.force_login(recruiter)

    rows = plan_of(client, opening).rows

    assert [row.missing for row in rows] == [(), (), (interviewer.name,), ()]


def test_opening_plan_sees_a_long_interview_clash_with_every_other(
    client: Client, opening: Opening, recruiter: User, interviewer: User
) -> None:
    start = timezone.now() + timedelta(days=1)
    for name, after, minutes in (("Anna", 0, 240), ("Bo", 60, 30), ("Carla", 120, 30)):
        application = make_application(opening=opening, name=name)
        starts_at = start + timedelta(minutes=after)
        interview = make_interview(application=application, starts_at=starts_at, minutes=minutes)
        make_scorecard(interview=interview, interviewer=interviewer)
    client.force_login(recruiter)

    assert plan_of(client, opening).clashes == (
        f"{interviewer.name} is planned for Anna and Bo at the same time.",
        f"{interviewer.name} is planned for Anna and Carla at the same time.",
    )


@pytest.mark.parametrize("who", [*OUTSIDERS, "interviewer"])
def test_opening_plan_is_for_the_team(client: Client, opening: Opening, who: str, request: Any) -> None:
    make_scorecard(application=make_application(opening=opening), interviewer=request.getfixturevalue("interviewer"))
    client.force_login(outsider(who, request))

    assert client.get(reverse("candidates:opening_plan", args=[opening.pk])).status_code == 404


@pytest.mark.parametrize("count", [1, 3, 30])
def test_opening_plan_query_count_is_flat(
    client: Client, recruiter: User, interviewer: User, django_assert_num_queries: Any, count: int
) -> None:
    opening = make_opening(recruiter=recruiter)
    for _ in range(count):
        make_scorecard(application=make_application(opening=opening), interviewer=interviewer)
    client.force_login(recruiter)

    with django_assert_num_queries(11):
        plan_of(client, opening)
