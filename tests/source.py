"""The project's own files, as the tests over the source read them."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("candidates", "rubrics", "smarter")
FOLDERS = (*PACKAGES, "templates", "static", "tests", "bench", "docs", ".ci")


def files(*suffixes: str, within: tuple[str, ...] = FOLDERS) -> list[Path]:
    """The files of these folders with these suffixes (all, where none is given)."""
    found = (path for folder in within for path in (ROOT / folder).rglob("*") if path.is_file())
    return sorted(
        path for path in found if "__pycache__" not in path.parts and path.suffix in (suffixes or path.suffix)
    )


def name_of(path: Path) -> str:
    """A file as it is called in messages: from the top of the project."""
    return path.relative_to(ROOT).as_posix()


@cache
def modules() -> dict[str, ast.Module]:
    """The syntax trees of the packages by dotted name, migrations left out; "" suffixes of packages are dropped."""
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): ast.parse(path.read_text())
        for path in files(".py", within=PACKAGES)
        if "migrations" not in path.parts
    }


def imports(tree: ast.AST) -> Iterator[str]:
    """The modules of ours that a tree imports, wherever it does."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.split(".")[0] in PACKAGES)
        elif isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] in PACKAGES:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from (name if name in modules() else node.module for name in names)


def libraries(tree: ast.AST) -> set[str]:
    """The top-level names of everything a tree imports."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
    return names
