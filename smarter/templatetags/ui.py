"""Tags that draw the parts pages are made of; loaded everywhere, so templates need no {% load %}.

They take plain values and `smarter.marks.Mark`, never models: the styles page shows each in every state.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

from django import forms, template
from django.contrib.messages.storage.base import Message
from django.forms.formsets import BaseFormSet
from django.http import HttpRequest
from django.template import Context
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from smarter import marks
from smarter.icons import ICONS, MARK, SKETCHES
from smarter.initials import initials as initials_of
from smarter.marks import Mark, Number

register = template.Library()

THEMES = {"light": "Light", "dark": "Dark", "auto": "As on this device"}
PERSON_STATES = {"": "", "done": "submitted", "draft": "draft", "none": "not started"}
SAVE_STATES = {
    "saved": ("check", ""),
    "saving": ("clock", ""),
    "offline": ("offline", "save-warn"),
    "conflict": ("conflict", "save-warn"),
    "signed-out": ("lock", "save-warn"),
    "missing": ("warn", "save-warn"),
    "": ("", ""),
}
NOTICE_ICONS = {"": "check", "warn": "warn", "danger": "warn"}
COUNT_WORDS = ["No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine"]
UNDO_TAG = "undo:"
MOST_DRAWN = 2_000  # parts kept as they were drawn, of each kind
NAV = [
    ("Home", "candidates:home"),
    ("Openings", "candidates:opening_list"),
    ("Candidates", "candidates:candidate_list"),
    ("Calibration", "candidates:calibration"),
    ("Rubrics", "rubrics:rubric_list"),
]
NAV_ADMIN = [("People", "accounts:person_list"), ("Audit", "candidates:event_list")]


def _classes(*names: str) -> str:
    return " ".join(name for name in names if name)


# Icons and the mark


@register.simple_tag
@lru_cache(maxsize=MOST_DRAWN)
def icon(name: str, label: str = "") -> SafeString:
    """An icon beside words, hidden from screen readers; with a label it stands for the words itself."""
    paths = mark_safe(ICONS[name])  # noqa: S308 - our own constant
    if label:
        return format_html('<svg class="i" viewBox="0 0 16 16" role="img" aria-label="{}">{}</svg>', label, paths)
    return format_html('<svg class="i" viewBox="0 0 16 16" aria-hidden="true">{}</svg>', paths)


@register.simple_tag
def brand(*, word: bool = True) -> SafeString:
    """The mark, with or without the name of the product."""
    return mark_safe(MARK + ("Smarter" if word else ""))  # noqa: S308 - our own constant


@register.simple_tag
def sketch(name: str) -> SafeString:
    """The drawing over an empty or missing page."""
    return format_html(
        '<svg width="230" height="58" viewBox="0 0 230 58" aria-hidden="true" fill="none" stroke="currentColor">'
        "{}</svg>",
        mark_safe(SKETCHES[name]),  # noqa: S308 - our own constant
    )


@register.simple_tag
def qr(svg: str) -> SafeString:
    """The code of an authenticator app, as drawn on this server; in the page, as no data: images are allowed."""
    return format_html(
        '<span class="qr above-s" role="img" aria-label="Code to scan; the text below says the same">{}</span>',
        mark_safe(svg[svg.index("<svg") :]),  # noqa: S308 - lines and numbers from allauth
    )


# Dimensions and figures


@register.simple_tag
@lru_cache(maxsize=MOST_DRAWN)
def tile(letter: str, rating: Number | None = None, *, state: str = "", size: str = "", label: str = "") -> SafeString:
    """The monogram of a dimension: ink as a label, the colour of its rating, or state `todo`, `na` or `warn`."""
    look = marks.rating_class(rating) if rating is not None else f"tile-{state}" if state else ""
    classes = _classes("tile", f"tile-{size}" if size else "", look)
    if label:
        return format_html('<span class="{}" role="img" aria-label="{}">{}</span>', classes, label, letter)
    return format_html('<span class="{}" aria-hidden="true">{}</span>', classes, letter)


@register.simple_tag
def strip(row: Iterable[Mark]) -> SafeString:
    """The progress of one scorecard: a tile for each dimension, and one sentence for those who do not see them."""
    row = tuple(row)
    return _strip(row, tuple(type(mark.value) for mark in row))


@lru_cache(maxsize=MOST_DRAWN)
def _strip(row: tuple[Mark, ...], _types: tuple[type, ...]) -> SafeString:
    """A list shows the same few rows over and over. 4 and 4.0 are equal, and read differently: so the types as well."""
    tiles = format_html_join("", "{}", ((tile(m.letter, m.value, state=m.state, size="sm"),) for m in row))
    return format_html('<span class="strip" role="img" aria-label="{}">{}</span>', marks.sentence(row), tiles)


@register.simple_tag
def mean_tiles(row: Iterable[Mark]) -> SafeString:
    """The profile of a candidate or a scorecard: letter and figure for each dimension."""
    row = list(row)
    tiles = format_html_join(
        "",
        '<span class="mean-tile {}"><span>{}</span><b>{}</b></span>',
        (
            ("mean-na", m.letter, "n/o" if m.state == "na" else "–")
            if m.value is None
            else (marks.rating_class(m.value), m.letter, marks.rating_text(m.value))
            for m in row
        ),
    )
    return format_html('<span class="strip means" role="img" aria-label="{}">{}</span>', marks.sentence(row), tiles)


@register.simple_tag
@lru_cache(maxsize=MOST_DRAWN, typed=True)
def chip(value: Number | None, absent: str = "not observed") -> SafeString:
    """One figure in its colour: a rating (int) without places, a mean (float) with one, or the reason for none."""
    if value is None:
        sign = "n/o" if absent == "not observed" else "–"
        return format_html(
            '<span class="chip chip-na"><span aria-hidden="true">{}</span><span class="sr-only">{}</span></span>',
            sign,
            absent,
        )
    classes = _classes("chip", marks.rating_class(value), "chip-1" if isinstance(value, int) else "")
    return format_html('<span class="{}">{}</span>', classes, marks.rating_text(value))


# People


@register.simple_tag
def person(who: object, state: str = "", initials: str = "") -> SafeString:
    """Initials in a circle; the state (`done`, `draft`, `none`) says how far the scorecard is, in words too.

    Where a page shows several people, take the initials from `smarter.initials.initials` over all of them.
    """
    name = str(who)
    label = f"{name}: {PERSON_STATES[state]}" if state else name
    return format_html(
        '<span class="{}" role="img" aria-label="{}" title="{}">{}</span>',
        _classes("person", f"person-{state}" if state else ""),
        label,
        label,
        initials or initials_of([name])[name],
    )


# Words with a tint or an icon


@register.simple_tag
def tag(text: object, kind: str = "", icon_name: str = "") -> SafeString:
    """A quiet word; kind `ink` for one's own focus, `warn` for what needs attention (always with an icon)."""
    drawn = icon_name or ("warn" if kind == "warn" else "")
    return format_html(
        '<span class="{}">{}{}</span>',
        _classes("tag", f"tag-{kind}" if kind else ""),
        icon(drawn) if drawn else "",
        text,
    )


