"""The shape of the house: nothing too long, too deep or too wide. Sizes are code lines, docstrings and blanks apart."""

import ast
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = [
    path
    for folder in ("bot", "flywheel")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if "company" not in path.relative_to(ROOT).parts and "versions" not in path.parts
]
LONGEST_FILE = 300
LONGEST_FUNCTION = 40
MOST_PARAMETERS = 5
DEEPEST_NESTING = 3
_NESTS = (ast.If, ast.For, ast.While, ast.With, ast.Try, ast.Match)

Function = ast.FunctionDef | ast.AsyncFunctionDef


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_has_at_most_300_lines(path: Path) -> None:
    assert path.read_text(encoding="utf-8").count("\n") <= LONGEST_FILE


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_functions_are_short_shallow_and_narrow(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [complaint for function in _functions(path) for complaint in _complaints(function, lines)] == []


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_opens_with_a_docstring(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert not tree.body or ast.get_docstring(tree)


def _functions(path: Path) -> Iterator[Function]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def _complaints(function: Function, lines: list[str]) -> Iterator[str]:
    if (size := _code_lines(function, lines)) > LONGEST_FUNCTION:
        yield f"{function.name} (line {function.lineno}) has {size} code lines"
    if (width := _parameters(function)) > MOST_PARAMETERS:
        yield f"{function.name} (line {function.lineno}) has {width} parameters"
    if (depth := _depth(function.body)) > DEEPEST_NESTING:
        yield f"{function.name} (line {function.lineno}) nests {depth} deep"


def _code_lines(function: Function, lines: list[str]) -> int:
    body = function.body[1:] if ast.get_docstring(function) else function.body
    if not body:
        return 0
    last = function.end_lineno or function.lineno
    return sum(1 for line in lines[body[0].lineno - 1 : last] if line.strip() and not line.strip().startswith("#"))


def _parameters(function: Function) -> int:
    names = [one.arg for one in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)]
    return len([name for name in names if name not in {"self", "cls"}])


def _depth(body: Sequence[ast.stmt]) -> int:
    deepest = 0
    for statement in body:
        if isinstance(statement, _NESTS):
            inner = [child for child in ast.iter_child_nodes(statement) if isinstance(child, ast.stmt)]
            handlers = [line for one in getattr(statement, "handlers", []) for line in one.body]
            cases = [line for one in getattr(statement, "cases", []) for line in one.body]
            elif_chain = isinstance(statement, ast.If) and [one for one in statement.orelse if isinstance(one, ast.If)]
            below = [one for one in (*inner, *handlers, *cases) if not (elif_chain and one in elif_chain)]
            deepest = max(deepest, 1 + _depth(below), _depth(elif_chain or []))
    return deepest
