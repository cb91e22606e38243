"""Who may open the pages of reports in a browser: a token that was entered once, or a link made for an administrator.

Both are keyed hashes under the API token (HMAC-SHA256; RFC 2104), so nothing of the token is in a cookie or an address,
and a new token ends them all. A *pass* is `<seconds since 1970>.<hash>` and holds until that second. Surprising: a
link's pass opens one path; the cookie's opens all of them.
"""

import hashlib
import hmac
from datetime import datetime, timedelta

COOKIE = "flywheel_pass"
COOKIE_FOR = timedelta(hours=12)
LINK_FOR = timedelta(minutes=30)
EVERY_PAGE = "*"
"""What the cookie's pass is for."""

_PURPOSE = b"flywheel pages of reports 1"


def make(token: str, subject: str, until: datetime) -> str:
    """Return a pass for a path, or for `EVERY_PAGE`."""
    second = str(int(until.timestamp()))
    return f"{second}.{_hash(token, subject, second)}"


def holds(token: str, subject: str, given: str, now: datetime) -> bool:
    """Tell whether a pass was made with this token, for this subject, and has not ended."""
    second, _, digest = given.partition(".")
    if not token or not second.isascii() or not second.isdigit() or len(second) > 12:
        return False
    expected = _hash(token, subject, second).encode()
    return hmac.compare_digest(digest.encode("utf-8", "replace"), expected) and now.timestamp() < int(second)


def link(base_url: str, path: str, token: str, now: datetime) -> str:
    """Return the address of a page that opens without a token for half an hour."""
    return f"{base_url.rstrip('/')}{path}?pass={make(token, path, now + LINK_FOR)}"


def _hash(token: str, subject: str, second: str) -> str:
    key = hmac.new(token.encode(), _PURPOSE, hashlib.sha256).digest()
    return hmac.new(key, f"{second} {subject}".encode(), hashlib.sha256).hexdigest()
