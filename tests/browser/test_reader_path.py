"""A reader's whole path in a real browser, from the opening to a printed decision, every figure worked by hand.

Four candidates, three interviewers, two of them on each panel; all dimensions weigh 20. Card totals:

    Amara    Daniel 4.6   Olivier 3.8   score 4.2
    Jonas    Dora   3.6   Olivier 4.4   score 4.0
    Beatriz  Daniel 4.0   Dora    2.4   score 3.2
    Leila    Daniel 3.6   Dora    2.0   score 2.8

Severity, with 1 / 0.4 = 2.5 added on the diagonal: the panel is as much one way as the other, so Olivier is 0 and Dora
minus Daniel. Daniel's line reads r/2 + r + r + 2.5 r = 0.8/2 + 1.6/2 + 1.6/2, so r = 0.4. Levelled, Amara loses
(0.4 + 0)/2 and Jonas gains as much: 4.0 and 4.2. Residuals are 0.2 and 0.4 four times each, so s² = 1.6/4 = 0.4; the
difference of Jonas and Amara has the variance 0.4 (1/2 + 1/2 + 1/10), t = 0.2/√0.44 = 0.30, and with 4 degrees of
freedom Jonas is ahead with 61%: slightly ahead, and first of the two with 60% to the nearest 5%.

Means of Amara less those of Jonas: S 1, M 0.5, A −1.5, R 1.5, T −0.5, so the lead is 0.2. A point moved from R to A
costs 0.03: 7 points do it. Action may weigh w while 0.625 (1 − w) ≥ 1.5 w, up to 29%. Of all weightings, Amara leads in
−1.0667 + 0.0625 + 1.6875 = 68%. With 40 on Action and 15 on the others, Amara has 0.15 · 17.5 + 0.4 · 3.5 = 4.03 and
Jonas 0.15 · 15 + 0.4 · 5 = 4.25. Dora's 3 on Teams, revised to 4, makes Jonas's mean 4.5 and his score 4.1.
"""

import re
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from candidates.models import Application, Decision, Opening, Revision
from smarter.accounts.models import User
from tests.browser.conftest import SignIn
from tests.factories import make_application, make_scorecard, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CARDS = {
    "Amara Okafor": {"Daniel Achebe": [5, 5, 4, 5, 4], "Olivier Fontaine": [4, 4, 3, 5, 3]},
    "Jonas Keller": {"Dora Alvarez": [3, 4, 5, 3, 3], "Olivier Fontaine": [4, 4, 5, 4, 5]},
    "Beatriz Lima": {"Daniel Achebe": [4, 4, 4, 4, 4], "Dora Alvarez": [2, 3, 2, 2, 3]},
    "Leila Haddad": {"Daniel Achebe": [4, 3, 4, 3, 4], "Dora Alvarez": [2, 2, 2, 2, 2]},
}


@pytest.fixture
def candidates(opening: Opening) -> dict[str, Application]:
    """Amara and Jonas in debrief, the others still interviewing; every card is in."""
    panel = {name: make_user(name=name) for name in ("Daniel Achebe", "Dora Alvarez", "Olivier Fontaine")}
    found = {}
    for name, cards in CARDS.items():
        stage = Application.Stage.DEBRIEF if name in ("Amara Okafor", "Jonas Keller") else "interviewing"
        found[name] = make_application(opening=opening, name=name, stage=stage)
        for rater, values in cards.items():
            evidence = f"What {rater} heard of {name}."
            make_scorecard(
                application=found[name], interviewer=panel[rater], values=values, evidence=evidence, submitted=True
            )
    return found


def rows(page: Page, table: str) -> list[str]:
    """The rows of a table, each in one line."""
    return [" ".join(text.split()) for text in page.locator(f"{table} tbody tr").all_inner_texts()]


def test_from_the_opening_to_a_printed_decision(
    sign_in: SignIn, manager: User, opening: Opening, candidates: dict[str, Application], live_server: Any
) -> None:
    page = sign_in(manager)
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(live_server.url + reverse("candidates:opening_detail", args=[opening.pk]))

    compare_two_of_four(page)
    try_other_weights(page)
    check_severity(page)
    settle_the_disagreement(page)
    revise_as_dora(page, sign_in, manager, live_server)
    decide(page, opening, live_server)
    read_on_paper(page)

    page.emulate_media(media="screen")
    with page.expect_navigation():
        page.get_by_role("button", name="Move to offer").click()
    assert Application.objects.get(pk=candidates["Jonas Keller"].pk).stage == "offer"


def compare_two_of_four(page: Page) -> None:
    """Choose on the opening's page, and read what the ratings say of the two."""
    page.get_by_label("Choose Amara Okafor").check()
    page.get_by_label("Choose Jonas Keller").check()
    page.get_by_role("button", name="Compare the chosen").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Compare two candidates")
    order = page.locator("[data-part=order]")
    expect(order).to_contain_text("Jonas Keller is slightly ahead of Amara Okafor once interviewers are levelled.")
    expect(order).to_contain_text("The two share tier 1 with 1 candidate not shown here: the panel does not")
    figures = [row.split(" ") for row in rows(page, ".forest")]
    assert [(row[-3], row[-1]) for row in figures] == [("4.20", "40%"), ("4.00", "60%")]
    strategic = page.locator(".compare tbody tr").first
    expect(strategic.locator(".chip")).to_have_text(["4.5", "3.5"])
    teams = page.locator(".compare tbody tr", has_text="Teams").first
    expect(teams.locator(".chip")).to_have_text(["3.5", "4.0"])
    expect(teams).to_contain_text("spread 2")
    page.get_by_text("Evidence on Teams").click()
    heard = page.locator(".ev-row", has_text="Evidence on Teams").locator("blockquote").last
    expect(heard).to_contain_text("What Dora Alvarez heard of Jonas Keller.")
    expect(heard).to_contain_text("Anchor 3: Teams worth 3")
    expect(heard).to_be_visible()


