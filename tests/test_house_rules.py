"""The rules that keep the tree simple, where a machine can tell: lengths, docstrings, keys, what no file may hold."""

import ast
import re
from collections.abc import Iterator

from django.apps import apps
from django.db import models

from tests.source import PACKAGES, ROOT, files, modules, name_of

OWN_APPS = ("accounts", "audit", "mail", "rubrics", "candidates")
Function = ast.FunctionDef | ast.AsyncFunctionDef


def own_models() -> list[type[models.Model]]:
    """The models of our apps."""
    return [model for model in apps.get_models() if model._meta.app_label in OWN_APPS]


def definitions(tree: ast.Module) -> Iterator[Function | ast.ClassDef]:
    """What a module defines in public: its functions, its classes and their methods; nothing nested in a function."""
    bodies: list[list[ast.stmt]] = [tree.body]
    for body in bodies:
        for node in body:
            if isinstance(node, Function | ast.ClassDef) and not node.name.startswith("_") and node.name != "Meta":
                yield node
                if isinstance(node, ast.ClassDef):
                    bodies.append(node.body)


def lines_of(*suffixes: str, within: tuple[str, ...]) -> dict[str, int]:
    """How long each file is, migrations left out."""
    paths = [path for path in files(*suffixes, within=within) if "migrations" not in path.parts]
    return {name_of(path): len(path.read_text().splitlines()) for path in paths}


def holding(pattern: str, *suffixes: str, within: tuple[str, ...]) -> list[str]:
    """Where a pattern stands in these files, readable."""
    return [
        f"{name_of(path)}:{number}: {line.strip()[:100]}"
        for path in files(*suffixes, within=within)
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1)
        if re.search(pattern, line)
    ]


def test_files_stay_short():
    assert [row for row in lines_of(".py", within=PACKAGES).items() if row[1] > 400] == []
    assert [row for row in lines_of(".html", within=("templates",)).items() if row[1] > 120] == []


def test_functions_stay_short():
    long = [
        f"{name}: {node.name}"
        for name, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, Function) and (node.end_lineno or 0) - node.lineno >= 50
    ]

    assert long == []


def test_modules_and_what_they_define_in_public_have_docstrings():
    without = [name for name, tree in modules().items() if tree.body and not ast.get_docstring(tree)]
    without += [
        f"{name}: {node.name}"
        for name, tree in modules().items()
        for node in definitions(tree)
        if not ast.get_docstring(node)
    ]

    assert without == []


def test_keys_into_rubrics_protect_and_lead_nowhere_back():
    loose = [
        str(field)
        for model in own_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey)
        and field.related_model._meta.app_label == "rubrics" != model._meta.app_label
        and (field.remote_field.on_delete is not models.PROTECT or field.remote_field.related_name != "+")
    ]

    assert loose == []


def test_no_file_names_a_place_of_one_machine():
    places = "|".join(["/" + "tmp/w", "/" + "work/", "/" + "root/", "/" + "home/", "/" + "opt/", r"pypi\." + "org"])

    found = holding(places, within=("candidates", "rubrics", "smarter", "templates", "static", "bench", "docs", ".ci"))
    found += [
        f"{name}: {place}"
        for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "pyproject.toml", "manage.py")
        for place in re.findall(places, (ROOT / name).read_text())
    ]

    assert found == []


def test_text_is_marked_safe_only_where_tags_are_made():
    marking = r"\|\s*safe\b|autoescape off|mark_safe|SafeString"
    tags = ("smarter/templatetags/", "templates/smarter/")
    found = holding(marking, ".py", ".html", within=(*PACKAGES, "templates"))

    assert [place for place in found if not place.startswith(tags)] == []


def test_templates_hold_no_inline_script_style_or_handler():
    inline = r"<script(?![^>]*\b(src=|type=\"application/json\"))|<style|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:"

    found = holding(inline, ".html", ".txt", within=("templates",))
    frame_of_mails = "templates/mail.html"  # a mail may fetch nothing, and no policy of ours reaches it

    assert [place for place in found if not place.startswith(frame_of_mails)] == []
    assert len(found) == 1


def test_pages_ask_no_other_host():
    outside = r"""(src|href|action)\s*=\s*["'](https?:)?//|url\(["']?(https?:)?//|@import"""

    assert holding(outside, ".html", ".css", ".js", within=("templates", "static")) == []


def test_every_variable_of_the_environment_is_explained():
    read = re.findall(r'\benv(?:\.\w+)?\(\s*"(\w+)"', (ROOT / "smarter" / "settings.py").read_text())

    explained = re.findall(r"`([A-Z_]+)`", (ROOT / "docs" / "operations.md").read_text())

    assert len(set(read)) > 10
    assert set(read) - set(explained) == set()
