"""Small faults made on purpose, one at a time: each comparison turned round, each condition and filter taken away.

Nothing here runs anything; `bench/mutation.py` runs the tests on what this makes.
"""

import ast
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

TURNED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.GtE,
    ast.GtE: ast.Lt,
    ast.Gt: ast.LtE,
    ast.LtE: ast.Gt,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
BOUNDARY: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE,),
    ast.LtE: (ast.Lt,),
    ast.Gt: (ast.GtE,),
    ast.GtE: (ast.Gt,),
}
# Steps of a query that narrow it, or lock its rows; our own query sets' steps are read from the source.
NARROWING = {"filter", "exclude", "distinct", "defer", "only", "select_for_update", "order_by"}
TERMS = {"filter", "exclude", "update", "Q", "get", "defer"}
DECORATORS = {"transaction.atomic"}
Place = tuple[ast.AST, str, int | None]


@dataclass(frozen=True)
class Mutant:
    """One fault: where it is, what stands there and what instead, and the whole file with it."""

    function: str
    line: int
    before: str
    after: str
    tree: ast.Module = field(repr=False, compare=False)
    place: Place = field(repr=False, compare=False)
    instead: Any = field(repr=False, compare=False)

    @property
    def source(self) -> str:
        """The whole file with the fault in it."""
        kept = _get(self.place)
        _put(self.place, self.instead)
        made = ast.unparse(ast.fix_missing_locations(self.tree))
        _put(self.place, kept)
        return made

    @property
    def key(self) -> str:
        """What it is called in the list of those that change nothing; lines may move, this stays."""
        return f"{self.function}: {self.before} -> {self.after}"


def mutants(source: str, *, steps: Collection[str] = (), functions: Collection[str] = ()) -> Iterator[Mutant]:
    """All faults of a file, one by one; only those in `functions`, where any are named.

    `steps` are the narrowing steps of the project's own query sets.
    """
    tree = ast.parse(source)
    for function, outer in _functions(tree):
        if functions and function not in functions:
            continue
        for place in _places(outer):
            node = _get(place)
            for other in _instead_of(node, {*NARROWING, *steps}):
                line = getattr(node, "lineno", outer.lineno)
                yield Mutant(function, line, _shown(node), _shown(other), tree, place, other)
        for decorator in [one for one in outer.decorator_list if ast.unparse(one) in DECORATORS]:
            others = [one for one in outer.decorator_list if one is not decorator]
            place = (outer, "decorator_list", None)
            yield Mutant(function, decorator.lineno, f"@{ast.unparse(decorator)}", "", tree, place, others)


def narrowing_steps(sources: Collection[str]) -> set[str]:
    """The methods of the project's query sets that answer a query set: without them a query would find more."""
    classes = [node for source in sources for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ClassDef)]
    return {
        step.name
        for found in classes
        if found.name.endswith("QuerySet")
        for step in found.body
        if isinstance(step, ast.FunctionDef) and not step.name.startswith("with_")
        if step.returns is not None and ast.unparse(step.returns).strip("'") in ("Self", found.name)
    }


def _functions(tree: ast.Module) -> Iterator[tuple[str, ast.FunctionDef]]:
    """Functions and methods, each once, with their names from the top of the file."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            yield from ((f"{node.name}.{own.name}", own) for own in node.body if isinstance(own, ast.FunctionDef))


def _places(function: ast.FunctionDef) -> Iterator[Place]:
    """Where the nodes of a function's body hang, without its annotations and docstring."""
    waiting: list[Place] = [(function, "body", index) for index in range(len(function.body))]
    while waiting:
        place = waiting.pop(0)
        node = _get(place)
        yield place
        for name, value in ast.iter_fields(node):
            if name in ("annotation", "returns"):
                continue
            if isinstance(value, ast.AST):
                waiting.append((node, name, None))
            elif isinstance(value, list):
                waiting += [(node, name, index) for index, one in enumerate(value) if isinstance(one, ast.AST)]


