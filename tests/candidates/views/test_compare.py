"""The compare page, its trial of weights and the list of all candidates, through their real addresses."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from candidates.models import Application, EarlyLook, Opening, Revision, Score, Scorecard, Sight
from candidates.synthetic import make_round
from smarter.accounts.models import User
from smarter.audit.models import AuditEvent
from tests.factories import make_application, make_scorecard, make_user

PAGES = ["opening_compare", "opening_compare_trial", "opening_ranking"]


@pytest.fixture
def panel(db: None) -> list[User]:
    """Three people who rate everybody."""
    return [make_user(name=name) for name in ("Daniel Achebe", "Dora Alvarez", "Olivier Fontaine")]


def url(name: str, opening: Opening, query: str = "") -> str:
    """The address of one of the pages."""
    return reverse(f"candidates:{name}", args=[opening.pk]) + query


def rate(opening: Opening, name: str, panel: list[User], *ratings: list[int | None], **fields: Any) -> Application:
    """A candidate with one submitted card from each of the panel."""
    application = make_application(opening=opening, name=name, **fields)
    for rater, values in zip(panel, ratings, strict=True):
        evidence = f"What {rater.name} heard."
        make_scorecard(application=application, interviewer=rater, values=values, evidence=evidence, submitted=True)
    return application


@pytest.fixture
def shortlist(opening: Opening, panel: list[User]) -> list[Application]:
    """Amara, Jonas and Beatriz, rated by the same three: 4.4, 4.0 and 2.4 in all."""
    return [
        rate(opening, "Amara Okafor", panel, [5, 5, 3, 5, 4], [5, 4, 3, 5, 5], [4, 5, 4, 4, 5]),
        rate(opening, "Jonas Keller", panel, [4, 4, 5, 4, 3], [4, 4, 4, 4, 4], [4, 3, 5, 4, 4]),
        rate(opening, "Beatriz Lima", panel, [2, 3, 2, 2, 3], [3, 2, 2, 3, 2], [2, 3, 2, 3, 2]),
    ]


def text_of(response: Any) -> str:
    """What a page says, without its markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_compare_shows_order_table_and_evidence(client, recruiter, opening, shortlist):
    client.force_login(recruiter)

    response = client.get(url("opening_compare", opening))
    said = text_of(response)

    order = response.context["comparison"].ranking.order
    assert [(row.name, row.tier, row.total) for row in order.rows] == [
        ("Amara Okafor", 1, "4.40"),
        ("Jonas Keller", 2, "4.00"),
        ("Beatriz Lima", 3, "2.40"),
    ]
    cells = [[cell.mean for cell in row.cells] for row in response.context["comparison"].table.rows]
    assert cells[0] == pytest.approx([14 / 3, 4, 7 / 3])
    assert cells[2] == pytest.approx([10 / 3, 14 / 3, 2])
    for words in (
        "Compare three candidates",
        "9 of 9 scorecards submitted",
        "Amara Okafor is clearly ahead of Jonas Keller (95 : 5). Tier 1 is Amara Okafor alone.",
        "Amara Okafor is first in",
        "What Olivier Fontaine heard.",
        "Da Daniel Achebe Do Dora Alvarez OF Olivier Fontaine",
        "Anchor 5: Action worth 5",
        "No. Everybody was rated by the same interviewers, so levelling them changes no score.",
        "3 yes",
    ):
        assert words in said


@pytest.mark.parametrize("name", PAGES)
def test_pages_are_for_those_who_see_the_opening(name, client, stranger, admin, opening, shortlist):
    for person in (stranger, admin):
        client.force_login(person)
        hidden, absent = client.get(url(name, opening)), client.get(url(name, opening).replace(str(opening.pk), "987"))

        assert (hidden.status_code, absent.status_code) == (404, 404)
        assert client.post(url(name, opening)).status_code == 405


def test_compare_takes_columns_from_the_address_in_that_order(client, recruiter, opening, shortlist):
    amara, _, beatriz = shortlist
    other = make_application(name="Of another opening")
    client.force_login(recruiter)

    response = client.get(
        url("opening_compare", opening, f"?c={beatriz.pk}&c={amara.pk}&c={other.pk}&c=x&c={amara.pk}")
    )

    assert [column.name for column in response.context["comparison"].table.columns] == ["Beatriz Lima", "Amara Okafor"]
    assert "Jonas Keller" not in text_of(response)


