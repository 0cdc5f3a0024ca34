"""Text stays text: whatever people write, in every field, on every page, in a real browser no script of theirs runs.

Every text field of every model is filled with ways to break out of a page, and every page is read by everybody who may.
A new field is filled by itself; it fails here until a page of this world shows it, or it is named among those unseen.
"""

import re
from contextlib import nullcontext
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import ConsoleMessage, Page, Route, expect

from candidates.comparison import read_opening
from candidates.letters import write_handed_back
from candidates.models import (
    Application,
    Decision,
    Interview,
    LegalHold,
    Opening,
    PracticeRating,
    QuestionNote,
    Revision,
    Score,
    Scorecard,
    WeightChange,
)
from candidates.nudging import nudge
from candidates.panels import change_interview
from candidates.scoring import save_draft
from candidates.sheet import load_sheet
from candidates.snapshot import take_snapshot
from rubrics.models import Question
from rubrics.versioning import copy_to_draft
from smarter.accounts.models import User
from smarter.audit.models import AuditEvent
from smarter.mail.models import MailMessage
from tests.browser.conftest import SignIn
from tests.factories import make_invitation
from tests.hostile import KEPT, LONG, LONGEST, NO_TEXT, SHORT, SHORTEST, UNSEEN, mark, names_of_fields, poison
from tests.routes import urls
from tests.worlds import DECISION, World, make_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WATCH = """
window.ran = () => { window.hasRun = true; };
window.seen = [];
document.addEventListener("securitypolicyviolation", (event) => {
  window.seen.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
});
"""
# What text that became markup would leave behind.
TRACES = """() => {
  const found = [...window.seen];
  if (window.hasRun) found.push("a script ran");
  for (const element of document.querySelectorAll("*")) {
    if (/^x-ran$|^math$/i.test(element.tagName)) found.push(`<${element.tagName}>`);
    for (const { name, value } of element.attributes) {
      if (/^on/i.test(name) || /^x-ran$/i.test(name) || name === "srcdoc") found.push(`${element.tagName} ${name}`);
      if (/^(href|src|action|formaction|data)$/i.test(name) && /^\\s*(javascript|data|vbscript):/i.test(value)) {
        found.push(`${element.tagName} ${name}=${value.slice(0, 40)}`);
      }
    }
  }
  return found;
}"""


@pytest.fixture
def world() -> World:
    """The twin worlds' opening, with a row of everything, all of it poisoned."""
    world = make_world()
    recruiter, admin = world.viewers["recruiter"], world.viewers["admin"]
    make_invitation(invited_by=admin)
    copy_to_draft(user=admin, version=world.opening.rubric_version)
    question = Question.objects.filter(dimension__version=world.opening.rubric_version).first()
    WeightChange.objects.create(opening=world.opening, before={"action": 1}, after={"action": 2}, changed_by=recruiter)
    for score in Score.objects.filter(scorecard__state="submitted", value=4):
        Revision.objects.create(score=score, value=3, reason="slip", text="x")
    world.debrief.items.create(
        application=world.closed, dimension_key="action", outcome="stays", note="x", settled_by=recruiter
    )
    interviewer = world.viewers["interviewer"]
    QuestionNote.objects.create(scorecard=world.own_cards["interviewer"], question=question, text="x")
    sample = world.opening.rubric_version.sample_answers.get()
    PracticeRating.objects.create(user=interviewer, answer=sample, value=3)
    LegalHold.objects.create(candidate=world.closed.candidate, reason="x", set_by=recruiter)
    poison()
    opening = Opening.objects.get(pk=world.opening.pk)
    recruiter = User.objects.get(pk=recruiter.pk)
    application = Application.objects.with_seal(recruiter).get(pk=world.closed.pk)
    decision = Decision.objects.create(
        pk=DECISION,
        application=application,
        outcome=Decision.Outcome.OFFER,
        rationale=LONGEST + mark("candidates.Decision.rationale"),
        against_order_reason=LONGEST + mark("candidates.Decision.against_order_reason"),
        snapshot=take_snapshot(read_opening(recruiter, opening), application),
        decided_by=recruiter,
    )
    AuditEvent.objects.create(
        actor=recruiter,
        act=SHORT + mark("audit.AuditEvent.act"),
        subject=SHORTEST + mark("audit.AuditEvent.subject"),
        subject_id=decision.pk,
        detail={"words": [LONGEST + mark("audit.AuditEvent.detail")]},
    )
    return world


