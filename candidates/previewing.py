"""A version of a rubric as a scorecard before anybody has one: the real sheet, on a card that is never saved."""

from candidates.models import Application, Candidate, Interview, Opening, Scorecard
from candidates.sheet import Sheet, load_sheet
from rubrics.models import RubricVersion


def preview_sheet(version: RubricVersion) -> Sheet:
    """An empty sheet of this version, for a candidate and an interview that are nobody's."""
    opening = Opening(title="An opening", rubric_version=version)
    application = Application(opening=opening, candidate=Candidate(name="the candidate"))
    interview = Interview(application=application, title="Interview", rubric_version=version)
    return load_sheet(Scorecard(interview=interview), {})