def _get(place: Place) -> Any:
    parent, field, index = place
    value = getattr(parent, field)
    return value if index is None else value[index]


def _put(place: Place, node: Any) -> None:
    parent, field, index = place
    if index is None:
        setattr(parent, field, node)
    else:
        getattr(parent, field)[index] = node


def _instead_of(node: ast.AST, steps: set[str]) -> Iterator[ast.AST]:
    """What may stand here by mistake."""
    match node:
        case ast.Compare():
            yield from _turned(node)
        case ast.BoolOp():
            yield from _one_less(node, "values")
        case ast.comprehension():
            yield from _one_less(node, "ifs")
        case ast.Constant(value=bool()):
            yield ast.copy_location(ast.Constant(not node.value), node)
        case ast.Expr(value=ast.Call()) | ast.Raise():
            yield ast.copy_location(ast.Pass(), node)
        case ast.Call():
            yield from _narrower_no_more(node, steps)
        case _:
            yield from _one_side(node)


def _one_side(node: ast.AST) -> Iterator[ast.AST]:
    """Half of what joins two things, and a condition that no longer asks."""
    match node:
        case ast.UnaryOp(op=ast.Not() | ast.Invert()):
            yield node.operand
        case ast.BinOp(op=ast.BitAnd() | ast.BitOr()):
            yield from (node.left, node.right)
        case ast.BinOp(op=ast.Add() | ast.Sub()):
            yield node.left
        case ast.IfExp():
            yield from (node.body, node.orelse)
        case ast.If():
            yield from (_with(node, test=ast.Constant(value)) for value in (True, False))


def _turned(node: ast.Compare) -> Iterator[ast.AST]:
    for index, operator in enumerate(node.ops):
        for other in [TURNED[type(operator)], *BOUNDARY.get(type(operator), ())]:
            yield _with(node, ops=[*node.ops[:index], other(), *node.ops[index + 1 :]])


def _one_less(node: ast.AST, field: str) -> Iterator[ast.AST]:
    values = getattr(node, field)
    for index in range(len(values)):
        rest = [*values[:index], *values[index + 1 :]]
        yield rest[0] if isinstance(node, ast.BoolOp) and len(rest) == 1 else _with(node, **{field: rest})


def _narrower_no_more(node: ast.Call, steps: set[str]) -> Iterator[ast.AST]:
    """A query without this step, and the step without one of its terms."""
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if name in steps and isinstance(node.func, ast.Attribute):
        yield _with(node, func=_with(node.func, attr="all"), args=[], keywords=[])
    if name in TERMS and len(node.args) + len(node.keywords) > 1:
        yield from _one_less(node, "args")
        yield from _one_less(node, "keywords")
    for index, keyword in enumerate(node.keywords):
        if keyword.arg is None and isinstance(keyword.value, ast.Dict) and len(keyword.value.keys) > 1:
            for rest in _shorter(keyword.value):
                others = [*node.keywords[:index], _with(keyword, value=rest), *node.keywords[index + 1 :]]
                yield _with(node, keywords=others)


def _shorter(node: ast.Dict) -> Iterator[ast.Dict]:
    for index in range(len(node.keys)):
        keep = [place for place in range(len(node.keys)) if place != index]
        yield ast.Dict([node.keys[place] for place in keep], [node.values[place] for place in keep])


def _with(node: ast.AST, **fields: object) -> ast.AST:
    """A copy with other fields."""
    copy = type(node)(**{**dict(ast.iter_fields(node)), **fields})
    return ast.copy_location(copy, node)


def _shown(node: ast.AST) -> str:
    """A node in one line; of an `if` only what it asks."""
    if isinstance(node, ast.If):
        return f"if {ast.unparse(node.test)}"
    return " ".join(ast.unparse(ast.fix_missing_locations(node)).split())
