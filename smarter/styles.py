"""What the styles page shows: one form with every control, and rows of marks in every state."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Fieldset, Layout, Submit
from django import forms
from django.utils import timezone

from smarter.initials import initials
from smarter.marks import Mark

PANEL = ["Priya Raman", "Daniel Achebe", "Dora Alvarez", "Sanna Virtanen"]
ANCHORS = [
    (2, "Resting. Acts when pushed, or pushes the client with pressure rather than insight."),
    (3, "Hover and focus follow the pointer and the Tab key."),
    (4, "Chosen: filled figure, border and check, not colour alone."),
]


class StylesForm(forms.Form):
    """Every control once, with help and with errors."""

    text = forms.CharField(help_text="Help stands before the control.")
    email = forms.EmailField(
        label="With an error",
        help_text="Help stays.",
        error_messages={"invalid": "The part after @ is missing. Add it, as in name@example.com."},
    )
    source = forms.ChoiceField(label="Select", choices=[("r", "Referral"), ("a", "Applied")])
    version = forms.CharField(label="Disabled", disabled=True, required=False, initial="Rubric v2")
    weight = forms.IntegerField(label="Number", min_value=0, max_value=100, required=False)
    slider = forms.IntegerField(label="Range", required=False, widget=forms.NumberInput({"type": "range"}))
    cv = forms.FileField(label="File", required=False)
    note = forms.CharField(
        label="Long text",
        required=False,
        widget=forms.Textarea({"rows": 1, "placeholder": "What did they say or do?"}),
    )
    stage = forms.ChoiceField(
        label="Start in",
        choices=[("screening", "Screening"), ("debrief", "Debrief")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose one."},
    )
    show = forms.MultipleChoiceField(
        choices=[("shadow", "Shadow scorecards"), ("declined", "Declined scorecards")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    mask = forms.BooleanField(label="Mask names", required=False, widget=forms.CheckboxInput({"role": "switch"}))
    after = forms.BooleanField(label="After debrief", required=False, widget=forms.CheckboxInput({"role": "switch"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_id = "fields"
        self.helper.layout = Layout(
            Fieldset(
                "Fields",
                Div("text", "email", css_class="fields"),
                Div("source", "version", css_class="fields"),
                Div("weight", "slider", css_class="fields"),
                Div("cv", "note", css_class="fields"),
                Div("stage", "show", css_class="fields"),
                Div("mask", "after", css_class="fields"),
            ),
        )
        self.helper.add_input(Submit("save", "Save"))
        self.helper.add_input(Submit("erase", "Erase…", css_class="button-danger"))


class QuestionForm(forms.Form):
    """A row of the table of forms."""

    wording = forms.CharField(widget=forms.TextInput({"aria-label": "Question"}), label="Question")
    minutes = forms.IntegerField(widget=forms.NumberInput({"aria-label": "Minutes"}), min_value=1)


QuestionFormSet = forms.formset_factory(QuestionForm, extra=0)


def styles_context() -> dict[str, Any]:
    """Rows and forms for the styles page."""
    data = {"text": "Elif Şahin", "email": "elif.sahin@", "source": "r", "weight": 25, "slider": 25, "mask": "on"}
    table = FormHelper()
    table.template = "smarter/table_inline_formset.html"
    table.add_input(Submit("save_questions", "Save questions", css_class="button-small"))
    return {
        "form": StylesForm(data),
        "questions": QuestionFormSet(initial=[{"wording": "When did you last walk away from a deal?", "minutes": 5}]),
        "table": table,
        "anchors": ANCHORS,
        "progress": [
            Mark("S", "Strategic", 4),
            Mark("M", "Measurable", 5),
            Mark("A", "Action", state="todo"),
            Mark("R", "Relationships", state="todo"),
            Mark("T", "Teams", state="na"),
        ],
        "means": [Mark("S", "Strategic", 4.5), Mark("M", "Measurable", state="na")],
        "panel": initials(PANEL),
        "instant": timezone.now(),
        "fall": -0.4,
    }