def test_compare_starts_with_those_in_the_running(client, recruiter, opening, panel, shortlist):
    Application.objects.filter(pk=shortlist[0].pk).update(stage=Application.Stage.REJECTED)
    client.force_login(recruiter)

    response = client.get(url("opening_compare", opening))

    assert [column.name for column in response.context["comparison"].table.columns] == ["Jonas Keller", "Beatriz Lima"]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("w_strategic=nan", "Weight of Strategic: Enter a number."),
        ("w_strategic=-1", "Weight of Strategic: Ensure this value is greater than or equal to 0."),
        ("w_action=101", "Weight of Action: Ensure this value is less than or equal to 100."),
        ("&".join(f"w_{key}=0" for key in ("strategic", "measurable", "action", "relationships", "teams")), "Give at"),
        ("scores=all", "Select a valid choice. all is not one of the available choices."),
    ],
)
def test_compare_says_what_is_wrong_with_an_address_and_shows_the_rest(
    query, message, client, recruiter, opening, shortlist
):
    client.force_login(recruiter)

    response = client.get(url("opening_compare", opening, f"?{query}"))

    assert response.status_code == 200
    assert message in text_of(response)
    assert [row.total for row in response.context["comparison"].ranking.order.rows] == ["4.40", "4.00", "2.40"]


def test_compare_refuses_more_than_six_columns(client, recruiter, opening):
    found = [make_application(opening=opening) for _ in range(7)]
    client.force_login(recruiter)

    response = client.get(url("opening_compare", opening, "?" + "&".join(f"c={row.pk}" for row in found)))

    assert "Choose at most 6 candidates to compare." in text_of(response)
    assert len(response.context["comparison"].table.columns) == 6


def test_compare_of_an_empty_opening_says_what_to_do(client, recruiter, opening):
    client.force_login(recruiter)

    assert "Nobody to compare yet" in text_of(client.get(url("opening_compare", opening)))


def test_trial_weights_reorder_the_top_and_leave_the_record(client, recruiter, opening, shortlist):
    client.force_login(recruiter)
    query = "?w_strategic=5&w_measurable=5&w_action=80&w_relationships=5&w_teams=5"

    whole = client.get(url("opening_compare", opening, query))
    part = client.get(url("opening_compare_trial", opening, query))

    rows = whole.context["comparison"].ranking.order.rows
    assert [(row.name, row.total, row.official) for row in rows] == [
        ("Jonas Keller", "4.50", "4.00"),
        ("Amara Okafor", "3.60", "4.40"),
        ("Beatriz Lima", "2.10", "2.40"),
    ]
    assert part.context["ranking"].order == whole.context["comparison"].ranking.order
    assert [column.total for column in whole.context["comparison"].table.columns] == ["4.40", "4.00", "2.40"]
    assert "Official: Strategic 20%, Measurable 20%" in text_of(part)
    assert list(opening.weights.values_list("points", flat=True)) == [20] * 5


def test_compare_after_the_debrief_takes_revisions_and_keeps_the_first(client, recruiter, opening, shortlist):
    first = Score.objects.get(scorecard__interview__application=shortlist[1], dimension__key="action", value=4)
    Revision.objects.create(score=first, value=5, reason=Revision.Reason.SLIP, text="Clicked the wrong row.")
    client.force_login(recruiter)

    before = client.get(url("opening_compare", opening))
    after = client.get(url("opening_compare", opening, "?scores=after_debrief"))

    totals = [response.context["comparison"].ranking.order.rows[1].total for response in (before, after)]
    assert totals == ["4.00", "4.07"]
    for response in (before, after):
        assert "Slip: Clicked the wrong row." in text_of(response)


@pytest.mark.parametrize("name", PAGES)
def test_masked_names_are_nowhere_on_the_pages(name, client, recruiter, opening, shortlist):
    client.force_login(recruiter)

    response = client.get(url(name, opening, "?names=masked&q=Amara"))

    assert "Candidate C" in text_of(response)
    assert re.findall("Amara|Okafor|Jonas|Beatriz|/candidates/[0-9]", response.content.decode()) == []


