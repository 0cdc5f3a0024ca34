"""Each tag draws one part, says it in words where it is drawn by colour, and escapes what it is given."""

import datetime
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages import SUCCESS
from django.contrib.messages.storage.base import Message
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone

from smarter.accounts.models import User
from smarter.marks import Mark
from smarter.templatetags.ui import NavItem, nav

CHECK = '<svg class="i" viewBox="0 0 16 16" aria-hidden="true"><path d="m3 8.5 3.2 3.2L13 4.8"/></svg>'
WARN = '<svg class="i" viewBox="0 0 16 16" aria-hidden="true"><path d="M8 2 14.6 13.6H1.4zM8 6.4v3.4M8 11.7v.1"/></svg>'


def draw(source: str, **context: object) -> str:
    return Template(source).render(Context(context))


def request_of(user: object, path: str = "/", **cookies: str) -> object:
    request = RequestFactory().get(path)
    request.user = user
    request.COOKIES.update(cookies)
    return request


def test_icon_is_silent_beside_words_and_named_alone():
    assert draw('{% icon "check" %}') == CHECK
    assert 'role="img" aria-label="Submitted"' in draw('{% icon "check" label="Submitted" %}')


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('{% tile "S" %}', '<span class="tile" aria-hidden="true">S</span>'),
        ('{% tile "S" 4 %}', '<span class="tile r4" aria-hidden="true">S</span>'),
        ('{% tile "S" state="todo" size="sm" %}', '<span class="tile tile-sm tile-todo" aria-hidden="true">S</span>'),
        ('{% tile "S" label="Strategic" %}', '<span class="tile" role="img" aria-label="Strategic">S</span>'),
        ("{% chip 4 %}", '<span class="chip r4 chip-1">4</span>'),
        ("{% chip 4.25 %}", '<span class="chip r4">4.3</span>'),
        (
            "{% chip None %}",
            '<span class="chip chip-na"><span aria-hidden="true">n/o</span>'
            '<span class="sr-only">not observed</span></span>',
        ),
        (
            '{% chip None "not scored" %}',
            '<span class="chip chip-na"><span aria-hidden="true">–</span>'
            '<span class="sr-only">not scored</span></span>',
        ),
        ('{% tag "Optional" %}', '<span class="tag">Optional</span>'),
        ('{% tag "spread 3" "warn" %}', f'<span class="tag tag-warn">{WARN}spread 3</span>'),
        ('{% save_state "saved" "Saved 14:02" %}', f'<span class="save">{CHECK}Saved 14:02</span>'),
        ('{% save_state "" "Evidence added" %}', '<span class="save">Evidence added</span>'),
        (
            '{% person "Sanna Virtanen" "draft" %}',
            '<span class="person person-draft" role="img" aria-label="Sanna Virtanen: draft"'
            ' title="Sanna Virtanen: draft">SV</span>',
        ),
        (
            '{% person "Dora Alvarez" initials="Do" %}',
            '<span class="person" role="img" aria-label="Dora Alvarez" title="Dora Alvarez">Do</span>',
        ),
        (
            '{% notice "warn" href="/m" action="Go" %}A 5 has no evidence.{% endnotice %}',
            f'<div class="notice notice-warn">{WARN}<div>A 5 has no evidence.</div><a href="/m">Go</a></div>',
        ),
        (
            '{% revision 3 4 "Olivier, new evidence" %}',
            '<p class="revision"><span class="chip r3 chip-1">3</span><span aria-hidden="true">→</span>'
            '<span class="sr-only">revised to</span><span class="chip r4 chip-1">4</span>'
            "<span>Olivier, new evidence</span></p>",
        ),
    ],
)
def test_tag_draws(source, expected):
    assert draw(source) == expected


def test_strip_says_in_one_sentence_what_its_tiles_show():
    marks = [Mark("S", "Strategic", 4), Mark("T", "Teams", state="na")]

    assert draw("{% strip marks %}", marks=marks) == (
        '<span class="strip" role="img" aria-label="Strategic 4, Teams not observed">'
        '<span class="tile tile-sm r4" aria-hidden="true">S</span>'
        '<span class="tile tile-sm tile-na" aria-hidden="true">T</span></span>'
    )


