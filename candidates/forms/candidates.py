"""Forms of candidates and their applications: taking in, correcting, moving from stage to stage, and the filters."""

from typing import Any

from crispy_forms.layout import Div, Fieldset
from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet

from candidates.documents import CV_TYPES, check_cv
from candidates.forms.layout import page_helper
from candidates.forms.rows import RowsField
from candidates.models import Application, Candidate, Opening, RetentionRule, StageChange
from smarter.accounts.models import User

Stage = Application.Stage
FIRST_STAGES = [(stage.value, stage.label) for stage in (Stage.SCREENING, Stage.INTERVIEWING, Stage.DEBRIEF)]
SOURCES = ["Applied", "Referral", "Sourced by a recruiter", "Agency", "Internal"]
SOURCE_CHOICES = [("", "Choose"), *((source, source) for source in SOURCES)]
START_HELP = "You can change the stage later; each change is kept in the history."


def how_long() -> str:
    """What the consent is to, as far as a period is set: ` until 12 months after their last application ended`."""
    months = RetentionRule.current().months
    return f" until {months} months after their last application ended" if months else ""


class CandidateForm(forms.ModelForm):  # type: ignore[type-arg]
    """A candidate's details, with a CV to attach."""

    cv_file = forms.FileField(
        label="CV",
        required=False,
        help_text="PDF or Word (.docx), up to 5 MB. Interviewers on the panel can read it.",
        widget=forms.FileInput(attrs={"accept": ",".join(CV_TYPES)}),
        error_messages={"empty": "The file is empty. Choose the CV again."},
    )

    class Meta:
        model = Candidate
        fields = ["name", "email", "phone", "current_role", "location", "note"]
        labels = {"name": "Full name", "email": "E-mail"}
        widgets = {"note": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "name": "As the candidate writes it.",
            "email": "For invitations. Interviewers do not see it.",
            "note": "Not shown to interviewers, so that it cannot sway a score.",
        }
        error_messages = {
            "name": {"required": "Give the candidate's name."},
            "email": {"invalid": "This is no e-mail address. Write it as in name@example.com."},
        }

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        self.user = user
        self.same_person: Candidate | None = None
        super().__init__(*args, **kwargs)
        self.helper = page_helper(self, *self.sections(), submit="Save details")

    def sections(self) -> list[Fieldset]:
        """The parts of the form, in order."""
        who = Fieldset(
            "Who",
            Div("name", "email", css_class="fields"),
            Div("phone", "location", css_class="fields"),
            "current_role",
        )
        return [who, Fieldset("Documents", "cv_file", "note")]

    def clean_email(self) -> str:
        """One spelling, by which somebody this user looks after is recognised; of anybody else nothing is said."""
        email = str(self.cleaned_data["email"]).strip().lower()
        if not email or email == self.initial.get("email"):
            return email
        known = Candidate.objects.managed_by(self.user).not_erased().exclude(pk=self.instance.pk)
        self.same_person = known.filter(email__iexact=email).first()
        if self.same_person:
            raise forms.ValidationError(
                "%(name)s has this e-mail address already. Use the record that is here, or change the address.",
                params={"name": self.same_person.name},
            )
        return email

    def clean_cv_file(self) -> "UploadedFile[Any] | None":
        """A PDF or Word file that is what it says; see `candidates.documents`."""
        cv: UploadedFile[Any] | None = self.cleaned_data["cv_file"]
        if cv:
            check_cv(cv)
        return cv or None


class ApplicationForm(CandidateForm):
    """A new candidate into an opening; says so where somebody with the same e-mail is here already."""

    source = forms.ChoiceField(choices=SOURCE_CHOICES, required=False)
    stage = forms.ChoiceField(
        label="Start in",
        choices=FIRST_STAGES,
        initial=Stage.SCREENING.value,
        widget=forms.RadioSelect,
        help_text=START_HELP,
        error_messages={"required": "Choose the stage to start in."},
    )
    consent = forms.BooleanField(
        label="The candidate has agreed to the storage of these details",
        error_messages={"required": "Without consent the details cannot be stored. Ask for it, then tick the box."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["consent"].label = f"{self.fields['consent'].label}{how_long()}"
        self.helper = page_helper(self, *self.sections(), submit="Add candidate")

    def sections(self) -> list[Fieldset]:
        """The parts of the form, with the application and the consent."""
        who, documents = super().sections()
        application = Fieldset("Application", "source", "stage", *documents.fields)
        return [who, application, Fieldset("Consent", "consent")]

    def application(self) -> dict[str, str]:
        """Stage and source, as `candidates.intake` takes them."""
        return {"stage": self.cleaned_data["stage"], "source": self.cleaned_data["source"]}


class KnownCandidateForm(forms.Form):
    """Somebody who is here already into another opening."""

    source = forms.ChoiceField(choices=SOURCE_CHOICES, required=False)
    stage = forms.ChoiceField(
        label="Start in",
        choices=FIRST_STAGES,
        initial=Stage.SCREENING.value,
        widget=forms.RadioSelect,
        help_text=START_HELP,
        error_messages={"required": "Choose the stage to start in."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = page_helper(self, Fieldset("Application", "source", "stage"), submit="Add to this opening")


class StageForm(forms.Form):
    """Where to move an application."""

    stage = forms.ChoiceField(
        choices=Stage.choices, error_messages={"required": "Choose a stage.", "invalid_choice": "Choose a stage."}
    )


class ChoiceForm(forms.Form):
    """Candidates chosen on an opening's page, to compare, to put on a shortlist, or to move together."""

    COMPARE, SHORTLIST, MOVE = "compare", "shortlist", "move"

    act = forms.ChoiceField(choices=[(COMPARE, "Compare"), (SHORTLIST, "Shortlist"), (MOVE, "Move")])
    stage = forms.ChoiceField(choices=Stage.choices, required=False)

    def __init__(self, data: Any, *, applications: QuerySet[Application]) -> None:
        super().__init__(data)
        gone = "One of the chosen candidates is not in this opening any more. Choose again."
        self.fields["c"] = RowsField(
            applications,
            error_messages={
                "required": "Choose at least one candidate first.",
                "invalid_choice": gone,
                "invalid_pk_value": gone,
            },
        )

    def clean(self) -> dict[str, Any]:
        """A move needs a stage."""
        super().clean()
        if self.cleaned_data.get("act") == self.MOVE and not self.cleaned_data.get("stage"):
            self.add_error("stage", "Choose the stage to move to.")
        return self.cleaned_data


class UndoForm(forms.Form):
    """The moves to take back, from the address of an Undo."""

    def __init__(self, data: Any, *, changes: QuerySet[StageChange]) -> None:
        super().__init__(data)
        self.fields["change"] = RowsField(changes)


class SearchForm(forms.Form):
    """What the list of candidates is searched for, and the opening to add one of them to."""

    q = forms.CharField(label="Search candidates", max_length=100, required=False)

    def __init__(self, data: Any, *, openings: QuerySet[Opening]) -> None:
        super().__init__(data)
        self.fields["opening"] = forms.ModelChoiceField(openings, required=False)
