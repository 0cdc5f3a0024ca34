"""A version as a scorecard: the real parts, nothing to fill in or send, framed by our own pages alone."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from candidates.models import Scorecard
from rubrics.exchange import load_rubric, publish_rubric
from smarter.middleware import CONTENT_SECURITY_POLICY, FRAMED_BY_OURSELVES
from tests.rubrics.documents import small_document
from tests.rules import RULES, SIGNED_IN, World

pytestmark = pytest.mark.django_db


def card(version):
    """The address of the preview's card."""
    return reverse("candidates:version_preview_card", args=[version.pk])


def test_preview_shows_every_word_of_the_draft_and_lets_nothing_be_sent(client, admin):
    draft = load_rubric(document=small_document(), user=admin).version
    client.force_login(admin)

    page = client.get(card(draft)).content.decode()

    words = ["Strategic", "What teams means.", "Tell me about a deal.", "And then?", "Names.", "teams worth 5"]
    assert [word for word in words if word not in page] == []
    assert ("Preview of v1." in page, "<fieldset" in page, 'class="preview-still" disabled' in page) == (
        True,
        True,
        True,
    )
    assert "<form" not in page
    assert "<script" not in page.replace('<script src="/static/js/theme.js" defer></script>', "")
    assert Scorecard.objects.count() == 0


def test_preview_of_a_draft_is_for_admins_and_of_a_published_version_for_all(client, admin, interviewer):
    published = publish_rubric(document=small_document(), user=None).version
    draft = load_rubric(document=small_document(note="", exercises=[]), user=admin).version
    client.force_login(interviewer)

    assert [client.get(card(version)).status_code for version in (published, draft)] == [200, 404]


def test_only_the_card_of_the_preview_may_be_framed_and_only_by_ourselves():
    world = World()
    policies = {}
    for rule in RULES:
        role = next((role for role in reversed(rule.get or ()) if role in SIGNED_IN), None)
        if role and not rule.name.startswith(("account", "mfa", "usersessions")):
            client = Client()
            client.cookies["session"] = world.session_keys[role]
            headers = client.get(rule.address(world)).headers
            policies[rule.name] = (headers["X-Frame-Options"], headers["Content-Security-Policy"])

    assert policies.pop("candidates:version_preview_card") == ("SAMEORIGIN", FRAMED_BY_OURSELVES)
    assert len(policies) > 40
    assert {name for name, policy in policies.items() if policy != ("DENY", CONTENT_SECURITY_POLICY)} == set()
    assert re.findall("frame-ancestors [^;]+", FRAMED_BY_OURSELVES) == ["frame-ancestors 'self'"]
    assert FRAMED_BY_OURSELVES.replace("frame-ancestors 'self'", "frame-ancestors 'none'") == CONTENT_SECURITY_POLICY
