"""What a first visit to the scorecard costs: few requests, few bytes, and no script before the first paint."""

import re
from pathlib import Path
from typing import Any

import brotli
import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse

from candidates.demo.loading import load_demo
from candidates.models import Scorecard

MOST_BYTES = 60 * 1024
MOST_REQUESTS = 6


@pytest.fixture
def url(client: Client, db: None, settings: Any) -> str:
    """A card of the demo round, with the built-in rubric in full, its holder signed in."""
    settings.DEBUG = True
    load_demo()
    settings.DEBUG = False
    card = Scorecard.objects.filter(state="waiting").select_related("interviewer").first()
    client.force_login(card.interviewer)
    return reverse("candidates:scorecard_edit", args=[card.pk])


def test_first_visit_weighs_at_most_60_kb_in_six_requests(client: Client, url: str) -> None:
    page = client.get(url, headers={"Accept-Encoding": "gzip"})
    html = client.get(url).content.decode()
    linked = re.findall(r'<(?:link rel="stylesheet" href|script src)="/static/([^"]+)"', html)
    # WhiteNoise serves static files as brotli, made once at collectstatic.
    weights = [len(brotli.compress(Path(str(finders.find(name))).read_bytes())) for name in linked]

    assert page["Content-Encoding"] == "gzip"
    assert 1 + len(linked) <= MOST_REQUESTS
    assert len(page.content) + sum(weights) <= MOST_BYTES


def test_first_paint_needs_no_script(client: Client, url: str) -> None:
    html = client.get(url).content.decode()

    assert re.findall(r"<script(?![^>]* defer>)", html) == []
    assert re.findall(r"<style| style=| on\w+=", html) == []