def test_median_is_shown_on_demand(client, recruiter, opening, shortlist):
    client.force_login(recruiter)

    plain = client.get(url("opening_compare", opening))
    both = client.get(url("opening_compare", opening, "?middle=both"))

    assert "median 5.0" not in text_of(plain)
    assert "median 5.0" in text_of(both)


# The seal


@pytest.fixture
def sealed(opening: Opening, panel: list[User], manager: User) -> Application:
    """A candidate whose card the hiring manager still has to write; two of the panel are in."""
    application = make_application(opening=opening, name="Leila Haddad")
    for rater in panel[:2]:
        make_scorecard(application=application, interviewer=rater, values=[4, 3, 4, 5, 4], submitted=True)
    make_scorecard(application=application, interviewer=manager, values=[2])
    return application


def test_sealed_column_is_hidden_and_counted_nowhere(client, manager, opening, shortlist, sealed):
    client.force_login(manager)

    response = client.get(url("opening_compare", opening))

    comparison = response.context["comparison"]
    column = comparison.table.columns[3]
    assert (column.name, column.closed.reason, column.closed.progress) == (
        "Leila Haddad",
        "Hidden until you submit your scorecard.",
        "2 of 3 scorecards in",
    )
    assert [seat.name for seat in column.seats] == [manager.name]
    assert (column.total, column.tally, column.chart, column.tier) == ("–", "", None, "")
    assert [row.cells[3] for row in comparison.table.rows] == [None] * 5
    assert [row.quotes[3] for row in comparison.table.rows] == [None] * 5
    assert "Leila Haddad" not in [row.name for row in comparison.ranking.order.rows]
    assert "Leila Haddad" not in [share.name for share in comparison.ranking.trial.shares]
    own = Scorecard.objects.get(interviewer=manager)
    assert reverse("candidates:scorecard_edit", args=[own.pk]) in response.content.decode()


QUERIES = [
    "",
    "?scores=after_debrief",
    "?middle=both",
    "?names=masked",
    "?w_action=70&w_teams=3",
    "?sort=total",
    "?sort=-action",
    "?stage=interviewing&q=e",
]


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("query", QUERIES)
def test_sealed_person_gets_the_same_bytes_whatever_the_hidden_scores(
    query, name, client, manager, opening, shortlist, sealed, panel, monkeypatch
):
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 11, 23, 14, 2, tzinfo=UTC))
    client.force_login(manager)
    client.get(url(name, opening, query))

    def answer() -> tuple[int, bytes]:
        response = client.get(url(name, opening, query))
        return response.status_code, re.sub(rb'value="[A-Za-z0-9]{64}"', b"", response.content)

    first = answer()
    hidden = Score.objects.filter(scorecard__interview__application=sealed).exclude(scorecard__interviewer=manager)
    for score in hidden:
        Score.objects.filter(pk=score.pk).update(value=1, evidence="Turned out to be invented.")
    Scorecard.objects.filter(interview__application=sealed, state="submitted").update(recommendation=1)
    Revision.objects.create(score=hidden.first(), value=5, reason=Revision.Reason.SLIP, text="Hidden.")

    assert answer() == first


def test_declined_card_keeps_the_column_hidden_and_says_so(client, manager, opening, shortlist, sealed):
    card = Scorecard.objects.get(interviewer=manager)
    other = make_scorecard(application=sealed)
    Scorecard.objects.filter(pk=card.pk).update(
        state="declined", declined_at=timezone.now(), decline_reason=Scorecard.DeclineReason.CONFLICT_OF_INTEREST
    )
    client.force_login(manager)

    said = text_of(client.get(url("opening_compare", opening)))

    assert other.is_open
    assert "Hidden until all scorecards are in, because you declined yours." in said


def test_early_look_is_offered_before_all_cards_are_in_and_opens_the_column(
    client, recruiter, opening, shortlist, sealed
):
    client.force_login(recruiter)

    before = client.get(url("opening_compare", opening))
    EarlyLook.objects.create(application=sealed, viewer=recruiter, cards_in=2, cards_expected=3)
    after = client.get(url("opening_compare", opening))

    assert reverse("candidates:application_look_early", args=[sealed.pk]) in before.content.decode()
    assert "Leila Haddad" in [row.name for row in after.context["comparison"].ranking.order.rows]


