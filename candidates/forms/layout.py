"""How a form that fills a page is laid out: its fieldsets, then one button and the way back."""

from crispy_forms.bootstrap import FormActions
from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Layout, Submit
from django import forms


def page_helper(form: forms.BaseForm, *parts: object, submit: str, css_class: str = "") -> FormHelper:
    """A helper whose page passes `cancel_url`; the messages on errors are ours, not the browser's."""
    helper = FormHelper(form)
    helper.form_class = "form"
    helper.attrs = {"novalidate": True}
    cancel = HTML('<a class="button" href="{{ cancel_url }}">Cancel</a>')
    helper.layout = Layout(*parts, FormActions(Submit("save", submit, css_class=css_class), cancel))
    return helper
