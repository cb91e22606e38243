"""The headers that prove a request comes from the workspace.

Slack signs `v0:{timestamp}:{raw body}` with HMAC-SHA256 and the app's signing secret; the headers themselves are
not signed.
"""

import hashlib
import hmac


def headers(secret: str, body: bytes, at: float) -> dict[str, str]:
    """Return the timestamp and signature headers for a body sent at `at` (Unix seconds)."""
    stamp = str(int(at))
    digest = hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}
