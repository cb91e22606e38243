"""Where commands write: a path that cannot be written to is refused before the work is done, not after it."""

import os
from pathlib import Path
from typing import Any

import click


class Output(click.Path):
    """A file or folder to write; a file's folder must be there, and a new folder's nearest parent be writable."""

    def __init__(self, *, folder: bool = False) -> None:
        """Take a file, or a folder, which need not be there yet."""
        super().__init__(dir_okay=folder, file_okay=not folder, path_type=Path, writable=True)
        self._folder = folder

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Return the path; what is wrong with it fails as any wrong option does."""
        path = Path(str(super().convert(value, param, ctx)))
        parent = next(one for one in path.absolute().parents if one.exists() or not self._folder)
        if not parent.is_dir():
            self.fail(f"There is no folder {str(parent)!r}.", param, ctx)
        if not path.exists() and not os.access(parent, os.W_OK):
            self.fail(f"Nothing can be written in {str(parent)!r}.", param, ctx)
        return path