def test_every_list_names_fields_that_are_there() -> None:
    assert {*NO_TEXT, *KEPT, *UNSEEN} <= set(names_of_fields())


VIEWERS = ["admin", "recruiter", "interviewer"]  # the first, before the others fill the audit


class Reader:
    """A browser that notices: `troubles` holds whatever ran, was refused, popped up or broke."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.troubles: list[str] = []
        page.add_init_script(WATCH)
        page.on("dialog", lambda dialog: (self.troubles.append(f"dialog {dialog.message}"), dialog.dismiss()))
        page.on("pageerror", lambda error: self.troubles.append(f"page error {error}"))
        page.on("console", self._hear)

    def _hear(self, said: ConsoleMessage) -> None:
        if said.type == "error" and not said.text.startswith("Failed to load resource"):
            self.troubles.append(f"console {said.text}")

    def look(self) -> None:
        """Note what hostile text left on the page as it is now."""
        self.troubles += [f"{self.page.url} {trace}" for trace in self.page.evaluate(TRACES)]

    def visit(self, address: str) -> None:
        """Open an address, with everything on it unfolded."""
        self.page.goto(address)
        self.page.evaluate("document.querySelectorAll('details').forEach((fold) => { fold.open = true; })")
        self.look()


@pytest.fixture
def reader(page: Page) -> Reader:
    """The browser of the test, watched."""
    return Reader(page)


def kind_of(url: str) -> str:
    """The page without its rows."""
    return re.sub(r"\d+", "", url)


def pages_worth_reading(world: World, viewer: str, known: dict[str, set[str]]) -> list[str]:
    """Of each kind of page this viewer is shown, those with text not met there before; `known` remembers it."""
    client = Client()
    client.force_login(world.viewers[viewer])
    found = []
    for url in urls(world):
        response = client.get(url)
        if response.status_code != 200 or not response.headers["Content-Type"].startswith("text/html"):
            continue
        marks = set(re.findall(r"z\d\dz", response.content.decode()))
        kind = kind_of(url)
        if kind not in known or marks - known[kind]:
            known[kind] = known.get(kind, set()) | marks
            found.append(url)
    return found


# What every text box of a page's forms is filled with before they are sent as they are, past the browser's own checks.
SEND = """(text) => {
  const forms = [...document.querySelectorAll("main form")].filter((form) => form.method === "post");
  const form = forms.find((one) => one.querySelector("textarea, input[type=text], input[type=email]"));
  if (!form) return false;
  for (const box of form.querySelectorAll("textarea, input")) {
    if (/^(hidden|radio|checkbox|submit|file|password|button)$/.test(box.type)) continue;
    if (box.tagName === "INPUT") box.type = "text";
    box.value = text;
  }
  HTMLFormElement.prototype.submit.call(form);
  return true;
}"""
NAMES = ["q", "sort", "stage", "state", "view", "names", "who", "act", "number", "since", "page", "c", "next", "format"]


def test_hostile_text_runs_nowhere(world: World, reader: Reader, sign_in: SignIn, live_server: Any) -> None:
    known: dict[str, set[str]] = {}
    pages = {viewer: pages_worth_reading(world, viewer, known) for viewer in VIEWERS}
    for viewer, found in pages.items():
        sign_in(world.viewers[viewer])
        for url in found:
            reader.visit(live_server.url + url)

    assert reader.troubles == []
    assert len(known) >= 55
    shown = set().union(*known.values())
    assert {name for name in names_of_fields() if name not in NO_TEXT and mark(name) not in shown} == UNSEEN

    query, sent = urlencode([(name, LONG) for name in NAMES]), 0
    for viewer, found in pages.items():
        sign_in(world.viewers[viewer])
        for url in {kind_of(url): url for url in found}.values():
            reader.visit(f"{live_server.url}{url}?{query}")
            with reader.page.expect_event("load") if reader.page.evaluate(SEND, LONGEST) else nullcontext():
                sent += 1
            reader.look()

    assert reader.troubles == []
    assert sent >= 50


def test_scripts_of_ours_put_text_in_as_text(world: World, reader: Reader, sign_in: SignIn, live_server: Any) -> None:
    card = Scorecard.objects.with_context().with_typed().get(pk=world.own_cards["interviewer"].pk)
    sheet = load_sheet(card)
    page = reader.page
    sign_in(card.interviewer)
    reader.visit(live_server.url + reverse("candidates:scorecard_edit", args=[card.pk]))
    expect(page.locator("form[data-autosaving]")).to_be_visible()
    theirs = sheet.fields | {"evidence.action": f"Theirs {LONGEST}", "summary": LONGEST}
    save_draft(user=card.interviewer, sheet=sheet, version=card.version, fields=theirs)

    page.locator("[name='evidence.action']").fill(f"Mine {LONGEST}")
    page.locator("[name=summary]").fill(f"Mine {LONG}")

    dialog = page.get_by_role("dialog", name="Changed in another tab")
    expect(dialog).to_contain_text("Theirs javascript:ran()")
    reader.look()
    assert reader.troubles == []


def test_what_others_settle_shows_as_text(
    world: World, reader: Reader, sign_in: SignIn, live_server: Any, client: Client
) -> None:
    page = reader.page
    sign_in(world.viewers["recruiter"])
    page.clock.install()
    reader.visit(live_server.url + reverse("candidates:opening_debrief", args=[world.opening.pk]))

    client.force_login(world.viewers["manager"])
    settle = reverse("candidates:debrief_item_settle", args=[world.debrief.pk, world.closed.pk, "strategic"])
    answer = client.post(settle, {"outcome": "stays", "note": f"Just now {LONGEST}", "seen": ""})
    assert answer.status_code == 302
    page.clock.fast_forward(16_000)

    expect(page.get_by_text("Just now javascript:ran()").first).to_be_visible()
    reader.look()
    assert reader.troubles == []


def test_weights_on_trial_show_text(world: World, reader: Reader, sign_in: SignIn, live_server: Any) -> None:
    page = reader.page
    sign_in(world.viewers["recruiter"])
    reader.visit(live_server.url + reverse("candidates:opening_compare", args=[world.opening.pk]))

    with page.expect_response("**/trial/*"):
        page.locator("[data-slider]").first.fill("80")
    expect(page.locator("[data-part=words]")).to_contain_text("Official")
    reader.look()

    assert reader.troubles == []


def test_mails_hold_text(world: World, reader: Reader, live_server: Any) -> None:
    recruiter = User.objects.get(pk=world.viewers["recruiter"].pk)
    for interview in Interview.objects.filter(starts_at__isnull=False).select_related("application__opening"):
        interview.place = f"https://meet.example/\"onclick='ran()' {LONG}"
        change_interview(user=recruiter, interview=interview, seats=[], removed=[], is_confirmed=False)
    nudge(user=recruiter, opening=world.opening, cards=[row.pk for row in world.own_cards.values()], is_again=True)
    for card in (
        Scorecard.objects.with_context().with_typed().filter(pk__in=[row.pk for row in world.own_cards.values()])
    ):
        write_handed_back(card, by=recruiter)
    mails = list(MailMessage.objects.exclude(html=""))

    def serve(route: Route) -> None:
        number = int(route.request.url.rsplit("/", 1)[-1])
        route.fulfill(body=mails[number].html, content_type="text/html; charset=utf-8")

    reader.page.route("**/mails-sent/*", serve)
    for number in range(len(mails)):
        reader.page.goto(f"{live_server.url}/mails-sent/{number}")
        reader.look()

    assert reader.troubles == []
    assert {mail.kind for mail in mails} >= {"interview.change", "scorecard.nudge", "scorecard.hand_back"}
    assert all("svg onload" in mail.html for mail in mails)


def test_text_that_is_not_escaped_is_noticed(
    world: World, reader: Reader, sign_in: SignIn, live_server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.template.base.conditional_escape", str)
    sign_in(world.viewers["recruiter"])

    reader.visit(f"{live_server.url}/openings/")

    assert any("script-src" in trouble for trouble in reader.troubles)
    assert any("svg onload" in trouble.lower() for trouble in reader.troubles)
