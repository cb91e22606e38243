"""Take personal data and secrets out of text that leaves the house, keeping a typed placeholder.

Only what can be checked is taken: addresses, telephone numbers, IBANs whose remainder is 1 (ISO 13616), card numbers
that pass the Luhn test (ISO/IEC 7812-1), Slack mentions, and tokens whose form their issuers publish. No pattern may
look at a run of characters again from each of its places, or a long text would take its time squared.
"""

import re
from collections.abc import Callable

_MENTION = re.compile(r"<@[UW][A-Z0-9_]+(?:\|[^<>]*)?>")
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]++@[\w-]+(?:\.[\w-]+)+")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b")
_CARD = re.compile(r"\b\d(?:[ -]?\d){12,18}\b")
_PHONE = re.compile(r"(?<![\w.])(?:\+\d{1,3}[ .-]?)(?:\(?\d{1,4}\)?[ .-]?){2,5}\d{2,4}(?![.-]?\w)")
_SECRET = re.compile(
    r"""\b(?:
        xox[abposr]-[\w-]{10,} | xapp-[\w-]{10,}            # Slack
      | gh[pousr]_\w{30,} | github_pat_\w{22,}              # GitHub
      | glpat-[\w-]{20,}                                    # GitLab
      | sk-(?:proj-|ant-)?[\w-]{20,}                        # OpenAI, Anthropic
      | AKIA[0-9A-Z]{16}                                    # AWS
      | AIza[\w-]{35}                                       # Google
      | hf_\w{30,} | npm_\w{36}                             # Hugging Face, npm
      | (?<!-)eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{10,}         # JSON Web Token
    )""",
    re.VERBOSE,
)
_PASSWORD = re.compile(r"(?i)\b(pass(?:word|wd|phrase)|secret|api[_ -]?key)(\s*(?:is|=|:)\s*)(\S{4,})")


def redact(text: str) -> str:
    """Return the text with each find replaced by its kind in brackets, such as `[email]`."""
    text = _MENTION.sub("[person]", text)
    text = _SECRET.sub("[secret]", text)
    text = _PASSWORD.sub(r"\1\2[secret]", text)
    text = _EMAIL.sub("[email]", text)
    text = _IBAN.sub(_when(_is_iban, "[iban]"), text)
    text = _CARD.sub(_when(_is_card, "[card]"), text)
    return _PHONE.sub("[phone]", text)


def _when(holds: Callable[[str], bool], placeholder: str) -> Callable[[re.Match[str]], str]:
    return lambda found: placeholder if holds(found.group()) else found.group()


def _is_iban(text: str) -> bool:
    compact = text.replace(" ", "")
    moved = compact[4:] + compact[:4]
    return 15 <= len(compact) <= 34 and int("".join(str(int(one, 36)) for one in moved)) % 97 == 1


def _is_card(text: str) -> bool:
    digits = [int(one) for one in text if one.isdigit()]
    doubled = [sum(divmod(2 * one, 10)) for one in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0
