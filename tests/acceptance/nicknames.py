"""A company whose people call things by nicknames that no document uses: what only their votes can teach.

Twelve FAQ entries, two nicknames for each, and ways to ask. The documents' own words never occur in a question.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Entry:
    """A FAQ entry: its file, title and text, and what people call its subject."""

    name: str
    title: str
    text: str
    nicknames: tuple[str, str]

    @property
    def external_id(self) -> str:
        """Return what the doors call it."""
        return f"{self.name}.md"


@dataclass(frozen=True, slots=True)
class Wording:
    """A question and the entry that answers it."""

    question: str
    entry: Entry


ENTRIES = (
    Entry(
        "travel",
        "Reimbursement of travel expenses",
        "Hand in receipts within thirty days. The refund is paid with the next salary.",
        ("the blue sheet", "Bluey"),
    ),
    Entry(
        "token",
        "Authentication device for remote access",
        "The device shows six digits that change every minute. Type them after the password.",
        ("the gizmo", "my dongle"),
    ),
    Entry(
        "leave",
        "Annual leave requests",
        "Requests are approved by the line manager, at the latest two weeks before the first day off.",
        ("the sunshine list", "Sunny"),
    ),
    Entry(
        "parking",
        "Vehicle spaces under the building",
        "Spaces are allotted every quarter. Drivers with children at nursery come first.",
        ("the dungeon", "level minus one"),
    ),
    Entry(
        "canteen",
        "Paying for meals on the premises",
        "Meals are charged to the staff badge and deducted from wages at the end of the month.",
        ("the trough", "Chez Paul"),
    ),
    Entry(
        "reviews",
        "Performance appraisal twice a year",
        "The appraisal has three parts: aims, feedback from colleagues, and development.",
        ("the spring grilling", "judgement day"),
    ),
    Entry(
        "printer",
        "Secure printing and scanning",
        "Documents wait for two hours until their owner logs in at one of the devices.",
        ("Big Bertha", "the paper monster"),
    ),
    Entry(
        "rooms",
        "Booking conference space",
        "Space is booked in the calendar. Bookings that nobody confirms are released after ten minutes.",
        ("the aquarium", "the fish tank"),
    ),
    Entry(
        "referral",
        "Bonus for recommending candidates",
        "The bonus is paid when the candidate has passed the probation period.",
        ("the headhunt", "bounty hunting"),
    ),
    Entry(
        "oncall",
        "Standby duty outside office hours",
        "Standby is rotated weekly. Each call at night earns two hours of rest.",
        ("the night watch", "owl week"),
    ),
    Entry(
        "training",
        "Budget for courses and certificates",
        "Every employee may spend one thousand euros a year on courses.",
        ("the brain fund", "the learning jar"),
    ),
    Entry(
        "laptop",
        "Replacement of computers",
        "Computers are replaced after four years. The old machine is handed in at the service desk.",
        ("the fresh brick", "a new potato"),
    ),
)

FRAMES = (
    "How does {} work for somebody who has just joined us?",
    "Who knows anything about {}?",
    "My team lead told me to look up {}; where do I begin?",
    "Is there a rule about {} that I should be aware of?",
    "I never understood {}, please explain",
    "Quick one before lunch: {}?",
    "What happens if I get {} wrong?",
    "Whom do I write to when something is off with {}?",
    "Can a student intern use {} as well?",
    "Remind me what we decided about {}",
    "Has {} changed since last summer?",
    "Ana says I am doing {} the wrong way round, what is right?",
    "What should I do first about {} on a Friday afternoon?",
)


def write(folder: Path) -> None:
    """Write the FAQ into a folder, a file an entry."""
    for entry in ENTRIES:
        page = f"---\ntitle: {entry.title}\nowner: U3\n---\n# {entry.title}\n\n{entry.text}\n"
        (folder / entry.external_id).write_text(page, encoding="utf-8")


def wordings() -> Iterator[Wording]:
    """Yield every way to ask for every entry, mixed: neighbours in time ask about different things."""
    for number, frame in enumerate(FRAMES):
        for place, entry in enumerate(ENTRIES):
            yield Wording(frame.format(entry.nicknames[(number + place) % 2]), entry)
