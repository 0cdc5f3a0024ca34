"""No way to scores but through candidates/access.py: query sets of guarded tables start with a door that asks who."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.source import files, modules, name_of

GUARDED = {"Score", "Scorecard", "Revision", "QuestionNote", "PracticeRating"}
DOORS = {
    "visible_to",
    "disclosed_to",
    "editable_by",
    "managed_by",
    "held_by",
    "returnable_by",
    "seats_visible_to",
}
MAKING = {"create", "bulk_create", "get_or_create"}
BACK_DOORS = {"_base_manager", "_default_manager", "raw", "extra", "cursor", "get_model"}
# Which functions, or whole modules, may ask without a person, and why.
ALLOWED = {
    "candidates.access": "is the door",
    "candidates.adopting": "counts opened seats and tends their focus, and never reads what is on them",
    "candidates.comparison.reading.read_everything": "is for the operator at the command line",
    "candidates.comparison.seats.read_seats": "adds one's own seats to those a door gave",
    "candidates.exchange.panel._load_seats": "is for the operator where there is no user",
    "candidates.exchange.score_export.scores_of": "is for the operator where there is no user",
    "candidates.exchange.score_import.save": "writes what was read through a door",
    "candidates.generations": "has the database stamp openings, and reads no row",
    "candidates.integrity": "checks everything for the operator, and tells row numbers only",
    "candidates.looking.note_sight": "stamps cards that were just shown",
    "candidates.panels": "sets up seats for those on the team, and keeps what was written on them",
    "candidates.privacy.erasing": "empties everything about one person, and tells how many rows there were",
    "candidates.privacy.holdings": "says where texts are, for erasing",
    "candidates.privacy.mentions": "takes a name out of texts, and tells nothing of them",
    "candidates.privacy.panels._cards": "is for the operator where there is no user",
    "candidates.privacy.panels._notes": "is for the operator where there is no user",
    "candidates.privacy.panels._scores": "is for the operator where there is no user",
    "candidates.reminding.open_after_their_interview": "writes to each holder of their own card only",
    "candidates.signing_in": "reads the person who is signed in, and whether there is news for them",
    "candidates.scoring": "acts on a card that a door gave, by updates that fail where it has changed",
    "smarter.sessions.load": "reads the session of a request",
    "smarter.backup.making": "carries every table away for the operator",
    "smarter.backup.restoring": "fills every table for the operator",
    "smarter.backup.standstill": "sets what a transaction may do",
    "smarter.backup.tables": "reads every table for the operator",
    "smarter.audit.triggers": "makes the database keep audit events as they are",
}


def parents(tree: ast.AST) -> dict[ast.AST, ast.AST]:
    """Each node's parent."""
    return {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}


def unguarded(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Query sets of guarded tables that don't start with a door: the function around, and the code."""
    above = parents(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Attribute):
            continue
        step = above.get(node)
        asks = node.attr == "objects" and _class_name(node.value) in GUARDED
        follows = node.attr == "scorecards" and isinstance(step, ast.Attribute)  # of an interview or a person
        opened = isinstance(step, ast.Attribute) and step.attr in DOORS | MAKING
        if node.attr in BACK_DOORS or ((asks or follows) and not opened):
            shown = step if asks or follows else node
            yield _function_around(node, above), f"{node.lineno}: {ast.unparse(shown or node)}"


def _function_around(node: ast.AST, above: dict[ast.AST, ast.AST]) -> str:
    """The name of the function that a node stands in."""
    while node in above and not isinstance(node, ast.FunctionDef):
        node = above[node]
    return node.name if isinstance(node, ast.FunctionDef) else ""


def _class_name(node: ast.expr) -> str:
    """The class in `Score` or `models.Score`."""
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def asking() -> list[tuple[str, str, str]]:
    """Every place that asks without a door: its module, its function with the module, and the code."""
    return [
        (name, f"{name}.{function}", place) for name, tree in modules().items() for function, place in unguarded(tree)
    ]


def test_guarded_tables_are_asked_only_through_their_doors():
    loose = [f"{function}:{place}" for name, function, place in asking() if not {name, function} & set(ALLOWED)]

    assert loose == []


def test_the_list_of_exceptions_holds_no_more_than_it_needs():
    needed = {place for name, function, _code in asking() for place in (name, function)}

    assert set(ALLOWED) - needed == set()


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
        ("QuestionNote.objects.disclosed_to(user, within=rows)", []),
        ("Candidate.objects.all()", []),
    ],
)
def test_unguarded_finds_what_it_should(code, found):
    assert [place for _function, place in unguarded(ast.parse(code))] == found
