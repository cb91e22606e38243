"""Draw pictures whose contents are known: charts, floor plans, diagrams, screenshots, scanned letters.

    drawing   a picture with questions about what is in it, none of whose words stand in its name or caption

Everything is made up and comes from one random generator, so the same seed draws the same pictures.
"""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from random import Random

from matplotlib.figure import Figure
from PIL import Image, ImageDraw, ImageFilter, ImageFont

SUBJECTS = (
    ("Customer churn", "percent", ("Starter", "Business", "Enterprise")),
    ("Electricity use of the data halls", "MWh", ("Hall A", "Hall B", "Hall C")),
    ("Warranty returns", "pieces", ("Pump", "Valve", "Controller")),
    ("Parcel delivery time", "hours", ("Rotterdam", "Gdansk", "Porto")),
    ("Ticket backlog", "open tickets", ("Billing", "Hardware", "Access")),
    ("Newsletter subscribers", "thousand", ("Germany", "Spain", "Finland")),
    ("Scrap rate of the press line", "percent", ("Early shift", "Late shift", "Night shift")),
    ("Cash reserve", "million EUR", ("Plan", "Actual", "Worst case")),
    ("Water level of the reservoir", "metres", ("Inlet", "Dam", "Spillway")),
    ("Page load time", "milliseconds", ("Checkout", "Search", "Catalogue")),
    ("Sick leave", "days per person", ("Assembly", "Logistics", "Administration")),
    ("Battery capacity after cycles", "mAh", ("Cell X1", "Cell X2", "Cell X3")),
    ("Job applications", "candidates", ("Referral", "Job board", "University fair")),
    ("Diesel consumption of the fleet", "litres", ("Trucks", "Vans", "Forklifts")),
    ("Server crashes", "incidents", ("Kernel panic", "Out of memory", "Disk failure")),
    ("Wheat yield", "tonnes per hectare", ("North field", "River field", "Hill field")),
    ("Exam pass rate", "percent", ("Welding", "First aid", "Crane")),
    ("Noise at the fence", "decibels", ("Gate 1", "Gate 2", "Car park")),
    ("Licence costs", "thousand USD", ("Design suite", "Database", "Monitoring")),
    ("Visitors of the museum", "guests", ("Adults", "Children", "Seniors")),
)
BUILDINGS = (
    "Leipzig", "Nantes", "Tartu", "Malmö", "Bilbao", "Graz", "Cork", "Turin", "Ghent", "Aarhus", "Lodz", "Split",
)  # fmt: skip
ROOMS = (
    "Juniper", "Basalt", "Saffron", "Orchid", "Granite", "Willow", "Copper", "Lagoon", "Cinder", "Maple", "Quartz",
    "Meadow", "Falcon", "Otter", "Lynx", "Heron", "Badger", "Puffin", "Marten", "Bison", "Violet", "Indigo", "Scarlet",
    "Amber", "Cobalt", "Ivory", "Crimson", "Olive", "Nimbus", "Cirrus", "Stratus", "Monsoon", "Mistral", "Zephyr",
    "Sirocco", "Aurora", "Comet", "Nebula", "Quasar", "Pulsar", "Saturn", "Neptune", "Mercury", "Jupiter", "Callisto",
    "Europa", "Titan", "Oberon",
)  # fmt: skip
SYSTEMS = (
    ("Order intake", "Kafka topic orders", "Fraud check", "Warehouse robot"),
    ("Badge reader", "LDAP replica", "Door controller", "Alarm centre"),
    ("Weather station", "LoRa gateway", "Forecast model", "Irrigation valve"),
    ("Scanner", "Mail room", "Text recognition", "Archive vault"),
    ("Payroll export", "Tax office", "Pension fund", "Bank transfer"),
    ("Camera feed", "Edge box", "Face blurring", "Evidence locker"),
    ("Build agent", "Artifact store", "Signing service", "Customer download"),
    ("Patient form", "Triage nurse", "Lab analyser", "Result letter"),
    ("Sawmill", "Drying kiln", "Planing line", "Packing hall"),
    ("Web shop", "Stripe webhook", "Ledger", "Dunning letter"),
)
ERRORS = (
    ("TimeTracker Pro", "E-4471", "The week is locked by payroll"),
    ("VaultSync", "VS-2093", "Chunk signature mismatch"),
    ("PrintHub", "PH-118", "Toner cartridge not genuine"),
    ("FleetDesk", "FD-7702", "Driver card has expired"),
    ("Rostermate", "RM-5530", "Two shifts overlap"),
    ("CloudLedger", "CL-9016", "Exchange rate is missing"),
    ("MeetingBoard", "MB-3384", "Room panel lost its pairing"),
    ("SafeBadge", "SB-6127", "Photo is older than ten years"),
    ("OrchardERP", "OE-2245", "Lot number already consumed"),
    ("NetGuard", "NG-8859", "Certificate chain is incomplete"),
    ("LabNotes", "LN-1470", "Witness signature required"),
    ("ShipTrack", "ST-4096", "Customs code is not known"),
)
SENDERS = (
    ("Hollis & Crane Roofing", "repair of the loading bay roof"), ("Marlow Catering", "summer party for 220 guests"),
    ("Tern Insurance", "hail damage at the car park"), ("Alder Legal", "trademark opposition in Portugal"),
    ("Quince Translations", "user manual into Polish"), ("Rook Security", "night patrol of the harbour site"),
    ("Bramble Gardens", "hedge trimming and snow clearing"), ("Osier Elevators", "yearly inspection of lift 3"),
    ("Fennel Dental", "company dental plan"), ("Sorrel Couriers", "express transport of samples"),
)  # fmt: skip
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug")


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture as PNG or JPEG, what a careless author would write under it, and questions that it answers."""

    content: bytes
    suffix: str
    caption: str
    questions: tuple[str, ...]


def drawings(rng: Random, share: float = 1.0) -> list[Drawing]:
    """Return the drawings in a random order; a `share` below 1 takes so much of each sort, at least one."""
    rooms = rng.sample(ROOMS, len(ROOMS))
    plans = [(place, rooms[4 * at : 4 * at + 4]) for at, place in enumerate(BUILDINGS)]
    sorts: tuple[list[Callable[[], Drawing]], ...] = (
        [partial(chart, rng, *one) for one in SUBJECTS],
        [partial(plan, rng, *one) for one in plans],
        [partial(diagram, *one) for one in SYSTEMS],
        [partial(screenshot, rng, *one) for one in ERRORS],
        [partial(letter, rng, *one) for one in SENDERS],
    )
    made = [draw() for sort in sorts for draw in sort[: max(1, round(len(sort) * share))]]
    rng.shuffle(made)
    return made


def chart(rng: Random, subject: str, unit: str, series: Sequence[str]) -> Drawing:
    """Draw a bar or line chart over months."""
    figure = Figure(figsize=(7, 4), layout="constrained")
    axes = figure.subplots()
    lines = rng.random() < 0.5
    for at, name in enumerate(series):
        values = [round(rng.uniform(5, 95), 1) for _ in MONTHS]
        if lines:
            axes.plot(MONTHS, values, marker="o", label=name)
        else:
            axes.bar([place + 0.25 * at for place in range(len(MONTHS))], values, 0.25, label=name)
    if not lines:
        axes.set_xticks([place + 0.25 for place in range(len(MONTHS))], MONTHS)
    axes.set(title=subject, ylabel=unit)
    axes.legend(fontsize=8)
    file = io.BytesIO()
    figure.savefig(file, dpi=100)
    asked = (
        f"How did {subject.lower()} develop for {series[1]}?",
        f"Which of {series[0]} and {series[2]} is higher, in {unit}?",
    )
    return Drawing(file.getvalue(), "png", "Figure 3: development over time", asked)


def plan(rng: Random, place: str, rooms: Sequence[str]) -> Drawing:
    """Draw the floor of a building with four rooms and their seats."""
    image, draw = _sheet(900, 600, "white")
    draw.text((40, 20), f"{place}, floor {rng.randrange(1, 9)}", fill="black", font=_font(26))
    for at, name in enumerate(rooms):
        left, top = 40 + 420 * (at % 2), 90 + 250 * (at // 2)
        draw.rectangle((left, top, left + 380, top + 210), outline="navy", width=4)
        middle = (left + 190, top + 100)
        draw.multiline_text(
            middle, f"{name}\n{rng.randrange(2, 30)} seats", fill="navy", font=_font(22), anchor="mm", align="center"
        )
    asked = (
        f"Where is the room {rooms[0]}?",
        f"How many people fit into {rooms[3]}?",
    )
    return Drawing(_png(image), "png", "Figure 1: overview of the floor", asked)


def diagram(*boxes: str) -> Drawing:
    """Draw boxes with arrows between them."""
    image, draw = _sheet(1_000, 300, "#fdfdfd")
    for at, name in enumerate(boxes):
        left = 20 + 245 * at
        draw.rectangle((left, 100, left + 205, 190), fill="#e8f0fe", outline="#1a3b6e", width=3)
        draw.text((left + 102, 145), name, fill="#102040", font=_font(17), anchor="mm")
        if at:
            draw.line((left - 40, 145, left, 145), fill="black", width=3)
    asked = (f"What comes after {boxes[1]} and before {boxes[3]}?",)
    return Drawing(_png(image), "png", "Figure 2: how it fits together", asked)


def screenshot(rng: Random, product: str, code: str, text: str) -> Drawing:
    """Draw a dialogue of a program with an error."""
    image, draw = _sheet(1_100, 620, "#f3f4f6")
    draw.rectangle((0, 0, 1_100, 46), fill="#1f2937")
    draw.text((16, 12), product, fill="white", font=_font(18))
    for at, name in enumerate(("Home", "Reports", "Settings", "Help")):
        draw.text((16, 80 + 40 * at), name, fill="#374151", font=_font(15))
    draw.rectangle((300, 200, 900, 420), fill="white", outline="#9ca3af", width=2)
    draw.text((330, 225), f"Error {code}", fill="#b91c1c", font=_font(20))
    draw.text((330, 275), text, fill="#111827", font=_font(16))
    draw.text((330, 370), f"Reference {rng.randrange(10**7, 10**8)}      Close", fill="#374151", font=_font(14))
    asked = (f"What does {code} mean?", f"Which program says that {text[0].lower()}{text[1:]}?")
    return Drawing(_png(image), "png", "Screenshot", asked)


def letter(rng: Random, sender: str, about: str) -> Drawing:
    """Draw a letter as a scanner sees it: a little askew, grey and soft."""
    image, draw = _sheet(1_240, 1_000, "#f6f5f1")
    total = f"{rng.randrange(1_000, 60_000):,}.00"
    lines = (
        sender, "", "Invoice", "", "Dear Sir or Madam,", f"please find below our charges for the {about}.", "",
        f"Net amount            EUR {total}", "Payable within 30 days without deduction.", "", "With kind regards",
    )  # fmt: skip
    for at, line in enumerate(lines):
        draw.text((110, 90 + 46 * at), line, fill="#333333", font=_font(24))
    scanned = image.rotate(rng.uniform(-1.2, 1.2), fillcolor="#f6f5f1").filter(ImageFilter.GaussianBlur(0.8))
    file = io.BytesIO()
    scanned.convert("L").save(file, "JPEG", quality=60)
    asked = (f"What did {sender} charge us?", f"What did we pay for the {about}?")
    return Drawing(file.getvalue(), "jpg", "Scan", asked)


def _sheet(width: int, height: int, colour: str) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    image = Image.new("RGB", (width, height), colour)
    return image, ImageDraw.Draw(image)


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


def _png(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()
