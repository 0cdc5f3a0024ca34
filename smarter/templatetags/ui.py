"""Tags that draw the parts pages are made of."""

from django import template

register = template.Library()
