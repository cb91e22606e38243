"""Write the binary documents of the sample company: PDF, DOCX, PPTX, XLSX and, through `company_charts`, PNG.

Their text is data: the folder `company/` beside this module holds what a person can read, this module what needs a
program. Running `python -m bot.simulator.company_files` writes them into that folder again, byte for byte: no clock
and no random number enters, and the time stamps inside the zip formats are frozen to `MADE`.
"""

import csv
import re
import zipfile
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

from docx import Document
from openpyxl import Workbook
from pptx import Presentation
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import Flowable, PageBreak, Paragraph, SimpleDocTemplate

from bot.simulator.company_charts import write_charts

COMPANY = Path(__file__).parent / "company"
MADE = datetime(2026, 10, 1, 9, 0)  # noqa: DTZ001 - office formats store a time without a zone

# In the texts: `#` title, `##` heading, `-` bullet, `>` speaker's note, `---` new page.
# An indented line continues the one above.
MARKS = ("#", "##", "-", ">", "---")

SAFETY_MANUAL = """
# Tidewell safety manual
Version 7, valid from 1 May 2026. Owner: Grace MacLellan. Read it once a year.
The next fire drill is on 18 February 2027.
## 1. Fire
Anyone who sees fire or smoke pulls the nearest red alarm, then calls 911 (Norway: 110). Use an extinguisher only when
  your way out is behind you.
- Halifax assembly point: the ferry plaza, beside the blue anchor, 80 m south of the door.
- Bergen assembly point: the boat crane at the north end of Skuteviksboder.
- Do not use the lift. The exits of floor 2 in Halifax are the south-east stairs and the outside stairs behind Osprey.
- Fire wardens wear orange vests and count people: Nora Fitch (floor 2), Anselm Boyd (floor 1), Olav Brekke (Bergen).
Nobody goes back inside before the fire brigade gives the building free. Drills are held in February and September; the
  goal is an empty building after four minutes. In September 2026 Halifax needed 3 minutes and 50 seconds.
## 2. Storm and flood
When the harbour authority announces a storm surge above 2.6 m, floor 1 is cleared: lift the crates onto the upper
  racks, switch off the tank pumps at panel P3, and close the flood gate at the loading door (two people, six minutes).
---
## 3. Flow tank and lab
- Two people are on floor 1 whenever the tank runs. The red mushroom buttons stop the pumps within two seconds.
- Closed shoes always; safety glasses beyond the yellow line; long hair tied back.
- The crane carries 500 kg. Only people with the green card may use it; Yusra Haddad trains them twice a year.
- Acetone and isopropanol stay in the steel cabinet. At most one litre of each is on the benches.
## 4. Lithium batteries
Cells are stored at 30 to 50 percent charge in the fire-proof cabinet, at most 200 pieces. A cell that is dented, wet or
  older than five years goes into the sand box and is collected on the last Friday of the month.
## 5. Noise and light
Hearing protection is needed when the pump runs above 70 percent. Class 3B alignment lasers are used behind the curtain
  only, with the lamp over the door switched on.
---
## 6. Work on the water
Everyone has passed the sea-safety course within the last three years. Trips are registered 48 hours before.
- Nobody deploys a sensor alone: at least two people, one of them trained as crew leader.
- Immersion suit when the water is colder than 12 degrees; life jacket with light and beacon always.
- Stop when the wind is above 11 m/s, the waves are above 1.2 m, or one person wants to stop.
- The crew leader calls the shore contact every 60 minutes. After a missed call the contact waits 15 minutes, then calls
  the coast guard: VHF channel 16, in Canada +1 800 555 0158.
## 7. Diving
Tidewell employees do not dive at work. Divers are hired; their plan is approved by Grace MacLellan.
## 8. Reporting
Every accident and near miss goes into the form Incident within 24 hours. Serious accidents are reported to the
  authorities by Grace MacLellan or, in Norway, by Olav Brekke. Nobody is blamed for a report.
"""

