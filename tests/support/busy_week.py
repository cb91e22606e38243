"""A week in a busy channel of the sample company: 2,000 messages, 150 of them questions, a third of those unanswerable.

The classifier trained on none of it: the questions are `company.yaml`'s in all wordings, and some of our own that no
document answers; the talk is `unheard.TALK` and the patterns below, full of the company's own words, so that search
alone would find something near to much of it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import yaml

from tests.support import unheard

COMPANY = Path(__file__).parents[2] / "bot" / "simulator" / "company"
MESSAGES, QUESTIONS, ANSWERABLE = 2_000, 150, 100
DAYS = 5
_FIRST_HOUR, _HOURS = 8, 10


@dataclass(frozen=True, slots=True)
class Said:
    """One message of the week; `asks` says that it is a question that wants an answer from knowledge."""

    at: datetime
    person: str
    text: str
    asks: bool
    answerable: bool = False


SLOTS: Mapping[str, tuple[str, ...]] = {
    "who": ("Mira", "Jonas", "Priya", "Tomás", "Ingrid", "the new hire", "Sam from sales", "Elif"),
    "at": ("<@U2>", "<@U3>", "<@U1>"),
    "product": ("Eddy 2", "Eddy 3", "the Tideboard", "the Pierhead gateway", "the river sensor", "the alerts page"),
    "topic": (
        "the expense policy", "the on-call rota", "the parental leave rules", "the VPN", "the deploy", "the handbook",
        "the security training", "the price list", "the roadmap", "the Bergen office", "the invoice run", "month-end",
        "the performance reviews", "the certificate renewal", "the travel policy", "the rollback",
    ),
    "place": ("Bergen", "Halifax", "the harbour", "the workshop", "the canteen", "room Skagen", "the pier"),
    "time": ("today", "this morning", "tomorrow", "on Thursday", "after lunch", "in ten minutes", "next Monday"),
    "mood": (":sweat_smile:", ":tada:", ":ship:", ":ocean:", ":thumbsup:", "🙂", "😅", ""),
    "n": ("2", "4", "7", "19", "44", "318", "1021"),
}  # fmt: skip

PATTERNS = """
heading to {place} {time}, anyone joining?
who else is in {place} {time}?
{who} is in {place} {time}
just arrived in {place} {mood}
the ferry to {place} is cancelled {mood}
is it windy in {place}?
how's the weather in {place}?
anyone in {place} who can let me in?
can somebody in {place} check if my bag is there?
someone left their jacket in {place}
did anybody book the big room {time}?
who has the key to {place}?
{product} demo went fine {mood}
{product} looks great in the new colour
{product} is acting up again
is {product} offline for you too?
anybody else seeing weird numbers from {product}?
who broke {product}? {mood}
who's testing {product} {time}?
can someone send me a photo of {product}?
I spilled coffee on {product} {mood}
customer loves {product}!
shipping {n} units of {product} {time}
{product} firmware build {n} is up for testing
the build for {product} is red, looking
bug in {product}: the graph jumps, ticket {n}
fixed the graph in {product}, see #{n}
why is {product} beeping at me
did {product} just restart by itself?
what did you do to {product}, {who}?
I'm rewriting the page on {topic} {time}
I'll update {topic} {time}
just read {topic}, good stuff
somebody should shorten {topic}
can we talk about {topic} {time}?
shall we go over {topic} together?
who wants to present {topic} {time}?
who is preparing {topic}?
are we done with {topic}?
is {topic} done?
is {topic} happening {time}?
thanks for sorting out {topic} {mood}
{topic} was fun this time, not
{topic} took me the whole day
ugh, {topic} again
no news about {topic} yet
I have a meeting about {topic} {time}
feedback on {topic} is welcome, I'm collecting until Friday
any opinions on {topic}?
what do people think of {topic}?
how do you all feel about {topic}?
how did {topic} go?
how long did {topic} take you?
when are you done with {topic}?
did you finish {topic}?
did {who} say anything about {topic}?
have you spoken to {who} about {topic}?
has {who} seen {topic}?
{at} how do I find {topic}?
{at} what's the state of {topic}?
{at} can you explain {topic} to me {time}?
{at} when do we do {topic}?
{at} where did you put the draft of {topic}?
{at} did you already look at {topic}?
{at} {topic} please {mood}
{at} thanks for {topic}
hey {at}, quick one about {topic}, got a sec?
{at} and {at}, lunch {time}?
Priya, can you look at {topic} {time}?
Jonas: are you on {topic} or am I?
I think {topic} says {n} days, but don't quote me
as far as I know it's {n} euros
it's on the wiki under {topic}
you'd have to ask {who} about {topic}
{who} knows more about {topic}
yes, {n} days
no, only from {n} on
we did that last year too, look for ticket {n}
it was {n} last quarter
about {n} of them
that's what {topic} is for
that's not how {topic} works {mood}
fair point
same here {mood}
hear hear
+{n}
whoop whoop {mood}
ha, classic {who}
nice one {who}!
well done {who} {mood}
happy birthday {who}! {mood}
get well soon {who}
where is {who} today?
is {who} on holiday?
when is {who} back?
what is {who} up to these days?
has anyone got {who}'s number?
{who} is stuck on the train, start without her
{who} will join {time}
deploying {product} backend {time}
deploy of build {n} is through
rolled back build {n}, sorry for the noise
on-call handover: quiet night, {n} alerts, all noise
pager went off at {n} am {mood}
who's got the pager {time}?
who can take my on-call shift {time}?
taking over on-call from {who}
certs renewed {mood}
db failover drill {time}, expect a blip
incident {n} is resolved
writing the postmortem with {who}
merge freeze starts {time}
PR {n} needs a second reviewer
could I get eyes on PR {n}?
who can review PR {n} {time}?
why does CI take {n} minutes
standup: yesterday {product}, today {topic}, no blockers
standup in {n}
retro {time}, add your notes
sprint goal: ship {product}
can we start {n} minutes later?
could we meet {time} instead?
does {time} suit everybody?
are you coming {time}?
will there be cake {time}?
who ordered {n} pizzas?
there are {n} sandwiches left in {place}
coffee machine in {place} is broken again
who cleans the fridge {time}?
whose bike is blocking {place}?
anyone up for a swim {time}?
anyone selling a used bike?
does anybody want {n} concert tickets?
what's everybody reading these days?
which podcast was it that you mentioned, {who}?
what was the name of that restaurant in {place}?
what's that smell in {place}?
what's with all the boxes in {place}?
did you feel the earthquake {mood}
did anyone see the sunset from {place}?
seen the regatta pictures? {mood}
can't wait for the summer party
is it really only Tuesday?
why do I always get the broken chair
who put a duck on my desk
how many emails is too many {mood}
what would you do with {n} more hours a day?
imagine having {n} meetings {time}
remember when we had {n} people?
I had {n} calls {time}
back at my desk
lunch
going dark for two hours to write up {topic}
working from {place} {time}
off {time}, call me if {product} burns
kids are sick, staying home {time}
dentist {time}
https://tidewell.example/blog/{n}
https://git.tidewell.example/merge/{n} is up
`make deploy` hangs at step {n}
```ERROR tide.ingest: {n} samples dropped```
SELECT count(*) FROM readings; -- {n}
log says "connection reset", then nothing
tried {n} times, same thing
works again, no idea why
found it, it was DNS
of course it was DNS {mood}
""".strip().splitlines()

NOT_IN_ANY_DOCUMENT = """
how do I apply for jury duty leave in Canada?
what is the company's position on cryptocurrency payments?
where can I find the form for adopting an office plant?
is there a relocation package for moving to Australia?
do we have a policy on bringing horses to the workshop?
what is the dress code for the Tokyo trade fair?
how do I get reimbursed for a pilot licence?
which dentist does our dental plan prefer in Lisbon?
who approves submarine rentals?
does the pension plan match contributions in Switzerland?
what's the process for naming a meeting room after a colleague?
how many tennis courts belong to the head office?
are we allowed to keep bees on the roof?
what is the warranty on the espresso machine?
how do I order a company tuxedo?
is there a shuttle to the ski resort?
""".strip().splitlines()


def week(monday: datetime, people: Sequence[str], rng: Random, messages: int = MESSAGES) -> list[Said]:
    """Return the week's messages in order, with all its questions among them; `monday` is a midnight."""
    questions = _questions(rng)
    talk = [*unheard.TALK, *(_filled(pattern, rng) for pattern in PATTERNS for _ in range(15))]
    texts = [(text, False, False) for text in rng.sample(talk, messages - QUESTIONS)] + questions
    rng.shuffle(texts)
    moments = sorted(_moment(monday, rng) for _ in texts)
    return [Said(at, rng.choice(people), *text) for at, text in zip(moments, texts, strict=True)]


def _questions(rng: Random) -> list[tuple[str, bool, bool]]:
    entries = yaml.safe_load((COMPANY / "company.yaml").read_text(encoding="utf-8"))["questions"]
    worded = [(text, one) for one in entries for text in (one["question"], *one["paraphrases"])]
    known = [text for text, one in worded if one["document"] and one["audience"] == "public"]
    others = [text for text, one in worded if not one["document"] or one["audience"] != "public"]
    others += NOT_IN_ANY_DOCUMENT
    chosen = [(text, True, True) for text in rng.sample(known, ANSWERABLE)]
    return chosen + [(text, True, False) for text in rng.sample(others, QUESTIONS - ANSWERABLE)]


def _filled(pattern: str, rng: Random) -> str:
    return re.sub(r"\{(\w+)\}", lambda slot: rng.choice(SLOTS[slot.group(1)]), pattern).strip()


def _moment(monday: datetime, rng: Random) -> datetime:
    day = monday + timedelta(days=rng.randrange(DAYS))
    return day + timedelta(hours=_FIRST_HOUR, seconds=rng.randrange(_HOURS * 3_600))
