"""No way to scores but through candidates/access.py: query sets of guarded tables start with a door that asks who."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.source import files, modules, name_of

GUARDED = {"Score", "Scorecard", "Revision", "QuestionNote"}
DOORS = {"visible_to", "editable_by", "managed_by", "held_by"}
MAKING = {"create", "bulk_create"}
BACK_DOORS = {"_base_manager", "_default_manager", "raw", "extra", "cursor", "get_model"}
# Who may ask without a person, and why.
ALLOWED = {
    "candidates.access": "is the door",
    "candidates.comparison.seats": "adds one's own seats to those a door gave",
    "smarter.audit.triggers": "makes the database keep audit events as they are",
    "candidates.looking": "stamps cards that were just shown",
}


def parents(tree: ast.AST) -> dict[ast.AST, ast.AST]:
    """Each node's parent."""
    return {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}


def unguarded(tree: ast.AST) -> Iterator[str]:
    """Query sets of guarded tables that don't start with a door, as code."""
    above = parents(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr == "objects" and _class_name(node.value) in GUARDED:
            step = above.get(node)
            if not (isinstance(step, ast.Attribute) and step.attr in DOORS | MAKING):
                yield f"{node.lineno}: {ast.unparse(step or node)}"
        elif isinstance(node, ast.Attribute) and node.attr == "scorecards":  # of an interview or a person
            step = above.get(node)
            if isinstance(step, ast.Attribute) and step.attr not in DOORS | MAKING:
                yield f"{node.lineno}: {ast.unparse(step)}"
        elif isinstance(node, ast.Attribute) and node.attr in BACK_DOORS:
            yield f"{node.lineno}: {ast.unparse(node)}"


def _class_name(node: ast.expr) -> str:
    """The class in `Score` or `models.Score`."""
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def test_guarded_tables_are_asked_only_through_their_doors():
    found = [f"{name}:{place}" for name, tree in modules().items() if name not in ALLOWED for place in unguarded(tree)]

    assert found == []


def test_the_list_of_exceptions_holds_no_more_than_it_needs():
    assert [name for name in ALLOWED if name not in modules() or not list(unguarded(modules()[name]))] == []


def test_templates_ask_for_no_scores_themselves():
    asking = re.compile(r"\b(scorecards|scores|revisions|notes)\.(all|count|first|last|exists)\b")

    pages = files(".html", ".txt", within=("templates",))

    assert [name_of(page) for page in pages if asking.search(page.read_text())] == []


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("Score.objects.visible_to(user).count()", []),
        ("models.Score.objects.all()", ["1: models.Score.objects.all"]),
        ("Scorecard.objects.submitted().visible_to(user)", ["1: Scorecard.objects.submitted"]),
        ("cards = Scorecard.objects", ["1: cards = Scorecard.objects"]),
        ("Opening.objects.raw('select 1')", ["1: Opening.objects.raw"]),
        ("connection.cursor()", ["1: connection.cursor"]),
        ("Application._base_manager.all()", ["1: Application._base_manager"]),
        ("interview.scorecards.all()", ["1: interview.scorecards.all"]),
        ("interview.scorecards.visible_to(user)", []),
        ("Candidate.objects.all()", []),
    ],
)
def test_unguarded_finds_what_it_should(code, found):
    assert list(unguarded(ast.parse(code))) == found