@register.simple_tag
def save_state(state: str, text: object) -> SafeString:
    """What became of the text: `saved`, `saving`, `offline`, `conflict`, `signed-out`, `missing`, or a plain word."""
    drawn, tint = SAVE_STATES[state]
    return format_html('<span class="{}">{}{}</span>', _classes("save", tint), icon(drawn) if drawn else "", text)


@register.simple_block_tag
def notice(content: str, kind: str = "", icon_name: str = "", href: str = "", action: str = "") -> SafeString:
    """A notice: plain, `warn` or `danger`, with one link at most: `{% notice "warn" href=url action="Add it" %}`."""
    link = format_html('<a href="{}">{}</a>', href, action) if href else ""
    return format_html(
        '<div class="{}">{}<div>{}</div>{}</div>',
        _classes("notice", f"notice-{kind}" if kind else ""),
        icon(icon_name or NOTICE_ICONS[kind]),
        content,
        link,
    )


@register.simple_tag
def hidden_cell(
    submitted: int | None = None, panel: int = 0, href: str = "", action: str = "Finish it", *, row: bool = False
) -> SafeString:
    """Stands where scores are sealed: at most how many scorecards are in, never whose, and the way to one's own."""
    return format_html(
        '<div class="{}"><span>{} Hidden until you submit your scorecard{}</span>{}</div>',
        _classes("hidden-cell", "hidden-row" if row else ""),
        icon("hidden"),
        "" if submitted is None else f". {submitted} of {panel} in",
        format_html('<a href="{}">{}</a>', href, action) if href else "",
    )


# Evidence


@register.simple_tag
def ev(text: str, cite: object, rating: Number | None = None, *, small: bool = False) -> SafeString:
    """What was said or done, in the words of the scorecard, with its score and its source."""
    lines = format_html_join("", "<p>{}</p>", ((line,) for line in text.splitlines() if line.strip()))
    colour = marks.rating_class(rating) if rating is not None else ""
    return format_html(
        '<blockquote class="{}">{}<footer>{}<cite>{}</cite></footer></blockquote>',
        _classes("ev", "ev-sm" if small else "", colour),
        lines,
        chip(rating) if rating is not None else "",
        cite,
    )


@register.simple_tag
def revision(first: int | None, second: int | None, note: object) -> SafeString:
    """A score and the one that came after it, with who revised it and why; the first never goes."""
    return format_html(
        '<p class="revision">{}<span aria-hidden="true">→</span><span class="sr-only">revised to</span>{}'
        "<span>{}</span></p>",
        chip(first),
        chip(second),
        note,
    )