@pytest.mark.parametrize("name", PAGES)
def test_reading_scores_is_noted_once(name, client, recruiter, opening, shortlist, sealed):
    client.force_login(recruiter)

    for _ in range(2):
        client.get(url(name, opening))

    assert sorted(Sight.objects.filter(viewer=recruiter).values_list("application", flat=True)) == [
        row.pk for row in shortlist
    ]
    assert Scorecard.objects.filter(first_seen_at=None, state="submitted").count() == 2


def test_interviewers_lean_is_told_to_the_team_only(client, recruiter, panel, opening, shortlist):
    counts = []
    for person in (recruiter, panel[0]):
        client.force_login(person)
        counts.append(len(client.get(url("opening_compare", opening)).context["comparison"].levelling.leans))

    assert counts == [3, 0]


# The list


def names_of(response: Any) -> list[str]:
    """The candidates of the list, in its order."""
    return [row.name for row in response.context["rows"]]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["Amara Okafor", "Jonas Keller", "Beatriz Lima", "Leila Haddad"]),
        ("?sort=-order", ["Leila Haddad", "Beatriz Lima", "Jonas Keller", "Amara Okafor"]),
        ("?sort=name", ["Amara Okafor", "Beatriz Lima", "Jonas Keller", "Leila Haddad"]),
        ("?sort=action", ["Jonas Keller", "Amara Okafor", "Beatriz Lima", "Leila Haddad"]),
        ("?sort=-action", ["Beatriz Lima", "Amara Okafor", "Jonas Keller", "Leila Haddad"]),
        ("?q=AR", ["Amara Okafor"]),
        ("?stage=offer", []),
        ("?sort=nonsense&page=x", ["Amara Okafor", "Jonas Keller", "Beatriz Lima", "Leila Haddad"]),
    ],
)
def test_ranking_sorts_searches_and_filters(query, names, client, manager, opening, shortlist, sealed):
    client.force_login(manager)

    assert names_of(client.get(url("opening_ranking", opening, query))) == names


def test_ranking_pages_by_fifty_and_keeps_the_chosen(client, recruiter, opening):
    found = [make_application(opening=opening, name=f"Candidate {number:02}") for number in range(51)]
    client.force_login(recruiter)

    response = client.get(url("opening_ranking", opening, f"?page=2&sort=name&c={found[0].pk}"))

    assert names_of(response) == ["Candidate 50"]
    assert f'<input type="hidden" name="c" value="{found[0].pk}">' in response.content.decode()
    assert f"?c={found[0].pk}&amp;sort=name&amp;page=1" in response.content.decode()


def test_list_sorted_by_score_puts_no_order_on_unconnected_panels_and_says_why(client, recruiter, opening):
    for group in ("First", "Second"):
        raters = [make_user(name=f"{group} rater"), make_user(name=f"{group} other rater")]
        for place, value in enumerate((5, 3, 1)):
            rate(opening, f"{group} {place}", raters, [value] * 5, [value] * 5)
    client.force_login(recruiter)

    falling, masked = (
        client.get(url("opening_ranking", opening, query)) for query in ("?sort=total", "?sort=total&names=masked")
    )
    rising = client.get(url("opening_ranking", opening, "?sort=-total"))
    overview = client.get(url("opening_detail", opening))

    assert names_of(falling) == ["First 0", "First 1", "First 2", "Second 0", "Second 1", "Second 2"]
    assert names_of(rising) == ["First 2", "First 1", "First 0", "Second 2", "Second 1", "Second 0"]
    assert "2 groups with no interviewer in common (First 0, First 1 and First 2; Second 0" in text_of(falling)
    assert "2 groups with no interviewer in common (Candidate A, Candidate B and" in text_of(masked)
    assert "First 0" not in text_of(masked)
    assert "2 groups with no interviewer in common (First 0, First 1 and First 2; Second 0" in text_of(overview)


