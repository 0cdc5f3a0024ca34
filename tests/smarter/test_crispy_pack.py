"""The crispy pack writes the markup that the stylesheets and screen readers rely on."""

import re

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.template import Context, Template


class DemoForm(forms.Form):
    """One control of each kind that the pack treats apart."""

    name = forms.CharField(help_text="As written.")
    stage = forms.ChoiceField(choices=[("a", "Screening"), ("b", "Debrief")], widget=forms.RadioSelect)
    consent = forms.BooleanField()
    key = forms.CharField(widget=forms.HiddenInput, required=False)


DemoFormSet = forms.formset_factory(DemoForm, extra=1, min_num=2, validate_min=True)


def draw(form: object, helper: FormHelper) -> str:
    html = Template("{% load crispy_forms_tags %}{% crispy form helper %}").render(
        Context({"form": form, "helper": helper, "csrf_token": "token"})
    )
    return re.sub(r"\s+", " ", html).replace("> <", "><")


def test_form_is_ours_by_default():
    assert draw(DemoForm(), FormHelper()).startswith('<form class="form" novalidate method="post">')


def test_field_links_label_help_and_error():
    html = draw(DemoForm({"name": ""}), FormHelper())

    assert (
        '<div id="div_id_name" class="field"><label for="id_name">Name <span class="req">(required)</span></label>'
        '<div class="help" id="id_name_helptext">As written.</div>'
        '<input type="text" name="name" class="textinput" required aria-invalid="true"'
        ' aria-describedby="id_name_helptext id_name_error" id="id_name">'
        '<ul class="error" id="id_name_error"><li>This field is required.</li></ul></div>'
    ) in html
    assert '<fieldset aria-describedby="id_stage_error"><legend>Stage' in html


def test_error_summary_counts_and_links_to_the_fields():
    html = draw(DemoForm({"name": "Elif", "consent": "on"}), FormHelper())

    assert '<p class="strong">One thing to put right</p><ul><li><a href="#div_id_stage">Stage: ' in html
    assert '<p class="strong">Three things to put right</p>' in draw(DemoForm({}), FormHelper())


def test_buttons_are_primary_unless_they_say_otherwise():
    helper = FormHelper()
    helper.add_input(Submit("save", "Save"))
    helper.add_input(Submit("erase", "Erase", css_class="button-danger"))

    html = draw(DemoForm(), helper)

    assert 'value="Save" class="button button-primary" id="submit-id-save">Save</button>' in html
    assert 'value="Erase" class="button button-danger" id="submit-id-erase">Erase</button>' in html


def test_formset_has_one_fieldset_a_form_and_its_own_summary():
    data = {"form-TOTAL_FORMS": 1, "form-INITIAL_FORMS": 0}

    html = draw(DemoFormSet(data), FormHelper())

    assert html.count('<fieldset class="form">') == 1
    assert html.index("Please submit at least 2 forms.") < html.index("form-TOTAL_FORMS")
    assert '<a href="#id_form-0-name">Name: This field is required.</a>' in html


def test_table_formset_has_a_row_a_form_and_an_empty_one_to_copy():
    helper = FormHelper()
    helper.template = "smarter/table_inline_formset.html"

    html = draw(DemoFormSet(), helper)

    assert [*re.findall(r'<th scope="col">(\w+)', html)] == ["Name", "Stage", "Consent"]
    assert html.count("<tr>") == 1 + 3 + 1
    assert html.count('<td id="div_id_form-0-') == 3
    assert (
        '<label class="check" for="id_form-0-consent"><input' in html
    )  # a target wide enough, and its word on a phone
    assert '<td hidden><input type="hidden" name="form-0-key" id="id_form-0-key"></td>' in html
    assert 'name="form-__prefix__-name"' in html.split("<template>")[1]