# Dates and figures


def _day(value: datetime.date, pattern: str) -> str:
    """A date in a pattern, with its year unless that is the present one."""
    year = "" if value.year == timezone.localdate().year else " Y"
    return format_date(value, pattern + year)


@register.filter(expects_localtime=True)
def day(value: datetime.date | None) -> str:
    """`Thu 11 June`, in the reader's time zone; nothing for nothing."""
    return _day(value, "D j F") if value else ""


@register.filter(expects_localtime=True)
def long_day(value: datetime.date | None) -> str:
    """`Thursday 11 June`."""
    return _day(value, "l j F") if value else ""


@register.filter(expects_localtime=True)
def clock(value: datetime.datetime | None) -> str:
    """`14:02`."""
    return format_date(value, "H:i") if value else ""


@register.filter(expects_localtime=True)
def moment(value: datetime.datetime | None) -> str:
    """`Thu 11 June, 14:02`."""
    return f"{_day(value, 'D j F')}, {format_date(value, 'H:i')}" if value else ""


@register.filter
def figure(value: Number | None, places: int = 1) -> str:
    """`3.9`, `−0.4`; a dash where there is none. `{{ total|figure:2 }}` for two places."""
    return marks.figure(value, places)


@register.filter
def signed(value: Number | None, places: int = 1) -> str:
    """A difference: `+0.4`, `−0.4`."""
    return marks.signed(value, places)


@register.filter
def percent(share: float | None) -> str:
    """A share of one in whole per cent: `80%`."""
    return "–" if share is None else f"{marks.figure(share * 100, 0)}%"


@register.filter
def rating_class(value: Number | None) -> str:
    """`r1` to `r5` for a rating or mean, nothing for none: for parts that take the colour of a score."""
    return "" if value is None else marks.rating_class(value)


# The frame: theme, messages, forms


@register.simple_tag(takes_context=True)
def theme(context: Context) -> str:
    """The reader's choice of light, dark or the device's own, from its cookie; without a request, the device's."""
    request: HttpRequest | None = context.get("request")
    chosen = request.COOKIES.get("theme", "") if request else ""
    return chosen if chosen in THEMES else "auto"


@register.simple_tag
def themes() -> list[tuple[str, str]]:
    """The choices of theme, with their names."""
    return list(THEMES.items())


@register.filter
def undo_url(message: Message) -> str:
    """Where a message's Undo posts to: `messages.success(request, text, extra_tags=f"undo:{url}")`."""
    extra = message.extra_tags or ""
    return extra.removeprefix(UNDO_TAG) if extra.startswith(UNDO_TAG) else ""


@register.filter
def errors_title(form: "forms.BaseForm | BaseFormSet[forms.BaseForm]") -> str:
    """The heading of a form's error summary: `One thing to put right`."""
    found = (
        form.non_form_errors()
        if isinstance(form, BaseFormSet)
        else [e for field in form.errors.values() for e in field]
    )
    count = len(found)
    word = COUNT_WORDS[count] if count < len(COUNT_WORDS) else str(count)
    return f"{word} thing{'' if count == 1 else 's'} to put right"


@register.filter
def plain_labels(form: forms.BaseForm) -> forms.BaseForm:
    """A form of a library, with labels in sentence case and no placeholders that only repeat them."""
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)
        field.label = field.label and str(field.label).capitalize()
    return form


@register.filter
def button_classes(classes: str, input_type: str) -> str:
    """Our classes of a crispy button: its own `btn…` dropped, primary unless it says otherwise."""
    own = [name for name in classes.split() if not name.startswith("btn")]
    primary = input_type == "submit" and not any(name.startswith("button-") for name in own)
    return _classes("button", "button-primary" if primary else "", *own)


@dataclass(frozen=True)
class NavItem:
    """One entry of the main navigation; `current` is the value of aria-current, or empty."""

    label: str
    url: str
    current: str


@register.simple_tag(takes_context=True)
def nav(context: Context) -> list[NavItem]:
    """The main navigation of the person who is signed in."""
    request: HttpRequest | None = context.get("request")
    if request is None or not getattr(request, "user", None) or not request.user.is_authenticated:
        return []
    names = [*NAV, *(NAV_ADMIN if request.user.is_admin else [])]
    found = ((label, _reverse_or_none(name)) for label, name in names)
    return [NavItem(label, url, _current(request.path, url)) for label, url in found if url]


_address = cache(reverse)


def _reverse_or_none(name: str) -> str | None:
    try:
        return _address(name)
    except NoReverseMatch:
        return None


def _current(path: str, url: str) -> str:
    """`page` on the entry's own page, `true` on pages below it."""
    if path == url:
        return "page"
    return "true" if url != "/" and path.startswith(url) else ""
