"""Candidates scored on different versions of the rubric are told apart."""

from candidates.comparison.choice import Choice
from candidates.comparison.page import compare
from candidates.comparison.reading import read_opening
from rubrics.models import Anchor
from tests.factories import make_application, make_opening, make_rubric_version, make_scorecard


def warned_and_noted(recruiter, opening):
    """The warnings above the comparison, and the notes under its table."""
    found = compare(recruiter, read_opening(recruiter, opening), Choice())
    return found.warnings, found.notes


def test_another_version_is_noted_with_what_differs(recruiter):
    first = make_rubric_version(dimensions=2)
    second = make_rubric_version(dimensions=2, rubric=first.rubric, number=2)
    narrow = make_rubric_version(dimensions=1, rubric=first.rubric, number=3)
    opening = make_opening(recruiter=recruiter, rubric_version=first)
    for name, version in (("Amara", first), ("Jonas", second), ("Beatriz", narrow)):
        opening.rubric_version = version
        opening.save()
        make_scorecard(application=make_application(opening=opening, name=name), submitted=True)
    opening.rubric_version = first
    opening.save()

    same = warned_and_noted(recruiter, opening)
    Anchor.objects.filter(dimension__version=second, dimension__key="measurable", value=3).update(text="Otherwise.")
    changed = warned_and_noted(recruiter, opening)

    absent = "Beatriz: scored on rubric v3, not v1; Measurable can’t be compared."
    assert same == ((absent,), ("Jonas: scored on rubric v2, not v1; the anchors are the same.",))
    assert changed == (
        (
            "Jonas: scored on rubric v2, not v1; the anchors of Measurable differ, so take its scores with care.",
            absent,
        ),
        (),
    )


def test_shadow_and_informed_cards_are_noted(recruiter, opening):
    application = make_application(opening=opening, name="Amara")
    make_scorecard(application=application, submitted=True, is_shadow=True)
    informed = make_scorecard(application=application, submitted=True, is_independent=False)

    _, (shadow, seen) = warned_and_noted(recruiter, opening)

    assert shadow.startswith("Amara: the scorecard of")
    assert shadow.endswith("is a shadow’s and never counts.")
    assert seen == (f"Amara: {informed.interviewer.name} had seen others’ scores before submitting: not independent.")