RESELLER_AGREEMENT = """
# Reseller agreement (template)
Template RA-5, updated 14 April 2026. Owner: Hugo Bertrand. Replace everything in square brackets and send the draft to
  Hugo Bertrand before it leaves the house. Between Tidewell Instruments Inc. and [name of the reseller].
## 1. Territory
The reseller may sell Tidewell sensors, gateways and subscriptions in [countries]. The territory is not exclusive unless
  the reseller orders at least 60 sensors a year.
## 2. Prices and discount
- The reseller buys at the list price less 18 percent on sensors and gateways.
- Subscriptions: 12 percent in the first year, 8 percent after that.
- Prices to end customers are set by the reseller alone.
## 3. Orders and delivery
Orders are binding when Tidewell confirms them in writing. Delivery is Free Carrier Halifax or Bergen. The lead time is
  six weeks for the Eddy 3 and eleven weeks for the Eddy 3 Deep.
## 4. Payment
Invoices are due within 45 days. Late payment costs 1 percent interest a month. Goods stay Tidewell's until they are
  paid.
## 5. Support and training
The reseller answers the first questions of its customers and keeps two trained people. Training takes three days in
  Halifax or Bergen and is free; travel is paid by the reseller. Tidewell answers the reseller within four working
  hours.
## 6. Warranty
Tidewell gives 24 months on new goods. The reseller may not promise more.
## 7. Readings
End customers own their readings. The reseller sees them only when the end customer invites the reseller.
## 8. Term and end
The agreement runs for two years and then from year to year. Either side may end it with 120 days' notice, in writing.
  Tidewell may end it at once when invoices are unpaid for 60 days. Demonstration equipment goes back within 30 days.
## 9. Law
The law of Nova Scotia applies; for resellers in the European Economic Area, the law of Norway.
"""

ALL_HANDS = """
# All-hands, third quarter of 2026
- 24 September 2026, Fundy and Skrei
- Adaeze Obi, Tobias Lind, Mira Solheim
> Welcome. We have 45 minutes and keep 15 of them for questions. The recording is deleted after 60 days.
# Where we stand
- Revenue in the quarter: about CAD 5.0 million, our best
- 9,180 sensors at sea, 1,460 customers' sites
- 140 colleagues, seven more than in June
> The final figure comes in October from Darius. Norway is still the largest region; the United States grew fastest.
# What went well
- Bergen moved without a lost day of support
- Tideboard 4.3 is ready for October: tide windows, passkeys
- Readings arrive within 9 seconds, down from 14
> Thank Olav and his team for the move. The nine seconds come from Jonas's new partitions.
# What did not
- 97 minutes without fresh data in March; two customers left
- Unboxing to first reading: 38 minutes, goal 25
- Repair takes 10 working days, goal 7
> We lost the two customers because we told them late. Status page within 15 minutes is now a rule.
# Goals for the fourth quarter
- Pierhead 3.0 to the first 200 gateways by 30 November
- 97 percent of tickets answered in time
- Hire two support agents in Bergen
> Names behind the goals: Yusra for Pierhead, Lucía for tickets, Priya and Olav for hiring.
# Questions from #ask-anything
- Will there be a winter party? Yes, 11 December in both offices
- Can we have oat milk? Yes, since Monday
- Will we build a phone app? No, tablets are enough
> The party in Halifax is in the flow-tank gallery; partners are invited. Sign up until 27 November.
"""

WORKBOOKS: Mapping[str, Mapping[str, str]] = {
    "sales/price-list.xlsx": {
        "Hardware": """
part,product,price CAD,price NOK,lead time weeks
ED3,Eddy 3 sensor,4850,35900,6
ED3-D,Eddy 3 Deep sensor,7900,58500,11
ED2-R,Eddy 2 refurbished,2600,19200,2
PH-2,Pierhead gateway,2150,15900,4
TW-3100,Solar kit for Pierhead,690,5100,4
TW-2207,Adapter cable for Eddy 2,85,630,1
TW-1010,Magnet key (2 pieces),24,180,1
TW-1042,O-rings 42 x 3 (10 pieces),38,280,1""",
        "Subscriptions": """
plan,price CAD per month,price NOK per month,sites
Tideboard Team,290,2150,5
Tideboard Fleet,1150,8500,unlimited
Extra history (10 years) for Team,75,560,""",
        "Services": """
service,price CAD,price NOK,unit
Calibration with certificate,420,3100,per sensor
Installation by our crew,1980,14600,per day
Training on site,1450,10700,per day
Inspection outside warranty,95,700,per sensor""",
    },
    "product/sensor-specs.xlsx": {
        "Models": """
model,min speed m/s,max speed m/s,accuracy cm/s,depth m,battery months,interval s,beams,weight kg,calibration months
Eddy 2,0.05,3.0,1.5,40,14,30,2,2.9,12
Eddy 3,0.02,4.5,0.8,60,26,10,4,3.4,18
Eddy 3 Deep,0.02,4.5,0.8,300,18,10,4,5.9,18""",
        "Environment": """
model,temperature min C,temperature max C,housing,storage days,connector
Eddy 2,-2,30,acetal,7,M12 cable
Eddy 3,-2,35,acetal,21,acoustic or M12 cable
Eddy 3 Deep,-4,35,titanium,21,acoustic or SubConn""",
    },
    "finance/budget-2027.xlsx": {
        "Budget": """
line,2026 forecast kCAD,2027 budget kCAD
Revenue,19500,23400
Cost of goods,5100,6000
Salaries and charges,11900,13600
Other costs,2200,2500
Operating result,300,1300""",
        "Positions": """
group,new positions 2027,start,condition
Firmware,4,2027-02,two only if Q1 revenue is above 4900 kCAD
Support,3,2027-03,one only if Q1 revenue is above 4900 kCAD
Sales United States,2,2027-04,one only if Q1 revenue is above 4900 kCAD
Security,1,2027-02,
Finance,1,2027-05,""",
    },
}


