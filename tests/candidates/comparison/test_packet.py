"""Evidence on paper: the best of three dimensions, and the weakest."""

from candidates.comparison import place
from candidates.comparison.choice import Choice
from candidates.comparison.page import compare
from candidates.comparison.reading import read_opening
from tests.factories import make_application, make_scorecard, make_user


def test_packet_takes_the_first_three_and_names_who_is_left_out(recruiter, opening):
    rater, shadow = make_user(name="Daniel"), make_user(name="Dora")
    for name, values in {"A": [5, 4, 3, 2, 1], "B": [4] * 5, "C": [3] * 5, "D": [2] * 5}.items():
        application = make_application(opening=opening, name=name)
        make_scorecard(application=application, interviewer=rater, values=values, submitted=True)
    make_scorecard(
        application=make_application(opening=opening, name="Sealed"), interviewer=rater, submitted=True
    ).interview.scorecards.create(interviewer=recruiter)
    make_scorecard(application=application, interviewer=shadow, values=[5] * 5, submitted=True, is_shadow=True)

    packet = compare(recruiter, place(read_opening(recruiter, opening)), Choice()).packet

    assert [(sheet.name, sheet.figures, sheet.tally) for sheet in packet.sheets] == [
        ("B", "4.0", "1 yes"),
        ("A", "3.0", "1 yes"),
        ("C", "3.0", "1 yes"),
    ]
    assert [(quote.letter, quote.value) for quote in packet.sheets[1].strongest] == [("S", 5), ("M", 4), ("A", 3)]
    assert [(quote.letter, quote.value) for quote in packet.sheets[1].weakest] == [("T", 1), ("R", 2)]
    assert [(sheet.strongest_heading, sheet.weakest_heading) for sheet in packet.sheets] == [
        ("Strongest for", "Rated lowest"),  # fours all through
        ("Strongest for", "Strongest against"),
        ("Strongest for", "Strongest against"),
    ]
    assert packet.left_out == "Sealed"