def try_other_weights(page: Page) -> None:
    """The weights hold up to 29% on Action; with 40% Jonas leads, and the record keeps what it had."""
    words = page.locator("[data-part=words]")
    expect(words).to_contain_text("Amara Okafor is first in 68% of all weightings")
    expect(words).to_contain_text("It takes 7 points of weight to change who is first.")
    expect(page.locator("[data-part=flips-action]")).to_contain_text("above 29% Jonas Keller leads")

    page.get_by_label("Action, slider").fill("40")
    leader = page.locator(".forest tbody th .strong").first
    expect(leader).to_have_text("Jonas Keller")
    first, second = rows(page, ".forest")
    assert "4.25 official 4.00" in first
    assert "4.03 official 4.20" in second
    expect(page.get_by_label("Teams", exact=True)).to_have_value("15")

    page.get_by_role("link", name="This opening").click()
    expect(leader).to_have_text("Amara Okafor")


def check_severity(page: Page) -> None:
    """Levelled, the order turns round; the official score stays beside it."""
    check = page.locator("section", has=page.get_by_role("heading", name="Would levelling the interviewers"))
    expect(check).to_contain_text("Yes. Levelled, Jonas Keller would come before Amara Okafor.")
    assert rows(page, "[aria-labelledby=level-h]")[:2] == [
        "Amara Okafor 4.20 4.00 2.9–5.0 −0.20",
        "Jonas Keller 4.00 4.20 3.1–5.0 +0.20",
    ]
    leans = rows(page, "[aria-labelledby=level-h]")[2:]
    assert [lean.split(" ")[:3] for lean in leans] == [
        ["Daniel", "Achebe", "+0.40"],
        ["Dora", "Alvarez", "−0.40"],
        ["Olivier", "Fontaine", "0.00"],
    ]


def settle_the_disagreement(page: Page) -> None:
    """One item: Jonas on Teams, 3 to 5; its mean shows once it is asked for."""
    page.get_by_role("link", name="Open the debrief").click()
    page.get_by_role("button", name="Open the debrief").click()
    item = page.get_by_role("article", name="Jonas Keller: Teams")
    expect(page.locator("article.item")).to_have_count(1)
    expect(item.locator(".sides cite")).to_have_text(["Dora Alvarez", "Olivier Fontaine"])
    mean = item.locator(".item-scale p", has_text="Mean 4.0")
    expect(mean).to_be_hidden()
    item.get_by_text("Panel mean, and all ratings on the scale").click()
    expect(mean).to_be_visible()

    form = page.get_by_role("form", name="Jonas Keller, Teams")
    form.get_by_label("Agreed note").fill("Dora had missed the partner example.")
    form.get_by_label("A rater revises").check()
    form.get_by_role("button", name="Settle").click()
    expect(item).to_contain_text("A rater revises. Dora had missed the partner example.")
    expect(item).to_contain_text("Settled by Priya Manager")


def revise_as_dora(page: Page, sign_in: SignIn, manager: User, live_server: Any) -> None:
    """Dora follows the debrief on her own screen and revises her score from there; the first one stays."""
    address = page.url.partition("#")[0]
    sign_in(User.objects.get(name="Dora Alvarez"))
    page.goto(address)
    expect(page.get_by_role("article", name="Jonas Keller: Teams")).to_contain_text("Settled by Priya Manager")
    page.get_by_text("Change what was settled").click()
    page.get_by_role("link", name="Revise your score").click()
    page.get_by_label("4. Teams worth 4").check()
    page.get_by_label("Debrief").check()
    page.get_by_label("What changed your mind").fill("The partner example was there.")
    page.get_by_role("button", name="File revision").click()
    expect(page.get_by_text("The partner example was there.")).to_be_visible()
    assert list(Revision.objects.values_list("score__value", "value")) == [(3, 4)]
    sign_in(manager)
    page.goto(address)


def decide(page: Page, opening: Opening, live_server: Any) -> None:
    """A rejection against the order asks why; an offer does not, and keeps the scores before and after."""
    page.get_by_role("link", name="Decide on Jonas Keller").click()
    expect(page.get_by_text("4.10")).to_be_visible()
    page.get_by_label("Reject").check()
    page.get_by_label("Reason", exact=False).first.fill("The partner example on teams decided it.")
    page.get_by_role("button", name="Record the decision").click()
    expect(page.get_by_role("alert")).to_contain_text("Jonas Keller is in a tier above Beatriz Lima")
    page.get_by_label("Offer").check()
    page.get_by_role("button", name="Record the decision").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Offer: Jonas Keller")
    known = Decision.objects.get().snapshot
    assert (known["before"]["total"], known["after"]["total"]) == (4.0, 4.1)


def read_on_paper(page: Page) -> None:
    """One sheet: the decision, its reason, both scores and the profile; nothing to click on."""
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4"))) == 1
    page.emulate_media(media="print")
    expect(page.get_by_text("The partner example on teams decided it.")).to_be_visible()
    table = rows(page, ".decision-page table")
    assert table[0] == "S Strategic 20 2 3.5 3.5"
    assert table[4] == "T Teams 20 2 4.0 4.5"
    assert re.fullmatch(r"Score 4\.00 \S+ 4\.10 \S+", table[5])
    assert table[-1] == "Weight rated 100% 100%"
    for name in ("Print", "Move to offer"):
        expect(page.get_by_role("button", name=name)).to_be_hidden()
    expect(page.get_by_role("navigation").first).to_be_hidden()
    expect(page.get_by_text("The decision is recorded.")).to_be_hidden()