def write_company_files(folder: Path) -> tuple[Path, ...]:
    """Write every binary document under `folder` and return their paths; existing ones are replaced.

    Raises FileNotFoundError when `sales/quarterly-sales.csv`, the source of the revenue chart, is not in `folder`.
    """
    names = ("safety/safety-manual.pdf", "legal/reseller-agreement-template.docx", "company/all-hands-2026-q3.pptx")
    paths = tuple(folder / name for name in (*names, *WORKBOOKS))
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
    manual, agreement, slides, *workbooks = paths
    _write_pdf(manual, SAFETY_MANUAL)
    _write_docx(agreement, RESELLER_AGREEMENT)
    _write_pptx(slides, ALL_HANDS)
    for path, sheets in zip(workbooks, WORKBOOKS.values(), strict=True):
        _write_xlsx(path, sheets)
    return paths + write_charts(folder)


def items(text: str) -> Iterator[tuple[str, str]]:
    """Yield (mark, words) for each item of a text; the mark of a plain paragraph is the empty string."""
    for line in re.sub(r"\n +", " ", text.strip()).splitlines():
        mark, _, words = line.partition(" ")
        yield (mark, words) if mark in MARKS else ("", line)


def _write_pdf(path: Path, text: str) -> None:
    styles = getSampleStyleSheet()
    names = {"#": "Title", "##": "Heading2", "-": "Bullet", "": "BodyText"}
    story: list[Flowable] = []
    for mark, words in items(text):
        if mark == "---":
            story.append(PageBreak())
        else:
            story.append(Paragraph(words, styles[names[mark]], bulletText="–" if mark == "-" else None))
    title = next(items(text))[1]
    SimpleDocTemplate(str(path), pagesize=A4, title=title, author="Grace MacLellan", invariant=1).build(story)


def _write_docx(path: Path, text: str) -> None:
    document = Document()
    styles = {"#": "Title", "##": "Heading 1", "-": "List Bullet", "": "Normal"}
    for mark, words in items(text):
        document.add_paragraph(words, style=styles[mark])
    about = document.core_properties
    about.author, about.title, about.created, about.modified = "Hugo Bertrand", next(items(text))[1], MADE, MADE
    document.save(str(path))
    _freeze(path)


def _write_pptx(path: Path, text: str) -> None:
    deck = Presentation()
    for mark, words in items(text):
        if mark == "#":
            slide = deck.slides.add_slide(deck.slide_layouts[1])
            slide.shapes.title.text = words
        elif mark == ">":
            slide.notes_slide.notes_text_frame.text = words
        else:
            body = slide.placeholders[1].text_frame
            (body.add_paragraph() if body.text else body.paragraphs[0]).text = words
    about = deck.core_properties
    about.author, about.title, about.created, about.modified = "Adaeze Obi", next(items(text))[1], MADE, MADE
    deck.save(str(path))
    _freeze(path)


def _write_xlsx(path: Path, sheets: Mapping[str, str]) -> None:
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, table in sheets.items():
        sheet = book.create_sheet(name)
        for row in csv.reader(table.strip().splitlines()):
            sheet.append([_cell(text) for text in row])
        sheet.freeze_panes = "A2"
    book.save(path)
    _freeze(path)


def _cell(text: str) -> str | float | None:
    """Return a number where the text is one, so that the table can be sorted and added up."""
    if re.fullmatch(r"-?\d+", text):
        return int(text)
    return float(text) if re.fullmatch(r"-?\d+\.\d+", text) else text or None


def _freeze(path: Path) -> None:
    """Rewrite an office file with `MADE` as the only time in it."""
    stamp = MADE.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    with zipfile.ZipFile(path) as archive:
        parts = [(info.filename, archive.read(info)) for info in archive.infolist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts:
            if name == "docProps/core.xml":
                content = re.sub(rb"\d{4}-\d\d-\d\dT[\d:.]+Z", stamp, content)  # noqa: PLW2901
            archive.writestr(zipfile.ZipInfo(name, MADE.timetuple()[:6]), content, zipfile.ZIP_DEFLATED)


if __name__ == "__main__":
    write_company_files(COMPANY)
