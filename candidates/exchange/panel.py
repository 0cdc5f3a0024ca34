"""Find what the rows of a scores file mean: candidates, interviewers, interviews and seats of one opening.

Everything is read once, whatever the number of rows; what is missing is made unsaved, for the import to save.
"""

from collections import defaultdict
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.hashers import make_password

from candidates.exchange.directory import Directory, NoMatch, name_from_address
from candidates.exchange.score_rows import ScoreRow
from candidates.models import Application, Candidate, EarlyLook, Interview, Opening, Score, Scorecard, Sight
from smarter.accounts.models import User

ERASED = "was erased, so nothing new is taken in about them. Leave these rows out."
SEALED = "is a candidate for whom your own scorecard is still open. Submit it first, then import."
HIDDEN = "has a scorecard here already. What it says is hidden from you for now, so leave these rows out."
CLOSED = {
    Scorecard.State.DRAFT: "has begun this scorecard. It is theirs to submit, so leave these rows out.",
    Scorecard.State.DECLINED: "declined this scorecard, so leave these rows out.",
}


@dataclass(frozen=True)
class Creating:
    """Whom an import may add: candidates to the opening, and accounts for interviewers."""

    candidates: bool = False
    interviewers: bool = False


class Panel:
    """The panels of an opening as one user may see them; `user` None is the operator, who sees all."""

    def __init__(
        self,
        opening: Opening,
        user: User | None,
        columns: frozenset[str],
        creating: Creating,
    ) -> None:
        self.opening = opening
        self.user = user
        self.creator = user or opening.created_by
        self.columns = columns
        self.creating = creating
        self.new_candidates: list[Candidate] = []
        self.new_people: list[User] = []
        self.new_applications: list[Application] = []
        self.new_interviews: list[Interview] = []
        self._load_people()
        self._load_seats()

    def _load_people(self) -> None:
        applications = Application.objects.filter(opening=self.opening).select_related("candidate")
        if self.user:
            applications = applications.with_seal(self.user)
        self.applications = {id(each.candidate): each for each in applications}
        self.candidates = Directory("candidate", (each.candidate for each in self.applications.values()), self.columns)
        elsewhere = Candidate.objects.managed_by(self.user) if self.user else Candidate.objects.all()
        elsewhere = elsewhere.filter(erased_at=None).exclude(email="").exclude(applications__opening=self.opening)
        self.elsewhere = {each.email.lower(): each for each in elsewhere} if self.creating.candidates else {}
        self.people = Directory("interviewer", User.objects.all(), self.columns)

    def _load_seats(self) -> None:
        of_opening = {"interview__application__opening": self.opening}
        seats, visible, scores = Scorecard.objects.all(), Scorecard.objects.all(), Score.objects.all()
        if self.user:
            seats = Scorecard.objects.managed_by(self.user)
            visible = Scorecard.objects.visible_to(self.user)
            scores = Score.objects.visible_to(self.user)
        interviews = {each.pk: each for each in Interview.objects.filter(application__opening=self.opening)}
        applications = {each.pk: each for each in self.applications.values()}
        self.interviews: dict[int, list[Interview]] = defaultdict(list)
        for interview in interviews.values():
            interview.application = applications[interview.application_id]
            self.interviews[id(interview.application)].append(interview)
        people = {person.pk: person for person in self.people.all}
        self.readable = {card.pk: card for card in visible.filter(**of_opening)}
        self.cards: dict[tuple[int, int], Scorecard] = {}
        for seat in seats.filter(**of_opening):
            card = self.readable.get(seat.pk, seat)
            card.interview, card.interviewer = interviews[card.interview_id], people[card.interviewer_id]
            self.cards[id(card.interview), id(card.interviewer)] = card
        self.scores: dict[int, dict[int, Score]] = defaultdict(dict)
        for score in scores.filter(
            scorecard__state="submitted", scorecard__interview__application__opening=self.opening
        ):
            self.scores[score.scorecard_id][score.dimension_id] = score
        candidates = [each.candidate_id for each in self.applications.values()]
        self.seen = {
            pair
            for model in (Sight, EarlyLook)
            for pair in model.objects.filter(application__candidate__in=candidates).values_list(
                "application__candidate", "viewer"
            )
        }

    def seat(self, row: ScoreRow) -> Scorecard:
        """The scorecard that a row belongs to, perhaps unsaved. Raises NoMatch."""
        application = self._application(row)
        if self.user and application.pk and application.is_sealed:
            raise NoMatch("candidate", SEALED)
        interviewer = self._interviewer(row)
        interview = self._interview(row, application, interviewer)
        key = id(interview), id(interviewer)
        if key not in self.cards:
            if application.candidate.erased_at is not None:
                raise NoMatch("candidate", ERASED)
            self.cards[key] = Scorecard(interview=interview, interviewer=interviewer)
        return self.cards[key]

    def _application(self, row: ScoreRow) -> Application:
        candidate = self.candidates.find(row.candidate, row.candidate_email)
        if candidate is None:
            if not self.creating.candidates:
                raise self.candidates.missing(row.candidate_email or row.candidate, "Add the candidate first")
            candidate = self._new_candidate(row)
            self.candidates.add(candidate)
            application = Application(
                candidate=candidate, opening=self.opening, stage=Application.Stage.INTERVIEWING, source="Import"
            )
            self.new_applications.append(application)
            self.applications[id(candidate)] = application
        return self.applications[id(candidate)]

    def _new_candidate(self, row: ScoreRow) -> Candidate:
        """Somebody entered for another opening, by address; else a new person."""
        address = self.candidates.address(row.candidate, row.candidate_email)
        if address in self.elsewhere:
            return self.elsewhere[address]
        name = name_from_address(address) if "@" in row.candidate else row.candidate
        candidate = Candidate(name=name, email=address, created_by=self.creator)
        self.new_candidates.append(candidate)
        return candidate

    def _interviewer(self, row: ScoreRow) -> User:
        person = self.people.find(row.interviewer, row.interviewer_email)
        if person is None:
            if not self.creating.interviewers:
                raise self.people.missing(row.interviewer_email or row.interviewer, "An admin can invite them")
            address = self.people.address(row.interviewer, row.interviewer_email)
            name = name_from_address(address) if "@" in row.interviewer else row.interviewer
            person = User(
                name=name, email=address or self.people.placeholder_address(name), password=make_password(None)
            )
            self.people.add(person)
            self.new_people.append(person)
        return person

    def _interview(self, row: ScoreRow, application: Application, interviewer: User) -> Interview:
        """The interview a row names; without a name, the only one in which the interviewer has a seat."""
        interviews = self.interviews[id(application)]
        if not row.interview:
            seated = [each for each in interviews if (id(each), id(interviewer)) in self.cards]
            if len(seated) > 1:
                titles = ", ".join(f"“{each.title}”" for each in seated)
                raise NoMatch("interview", f"is empty, but this interviewer sits in {titles}. Say which.")
            if seated:
                return seated[0]
        title = row.interview or "Interview"
        matches = [each for each in interviews if each.title.casefold() == title.casefold()]
        if "interview_at" in self.columns:
            matches = [each for each in matches if each.starts_at == row.interview_at]
        if len(matches) > 1:
            raise NoMatch("interview", f"“{title}” took place {len(matches)} times. Give its interview_at.")
        if matches:
            return matches[0]
        interview = Interview(
            application=application,
            title=title,
            starts_at=row.interview_at,
            time_zone=settings.TIME_ZONE,
            created_by=self.creator,
        )
        interviews.append(interview)
        self.new_interviews.append(interview)
        return interview

    def refusal(self, card: Scorecard) -> str:
        """Why rows for this scorecard are refused whatever they say; empty where they are not."""
        if card.pk and card.state == Scorecard.State.SUBMITTED and card.pk not in self.readable:
            return HIDDEN
        if card.pk and card.interview.cancelled_at:
            return "sits in an interview that was cancelled, so leave these rows out."
        return CLOSED.get(Scorecard.State(card.state), "")

    def has_seen(self, card: Scorecard) -> bool:
        """Whether the interviewer has seen others' scores of this candidate."""
        return (card.interview.application.candidate_id, card.interviewer_id) in self.seen

    def save_new(self) -> None:
        """Save the people, applications and interviews that were made."""
        Candidate.objects.bulk_create(self.new_candidates)
        User.objects.bulk_create(self.new_people)
        Application.objects.bulk_create(self.new_applications)
        Interview.objects.bulk_create(self.new_interviews)
