"""Parse source code with tree-sitter: which language a file is in, and its syntax tree where there is a grammar.

A grammar is loaded when the first file of its language comes. Its tree never fails: what it does not understand is an
ERROR node, and a file in which those prevail has no tree here. The same holds for a file that takes too long.
"""

import time
from collections.abc import Mapping
from importlib import import_module
from pathlib import PurePath

from tree_sitter import Language, Node, Parser

LANGUAGES: Mapping[str, str] = {
    ".py": "python", ".pyi": "python", ".js": "javascript", ".mjs": "javascript", ".cjs": "javascript",
    ".jsx": "jsx", ".ts": "typescript", ".tsx": "tsx", ".go": "go", ".java": "java", ".rs": "rust", ".c": "c",
    ".h": "c", ".cc": "cpp", ".cpp": "cpp", ".cxx": "cpp", ".hpp": "cpp", ".hh": "cpp", ".sh": "bash",
    ".bash": "bash", ".zsh": "bash", ".sql": "sql", ".kt": "kotlin", ".kts": "kotlin", ".cs": "csharp",
    ".rb": "ruby", ".pl": "perl", ".pm": "perl", ".ps1": "powershell", ".bat": "batch", ".tf": "hcl", ".yml": "yaml",
    ".m": "objective-c", ".ex": "elixir", ".exs": "elixir", ".erl": "erlang", ".hs": "haskell", ".ml": "ocaml",
    ".clj": "clojure", ".jl": "julia", ".cfg": "ini", ".conf": "ini",
}  # fmt: skip
"""The name of a suffix's language, as it stands after the fence of a code block."""

_MODULES: Mapping[str, tuple[str, str]] = {
    "python": ("tree_sitter_python", "language"),
    "javascript": ("tree_sitter_javascript", "language"),
    "jsx": ("tree_sitter_javascript", "language"),
    "typescript": ("tree_sitter_typescript", "language_typescript"),
    "tsx": ("tree_sitter_typescript", "language_tsx"),
    "go": ("tree_sitter_go", "language"),
    "java": ("tree_sitter_java", "language"),
    "rust": ("tree_sitter_rust", "language"),
    "c": ("tree_sitter_c", "language"),
    "cpp": ("tree_sitter_cpp", "language"),
    "bash": ("tree_sitter_bash", "language"),
    "sql": ("tree_sitter_sql", "language"),
}
_LARGEST = 1_000_000  # bytes
_SECONDS = 5.0
_STEP = 1 << 16
_MOST_BROKEN = 0.5  # of the bytes


def language_of(name: str) -> str:
    """Return the language of a file by its name: `Makefile` is makefile, `a.rb` ruby, `a.toml` toml."""
    path = PurePath(name.lower())
    return LANGUAGES.get(path.suffix) or path.suffix.removeprefix(".") or path.name


def tree(text: str, language: str) -> Node | None:
    """Return the root of a text's syntax tree; None without a grammar, or when the grammar does not understand it.

    A header in C++ is named like one in C, so C that is mostly errors is tried as C++.
    """
    content = text.encode("utf-8", "replace")
    if language not in _MODULES or len(content) > _LARGEST:
        return None
    root = _parsed(content, language)
    if root is not None and _broken(root) <= _MOST_BROKEN * max(len(content), 1):
        return root
    return tree(text, "cpp") if language == "c" else None


def _parsed(content: bytes, language: str) -> Node | None:
    module, function = _MODULES[language]
    parser = Parser(Language(getattr(import_module(module), function)()))
    until = time.monotonic() + _SECONDS
    try:
        return parser.parse(
            lambda offset, _point: content[offset : offset + _STEP],
            progress_callback=lambda _offset, _error: time.monotonic() > until,
        ).root_node
    except ValueError:
        return None  # it was stopped: its time is over


def _broken(root: Node) -> int:
    """Return how many bytes are in ERROR nodes right below the root, or in the root if it is one."""
    if root.type == "ERROR":
        return root.end_byte - root.start_byte
    return sum(one.end_byte - one.start_byte for one in root.children if one.is_error)
