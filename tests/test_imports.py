"""What may import what (the README's tree, as a graph): down between the parts, down inside each part, no circles."""

import ast
from collections.abc import Callable, Iterator
from graphlib import CycleError, TopologicalSorter

import pytest

from tests.source import imports, libraries, modules

# Lower parts know nothing of higher ones; a module belongs to the part with the longest prefix of its name.
PARTS = {
    "smarter": 0,
    "smarter.accounts": 0,
    "smarter.audit": 0,
    "smarter.mail": 0,
    "rubrics": 1,
    "candidates": 2,
    "smarter.management": 3,
    "smarter.urls": 3,
    "smarter.views": 3,
    "smarter.wsgi": 3,
}
READERS_OF_THE_ENVIRONMENT = {"smarter.settings", "smarter.wsgi"}  # and manage.py, before there are settings
EDGES = [(name, target) for name, tree in modules().items() for target in imports(tree) if target != name]


def part(name: str) -> int:
    """How high a module stands."""
    prefixes = (prefix for prefix in PARTS if name == prefix or name.startswith(prefix + "."))
    return PARTS[max(prefixes, key=len)]


def kind(name: str) -> str:
    """urls, views, forms, commands or models, by the folder or file; the acts and pure modules between have none."""
    for piece in name.split("."):
        if piece in ("urls", "views", "forms", "management", "models"):
            return piece
        if piece.endswith("_urls"):
            return "urls"
    return ""


def app(name: str) -> str:
    """The app a module belongs to."""
    return name.split(".")[0]


def offending(forbidden: Callable[[str, str], bool]) -> list[str]:
    """The imports for which `forbidden(name, target)` holds, readable."""
    return sorted({f"{name} imports {target}" for name, target in EDGES if forbidden(name, target)})


def test_parts_import_only_downwards():
    assert offending(lambda name, target: part(target) > part(name)) == []


def test_accounts_audit_and_mail_import_no_app_and_no_roof():
    floor = ("smarter.accounts", "smarter.audit", "smarter.mail")

    assert offending(lambda name, target: name.startswith(floor) and part(target) > 0) == []


def test_nobody_imports_urls():
    assert offending(lambda _name, target: kind(target) == "urls") == []


def test_only_urls_import_views():
    assert offending(lambda name, target: kind(target) == "views" and kind(name) not in ("urls", "views")) == []


def test_only_views_and_commands_import_forms():
    users = ("views", "forms", "management")

    assert offending(lambda name, target: kind(target) == "forms" and kind(name) not in users) == []


def test_forms_and_models_know_no_request_handling():
    higher = ("urls", "views", "management")

    assert offending(lambda name, target: kind(name) in ("forms", "models", "") and kind(target) in higher) == []


def test_models_stand_on_models_and_on_modules_without():
    aware = {name for name, target in EDGES if kind(target) == "models" and app(name) == app(target)}

    assert offending(lambda name, target: kind(name) == "models" != kind(target) and target in aware) == []


def test_imports_run_in_no_circle():
    def at_the_top(tree: ast.Module) -> Iterator[ast.stmt]:
        return (node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom))

    graph = {
        name: {target for node in at_the_top(tree) for target in imports(node) if target != name}
        for name, tree in modules().items()
    }

    try:
        TopologicalSorter(graph).prepare()
    except CycleError as circle:
        pytest.fail(" → ".join(circle.args[1]))


def test_statistics_import_neither_django_nor_the_app():
    statistics = {name: tree for name, tree in modules().items() if name.startswith("candidates.statistics")}
    ours = [target for tree in statistics.values() for target in imports(tree)]

    assert [name for name, tree in statistics.items() if libraries(tree) & {"django", "allauth", "crispy_forms"}] == []
    assert [target for target in ours if not target.startswith("candidates.statistics")] == []


def test_only_the_settings_read_the_environment():
    readers = {
        name
        for name, tree in modules().items()
        for node in ast.walk(tree)
        if (isinstance(node, ast.Attribute) and node.attr in ("environ", "environb", "getenv", "Env"))
        or (isinstance(node, ast.ImportFrom) and node.module == "os")
    }

    assert readers - READERS_OF_THE_ENVIRONMENT == set()