def test_mean_tiles_show_figures_and_gaps():
    marks = [Mark("S", "Strategic", 4.5), Mark("M", "Measurable", state="na"), Mark("A", "Action", state="todo")]

    assert draw("{% mean_tiles marks %}", marks=marks) == (
        '<span class="strip means" role="img"'
        ' aria-label="Strategic 4.5, Action to score, Measurable not observed">'
        '<span class="mean-tile r5"><span>S</span><b>4.5</b></span>'
        '<span class="mean-tile mean-na"><span>M</span><b>n/o</b></span>'
        '<span class="mean-tile mean-na"><span>A</span><b>–</b></span></span>'
    )


def test_evidence_keeps_its_lines_and_stays_text():
    html = draw("{% ev text who 5 %}", text="First <b>line</b>.\n\nSecond.", who="O'Hara & Sons")

    assert html == (
        '<blockquote class="ev r5"><p>First &lt;b&gt;line&lt;/b&gt;.</p><p>Second.</p>'
        '<footer><span class="chip r5 chip-1">5</span><cite>O&#x27;Hara &amp; Sons</cite></footer></blockquote>'
    )


def test_hidden_cell_says_how_many_and_never_who():
    html = draw('{% hidden_cell 2 4 "/card" %}')

    assert "Hidden until you submit your scorecard. 2 of 4 in" in html
    assert html.endswith('<a href="/card">Finish it</a></div>')
    assert draw("{% hidden_cell row=True %}").endswith(" Hidden until you submit your scorecard</span></div>")


def test_notice_escapes_what_stands_in_it():
    assert "&lt;i&gt;" in draw("{% notice %}{{ text }}{% endnotice %}", text="<i>")


def test_dates_are_read_in_the_time_zone_of_the_reader():
    year = timezone.localdate().year
    value = datetime.datetime(year, 6, 11, 23, 30, tzinfo=datetime.UTC)
    last_year = value.replace(year=year - 1)

    with timezone.override(ZoneInfo("Europe/Helsinki")):
        shown = draw(
            "{{ v|day }} · {{ v|clock }} · {{ v|moment }} · {{ old|day }} · {{ none|day }}", v=value, old=last_year
        )

    weekday, old_weekday = (f"{date:%a}" for date in (datetime.date(year, 6, 12), datetime.date(year - 1, 6, 12)))
    assert shown == f"{weekday} 12 June · 02:30 · {weekday} 12 June, 02:30 · {old_weekday} 12 June {year - 1} · "


def test_figures_are_filters_too():
    assert draw("{{ a|figure:2 }} {{ b|figure }} {{ c|signed }} {{ d|percent }}", a=4.156, b=-0.44, c=0.4, d=0.8) == (
        "4.16 −0.4 +0.4 80%"
    )


@pytest.mark.parametrize(("cookie", "expected"), [("dark", "dark"), ("light", "light"), ('"><x', "auto"), ("", "auto")])
def test_theme_is_the_cookies_if_it_is_one_of_ours(cookie, expected):
    assert draw("{% theme %}", request=request_of(AnonymousUser(), theme=cookie)) == expected


def test_theme_without_a_request_follows_the_device():
    assert draw("{% theme %}") == "auto"


def test_nav_marks_the_page_and_shows_admins_their_entries_only():
    person, admin = User(name="Priya"), User(name="Ada", is_admin=True)

    items = nav(Context({"request": request_of(person)}))
    admin_labels = [item.label for item in nav(Context({"request": request_of(admin)}))]

    assert items[0] == NavItem(label="Home", url="/", current="page")
    assert {item.label for item in items}.isdisjoint({"People", "Audit"})
    assert admin_labels[: len(items)] == [item.label for item in items]


def test_nav_is_empty_before_sign_in():
    assert nav(Context({"request": request_of(AnonymousUser())})) == []


@pytest.mark.parametrize(("extra", "expected"), [("undo:/undo/3/", "/undo/3/"), ("", ""), ("other", "")])
def test_undo_url_comes_from_the_messages_tags(extra, expected):
    message = Message(SUCCESS, "Archived", extra_tags=extra)

    assert draw("{{ message|undo_url }}", message=message) == expected
