"""Write what follows from `manifest.yml`: the HTTP variant beside it and the copy that travels with the package.

Run `python -m tests.support.manifests` after a change; a test compares. The HTTP file keeps the comments, so it is made
from the text, line by line.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[2]
SOCKET = ROOT / "manifest.yml"
HTTP = ROOT / "manifest.http.yml"
PACKAGED = ROOT / "bot" / "manifest.json"
EXAMPLE = "https://bot.example.com"
_URL = f"{EXAMPLE}/slack/events"
_HEADER = """\
# Slack app manifest, HTTP: put your own host in place of bot.example.com. No public address? Use manifest.yml.
# Made from manifest.yml; do not edit by hand.
"""


def http_text(socket_text: str) -> str:
    """Return the text of the HTTP variant."""
    return _HEADER + "".join(_http_lines(socket_text))


def packaged_text(socket_text: str) -> str:
    """Return the text of the copy in the package."""
    return json.dumps(yaml.safe_load(socket_text), indent=1, ensure_ascii=False) + "\n"


def _http_lines(socket_text: str) -> Iterator[str]:
    in_interactivity = False
    for line in socket_text.splitlines(keepends=True):
        if line.startswith("#"):
            continue
        yield line.replace("socket_mode_enabled: true", "socket_mode_enabled: false")
        in_interactivity = in_interactivity or line.startswith("  interactivity:")
        if line.startswith("    - command: "):
            yield f"      url: {_URL}\n"
        elif line.startswith("  event_subscriptions:") or (in_interactivity and line.startswith("    is_enabled:")):
            yield f"    request_url: {_URL}\n"


def main() -> None:
    """Write both files."""
    text = SOCKET.read_text(encoding="utf-8")
    HTTP.write_text(http_text(text), encoding="utf-8")
    PACKAGED.write_text(packaged_text(text), encoding="utf-8")


if __name__ == "__main__":
    main()
