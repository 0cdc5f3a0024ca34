"""What people are called on the pages."""

import pytest

from candidates.comparison.naming import name_candidates
from candidates.comparison.reading import read_opening
from tests.factories import make_application, make_candidate, make_user


@pytest.mark.parametrize(
    ("role", "employer"),
    [("Sales Director at Kvistad at Sea", "Sea"), ("Head of Sales", "Head of Sales"), ("", "")],
)
def test_employer_follows_the_last_at(role, employer, recruiter, opening):
    candidate = make_candidate(name="Amara", current_role=role, created_by=make_user())
    application = make_application(opening=opening, candidate=candidate)

    naming = name_candidates(read_opening(recruiter, opening))

    assert (naming.of(application), naming.employers[application.pk]) == ("Amara", employer)


def test_masked_names_are_letters_in_the_order_of_applying(recruiter, opening):
    found = [make_application(opening=opening) for _ in range(28)]

    naming = name_candidates(read_opening(recruiter, opening), masked=True)

    assert [naming.of(found[place]) for place in (0, 25, 26, 27)] == [
        "Candidate A",
        "Candidate Z",
        "Candidate AA",
        "Candidate AB",
    ]