@pytest.mark.parametrize("name", ["opening_ranking", "opening_detail"])
def test_lists_say_why_a_score_has_no_interval(name, client, recruiter, panel, opening, shortlist):
    rate(opening, "Once", panel[:1], [4, 4, 4, 4, 4])
    client.force_login(recruiter)

    said = text_of(client.get(url(name, opening)))

    assert said.count("One scorecard only, so nothing is said about how sure the score is.") == 1


# How many questions the database is asked


@pytest.mark.parametrize("number", [1, 3, 30])
@pytest.mark.parametrize(
    ("name", "after_a_change", "again"),
    [("opening_compare", 14, 4), ("opening_compare_trial", 11, 4), ("opening_ranking", 10, 3)],
)
def test_query_count_is_flat(
    number, name, after_a_change, again, client, recruiter, opening, panel, django_assert_num_queries
):
    for place in range(number):
        rate(opening, f"Candidate {place}", panel, [5, 4, 3, 4, 4], [4, 4, 3, 4, 2], [3, 4, 3, 5, None])
    client.force_login(recruiter)
    client.get(url(name, opening))
    opening.applications.update(stage="debrief")

    with django_assert_num_queries(after_a_change):
        first = client.get(url(name, opening))
    with django_assert_num_queries(again):
        second = client.get(url(name, opening))

    assert [first.status_code, second.status_code] == [200, 200]


@pytest.mark.parametrize(("name", "queries"), [("opening_compare", 14), ("opening_ranking", 10)])
def test_query_count_of_three_hundred_candidates(name, queries, client, recruiter, django_assert_num_queries):
    opening = make_round(candidates=300, interviewers=12, per_candidate=3, seed=5)
    client.force_login(recruiter)
    client.get(url(name, opening))
    opening.applications.update(stage="debrief")

    with django_assert_num_queries(queries):
        response = client.get(url(name, opening))

    assert response.status_code == 200
    assert "300 candidates" in text_of(response) or len(response.context["comparison"].table.columns) == 6


# Weights that become official


def tried(**points: float) -> str:
    """The query of weights on trial."""
    return "?" + "&".join(f"w_{key}={value}" for key, value in points.items())


def posted(reason: str = "", **points: int) -> dict[str, str]:
    """The form that makes weights official, 20 points each unless said otherwise."""
    keys = ("strategic", "measurable", "action", "relationships", "teams")
    return {"reason": reason, **{f"w_{key}": str(points.get(key, 20)) for key in keys}}


def test_weights_on_trial_are_proposed_as_whole_points(client, recruiter, panel, opening, shortlist):
    query = tried(strategic=10, measurable=10, action=10.5, relationships=10, teams=10)
    links = []
    for person in (recruiter, panel[0]):
        client.force_login(person)
        links.append("Propose as official" in text_of(client.get(url("opening_compare", opening, query))))
    client.force_login(recruiter)
    form = client.get(url("opening_weights", opening, query)).context["form"]

    assert links == [True, False]
    assert [form[f"w_{key}"].value() for key in form.labels] == [20, 20, 20, 20, 20]


def test_weights_become_official_with_a_reason_once_a_card_is_in(client, recruiter, opening, shortlist):
    client.force_login(recruiter)
    address = url("opening_weights", opening)

    refused = client.post(address, posted(action=30, teams=10))
    uneven = client.post(address, posted("The role sells.", action=30))
    done = client.post(address, posted("The role sells.", action=30, teams=10))

    assert "Say why the weights change: a scorecard is already in." in text_of(refused)
    assert "The weights add up to 110. Change them so that they total 100." in text_of(uneven)
    assert done.url == url("opening_compare", opening)
    assert list(opening.weights.order_by("pk").values_list("points", flat=True)) == [20, 20, 30, 20, 10]
    change = opening.weight_changes.get()
    assert (change.reason, change.changed_by, change.after["action"]) == ("The role sells.", recruiter, 30)
    assert AuditEvent.objects.filter(act="opening.weights", opening_id=opening.pk).count() == 1


def test_weights_are_for_the_team_only(client, interviewer, opening):
    make_scorecard(opening=opening, interviewer=interviewer)
    client.force_login(interviewer)

    answers = [client.get(url("opening_weights", opening)), client.post(url("opening_weights", opening))]
    assert [answer.status_code for answer in answers] == [404, 404]
