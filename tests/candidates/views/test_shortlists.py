"""Shortlists, through their real addresses."""

import re
from typing import Any

import pytest
from django.urls import reverse

from candidates.models import Application, Opening, Shortlist
from smarter.accounts.models import User
from smarter.audit.models import AuditEvent
from tests.factories import make_application, make_scorecard


@pytest.fixture
def applications(opening: Opening) -> list[Application]:
    """Three candidates."""
    return [make_application(opening=opening, name=name) for name in ("Amara Okafor", "Jonas Keller", "Beatriz Lima")]


@pytest.fixture
def shortlist(opening: Opening, manager: User, applications: list[Application]) -> Shortlist:
    """All of them, in that order."""
    made = Shortlist.objects.create(opening=opening, name="To present", created_by=manager)
    for position, application in enumerate(applications):
        made.entries.create(application=application, position=position)
    return made


def url(name: str, pk: int) -> str:
    """One of the addresses."""
    return reverse(f"candidates:shortlist_{name}", args=[pk])


def names(shortlist: Shortlist) -> list[str]:
    """Who is on it, in order."""
    return [entry.application.candidate.name for entry in shortlist.entries.on_it()]


def text_of(response: Any) -> str:
    """What a page says, without its markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_a_list_is_made_filled_and_audited(client, recruiter, opening, applications):
    client.force_login(recruiter)
    assert "None yet." in text_of(client.get(url("create", opening.pk)))

    empty = client.post(url("create", opening.pk), {"name": "To present"}, follow=True)
    made = Shortlist.objects.get()
    full = client.post(url("entry_add", made.pk), {"c": [row.pk for row in applications[1:]]}, follow=True)

    assert "Nobody on this list yet" in text_of(empty)
    assert (made.name, made.opening, made.created_by) == ("To present", opening, recruiter)
    assert names(made) == ["Jonas Keller", "Beatriz Lima"]
    assert "Added 2 candidates." in text_of(full)
    assert "2 candidates" in text_of(client.get(url("create", opening.pk)))
    acts = AuditEvent.objects.filter(act__startswith="shortlist.").order_by("pk")
    assert [(event.act, event.candidate_id) for event in acts] == [
        ("shortlist.create", None),
        ("shortlist.add", applications[1].candidate_id),
        ("shortlist.add", applications[2].candidate_id),
    ]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("", "Give the shortlist a name."),
        ("  to PRESENT ", "This opening has a shortlist of that name. Choose another name."),
        ("x" * 81, "at most 80 characters"),
    ],
)
def test_names_are_told_apart(client, manager, opening, shortlist, name, message):
    client.force_login(manager)

    assert message in text_of(client.post(url("create", opening.pk), {"name": name}))
    assert Shortlist.objects.count() == 1


@pytest.mark.parametrize(
    ("who", "by", "order"),
    [
        (1, "-1", ["Jonas Keller", "Amara Okafor", "Beatriz Lima"]),
        (1, "1", ["Amara Okafor", "Beatriz Lima", "Jonas Keller"]),
        (0, "-1", ["Amara Okafor", "Jonas Keller", "Beatriz Lima"]),
        (2, "1", ["Amara Okafor", "Jonas Keller", "Beatriz Lima"]),
        (0, "2", ["Amara Okafor", "Jonas Keller", "Beatriz Lima"]),
        (0, "", ["Amara Okafor", "Jonas Keller", "Beatriz Lima"]),
    ],
)
def test_the_order_is_made_by_hand(client, manager, shortlist, who, by, order):
    entry = list(shortlist.entries.all())[who]
    client.force_login(manager)

    response = client.post(url("entry_move", entry.pk), {"by": by})

    assert response.url == f"{url('detail', shortlist.pk)}#entry-{entry.pk}"
    assert names(shortlist) == order


def test_taking_off_can_be_undone_with_its_place_and_note(client, manager, shortlist):
    entry = list(shortlist.entries.all())[1]
    client.force_login(manager)
    client.post(url("entry_note", entry.pk), {"note": "Ask about Brno."})

    gone = client.post(url("entry_remove", entry.pk), follow=True)
    moved = client.post(url("entry_move", entry.pk), {"by": "1"}, follow=True)
    assert names(shortlist) == ["Amara Okafor", "Beatriz Lima"]
    assert f'action="{url("entry_restore", entry.pk)}"' in gone.content.decode()
    assert "Jonas Keller can’t move further." in text_of(moved)
    back = client.post(url("entry_restore", entry.pk), follow=True)

    assert names(shortlist) == ["Amara Okafor", "Jonas Keller", "Beatriz Lima"]
    assert "Ask about Brno." in text_of(back)


def test_a_note_is_hidden_while_its_reader_is_sealed(client, manager, recruiter, shortlist, applications):
    entry = shortlist.entries.get(application=applications[0])
    client.force_login(recruiter)
    client.post(url("entry_note", entry.pk), {"note": "Fours and fives."})
    own = make_scorecard(application=applications[0], interviewer=manager)
    client.force_login(manager)
    sealed = text_of(client.get(url("detail", shortlist.pk)))
    written = client.post(url("entry_note", entry.pk), {"note": "Over it."})
    own.delete()

    assert "Fours and fives." not in sealed
    assert "The note is hidden until the candidate’s scores open to you." in sealed
    assert written.status_code == 404
    assert "Fours and fives." in text_of(client.get(url("detail", shortlist.pk)))


def test_who_comes_back_later_stands_last_and_nobody_stands_twice(client, manager, shortlist, applications):
    first = shortlist.entries.first()
    client.force_login(manager)
    client.post(url("entry_remove", first.pk))

    added = client.post(url("entry_add", shortlist.pk), {"c": [applications[0].pk]}, follow=True)
    again = client.post(url("entry_add", shortlist.pk), {"c": [applications[0].pk]}, follow=True)

    assert names(shortlist) == ["Jonas Keller", "Beatriz Lima", "Amara Okafor"]
    assert f'action="{url("entry_remove", first.pk)}"' in added.content.decode()
    assert "On the list already; nothing was added." in text_of(again)


@pytest.mark.parametrize("chosen", [[], ["x"], ["9" * 30], ["987654321"]])
def test_adding_what_is_not_there_is_refused(client, manager, shortlist, chosen):
    client.force_login(manager)

    client.post(url("entry_add", shortlist.pk), {"c": chosen}, follow=True)

    assert shortlist.entries.count() == 3


def test_a_note_too_long_is_not_cut(client, manager, shortlist):
    entry = shortlist.entries.first()
    client.force_login(manager)

    response = client.post(url("entry_note", entry.pk), {"note": "x" * 1001}, follow=True)

    assert "The note was not saved" in text_of(response)
    assert shortlist.entries.first().note == ""


def test_one_click_leads_to_the_comparison(client, manager, opening, shortlist, applications):
    client.force_login(manager)
    compare = reverse("candidates:opening_compare", args=[opening.pk])
    query = "&amp;".join(f"c={row.pk}" for row in applications)

    page = client.get(url("detail", shortlist.pk))

    assert f'href="{compare}?{query}">Compare these' in page.content.decode()
    for number in range(4):
        shortlist.entries.create(application=make_application(opening=opening), position=3 + number)
    assert "Compare the first 6" in text_of(client.get(url("detail", shortlist.pk)))


def test_only_the_team_sees_lists(client, interviewer, stranger, admin, opening, shortlist, applications):
    make_scorecard(application=applications[0], interviewer=interviewer, submitted=True)
    entry = shortlist.entries.first()

    for person in (interviewer, stranger, admin):
        client.force_login(person)
        assert client.get(url("create", opening.pk)).status_code == 404
        assert client.get(url("detail", shortlist.pk)).status_code == 404
        assert client.post(url("entry_add", shortlist.pk), {"c": [applications[0].pk]}).status_code == 404
        for act in ("remove", "restore", "move", "note"):
            assert client.post(url(f"entry_{act}", entry.pk), {"by": "1"}).status_code == 404
    assert len(names(shortlist)) == 3


@pytest.mark.parametrize("count", [1, 3])
def test_query_count_is_flat(client, manager, opening, applications, count, django_assert_num_queries):
    made = Shortlist.objects.create(opening=opening, name="To present", created_by=manager)
    for position, application in enumerate(applications[:count]):
        made.entries.create(application=application, position=position)
    client.force_login(manager)

    with django_assert_num_queries(6):
        client.get(url("detail", made.pk))


# From the opening and from a comparison


def fill_url(opening: Opening, chosen: list[Application]) -> str:
    """The page on which chosen candidates are put on a list."""
    return url("fill", opening.pk) + "?" + "&".join(f"c={row.pk}" for row in chosen)


def undo_of(response: Any) -> str:
    """Where the Undo of a message leads."""
    found = re.search(r'action="(/shortlists/\d+/undo/[^"]+)"', response.content.decode())
    assert found
    return found[1].replace("&amp;", "&")


def test_chosen_on_the_opening_go_on_a_new_list_in_that_order_with_undo(client, recruiter, opening, applications):
    amara, _, beatriz = applications
    client.force_login(recruiter)

    choose = reverse("candidates:opening_choose", args=[opening.pk])
    sent = client.post(choose, {"act": "shortlist", "c": [amara.pk, beatriz.pk]})
    assert sent.url == fill_url(opening, [amara, beatriz])
    page = client.get(fill_url(opening, [beatriz, amara]))
    data = {"c": [beatriz.pk, amara.pk], "shortlist": "new", "name": "To present"}
    added = client.post(fill_url(opening, [beatriz, amara]), data, follow=True)

    assert page.context["form"]["c"].value() == [str(beatriz.pk), str(amara.pk)]
    made = Shortlist.objects.get()
    assert (made.name, made.created_by, names(made)) == ("To present", recruiter, ["Beatriz Lima", "Amara Okafor"])
    assert "Added 2 candidates." in text_of(added)
    undone = client.post(undo_of(added), follow=True)
    assert "Took 2 candidates off again." in text_of(undone)
    assert names(made) == []
    assert "the list has changed since" in text_of(client.post(undo_of(added), follow=True))
    acts = AuditEvent.objects.filter(act__startswith="shortlist.").order_by("pk").values_list("act", flat=True)
    assert list(acts) == ["shortlist.create", *["shortlist.add"] * 2, *["shortlist.remove"] * 2]


def test_compared_go_on_a_list_there_is_and_undo_keeps_who_was_there(client, manager, opening, applications):
    amara, jonas, _ = applications
    there = Shortlist.objects.create(opening=opening, name="To present", created_by=manager)
    there.entries.create(application=amara)
    client.force_login(manager)
    compare = reverse("candidates:opening_compare", args=[opening.pk])

    shown = client.get(f"{compare}?c={jonas.pk}&c={amara.pk}")
    masked = client.get(f"{compare}?c={jonas.pk}&names=masked")
    added = client.post(
        fill_url(opening, [jonas, amara]), {"c": [jonas.pk, amara.pk], "shortlist": there.pk}, follow=True
    )

    assert fill_url(opening, [jonas, amara]).replace("&", "&amp;") in shown.content.decode()
    assert "Shortlist these" not in text_of(masked)
    assert names(there) == ["Amara Okafor", "Jonas Keller"]
    assert "Added Jonas Keller." in text_of(added)
    client.post(undo_of(added))
    assert names(there) == ["Amara Okafor"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"c": []}, "Choose at least one candidate."),
        ({"c": ["9" * 40]}, "is not in this opening any more"),
        ({"shortlist": ""}, "Choose a shortlist, or a new one."),
        ({"shortlist": "987"}, "That shortlist is gone."),
        ({"name": ""}, "Give the new shortlist a name."),
        ({"name": "to PRESENT"}, "This opening has a shortlist of that name."),
        ({"name": "x" * 81}, "at most 80 characters"),
    ],
)
def test_what_is_wrong_with_a_filling_is_said_and_changes_nothing(
    client, manager, opening, applications, shortlist, data, message
):
    client.force_login(manager)
    right = {"c": [applications[0].pk], "shortlist": "new", "name": "Second"}

    response = client.post(fill_url(opening, applications), {**right, **data})

    assert message in text_of(response)
    assert Shortlist.objects.count() == 1


def test_filling_without_candidates_of_this_opening_leads_back(client, manager, opening):
    other = make_application(name="Of another opening")
    client.force_login(manager)

    response = client.get(fill_url(opening, [other]) + "&c=x", follow=True)

    assert response.redirect_chain == [(reverse("candidates:opening_detail", args=[opening.pk]), 302)]
    assert "Choose at least one candidate first." in text_of(response)
    assert "Of another opening" not in text_of(response)


def test_an_undo_reaches_no_other_list(client, manager, opening, shortlist):
    other = Shortlist.objects.create(opening=opening, name="Other", created_by=manager)
    client.force_login(manager)
    entry = shortlist.entries.first()

    for query in (f"?entry={entry.pk}", "?entry=x", "", "?entry=" + "9" * 40):
        assert "the list has changed since" in text_of(client.post(url("undo", other.pk) + query, follow=True))

    assert len(names(shortlist)) == 3
