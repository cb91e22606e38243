"""What people ask at work, written for training the classifier of `flywheel/routing/chatter.py`.

A question is an opening and a matter: `(how, what)` is put together as far as grammar allows, by kind of matter.
"""

from collections.abc import Mapping, Sequence
from random import Random

ACTS = """
request a parental leave
get reimbursed for a taxi
book a meeting room
set up the vpn on a mac
reset my password
get access to the data warehouse
order a second monitor
report a phishing mail
install the printer driver
submit an expense report
carry over vacation days
rotate the api keys
roll back a deployment
run the integration tests locally
add a new supplier
onboard a contractor
change my bank details
register a visitor
claim travel insurance
apply for a training budget
export the sales figures
return a faulty device
renew a certificate
get a company credit card
recover a deleted file
enable two-factor authentication
sign a contract with a freelancer
create a new feature flag
request a software licence
escalate a customer incident
restore a database backup
open a purchase order
extend my working visa
log overtime
move to another team
update my emergency contact
get a parking permit
connect to the guest wifi
cancel a business trip
archive an old project
""".strip().splitlines()

NOUNS = """
policy on working from abroad
limit for client dinners
notice period
daily allowance for travel
refund policy
retention period for logs
process for hiring a working student
password policy
dress code
deadline for expense reports
severity level for a partial outage
procedure in case of a fire alarm
probation period
home office allowance
service level for gold customers
rate limit of the public api
discount for non-profits
deployment schedule
code review guideline
budget for team events
procedure for reporting an accident
difference between the pro and the basic plan
support phone number
opening hours of the canteen
data classification scheme
on-call compensation
backup schedule of the customer database
latest release date
maximum upload size
minimum password length
approval chain for purchases over 5000
naming convention for branches
travel class for long flights
warranty on the gateway
address of the new office
battery life of the sensor
price of the enterprise licence
guideline for using ai tools
""".strip().splitlines()

HAVINGS = """
a template for offer letters
a style guide for presentations
a pension plan
a framework for performance reviews
a discount at the gym
a runbook for failovers
a list of approved vendors
a non-disclosure agreement template
a glossary of product terms
a sabbatical program
a mentoring program
a dashboard for error rates
a document about the release process
a staging environment for the billing service
an overview of our benefits
an org chart
a shuttle to the airport
a test account for the payment provider
a security contact
a room for nursing mothers
""".strip().splitlines()

TELLS = """
how many vacation days do we get
how many sick days can I take without a doctor's note
when is payday
when do the bonuses get paid
when does the fiscal year end
where do I find my payslip
where is the first aid kit
where are the brand assets stored
where can I see the roadmap
where do I send a cancelled invoice
who approves travel requests
who is responsible for the invoicing service
who do I contact about a broken laptop
who owns the customer onboarding flow
which browser versions do we support
which vpn profile is for contractors
which form do I need for a relocation
what happens to unused leave at the end of the year
what do I need to bring on my first day
what does error E42 on the gateway mean
what counts as a severity one incident
what is covered by the dental plan
what ports does the gateway need open
what should I do when I lose my badge
why is the invoice rounded to five cents
why do we freeze deployments in december
are interns eligible for the bonus
are pets allowed in the office
are we allowed to use personal phones for work mail
are consultants covered by the insurance
is there parking at the harbour office
is it possible to work four days a week
is overtime paid or compensated with time off
is the cafeteria open on public holidays
do we get paid for jury duty
do new hires need a background check
does the company match pension contributions
does the warranty cover water damage
does the api support pagination
can I expense a monitor for my home office
can I take my laptop on holiday
can contractors get a badge
can we invoice customers in dollars
must receipts be originals
how long is the trial period for customers
how long do we keep application logs
how much can I spend on a hotel in london
how often do we have to change our passwords
how far in advance must leave be requested
how does the on-call rota work
how do we calculate the overage fee
how is the churn rate defined
how big may an attachment be
at what temperature should the sensor be calibrated
from which grade on can you fly business
in which cases is a second approval needed
""".strip().splitlines()

ACT_OPENINGS = (
    "how do I {}?", "how can I {}?", "how do we {}", "how to {}?", "what do I have to do to {}?", "where can I {}?",
    "does anyone know how to {}?", "anyone know how to {}?", "does anybody know how I can {}", "where do I go to {}?",
    "can someone tell me how to {}?", "can anyone explain how to {}?", "hi all, how do I {}?",
    "what's the best way to {}?", "hey everyone, quick question: how do I {}?", "I need to {}. how does that work?",
    "I want to {}, what's the process?", "who can I ask if I want to {}?", "what's the process to {}?",
    "what are the steps to {}?", "am I allowed to {}?", "is it possible to {} without asking my manager?",
    "is there a guide on how to {}?", "who do I ask to {}?",
    "trying to {}, does anyone know where that's documented?", "do I need approval to {}?",
    "how long does it take to {}?", "can I {} myself or do I need IT?", "steps to {}?",
    "not sure how to {}, is there a form?",
)  # fmt: skip
NOUN_OPENINGS = (
    "what is the {}?", "what's the {}?", "what is our {}", "where can I find the {}?", "does anyone know the {}?",
    "anyone know what the {} is?", "can someone point me to the {}?", "hello, what's the current {}?",
    "looking for the {}", "quick question, what's our {}?", "is the {} written down somewhere?",
    "I can't find the {}, where is it?", "where is the {} documented?", "has the {} changed?",
    "remind me, what's the {}?", "do you know what the {} is?", "could someone tell me what our {} is please?",
    "who decides on the {}?", "what does the handbook say about the {}?", "hey team, what's the {} these days?",
)  # fmt: skip
HAVING_OPENINGS = (
    "do we have {}?", "is there {}?", "does anyone know if we have {}?", "do we offer {}", "where can I find {}?",
    "does the company have {}?", "anyone know whether there is {}?", "I'm looking for {}, do we have one?",
    "is there {} somewhere?", "hi, do we have {} and where is it?",
)  # fmt: skip
TELL_OPENINGS = (
    "{}?", "{}", "hi all, {}?", "quick question: {}?", "does anyone know {}?", "hey, {}?", "question: {}?",
    "{}, anyone?", "sorry if this was asked before, {}?", "hello everyone! {}? thanks in advance", "new here: {}?",
)  # fmt: skip

ELLIPTIC = """
and for contractors?
and in the berlin office?
and for part-timers?
what about interns?
what about the london office?
what about weekends?
how about for freelancers?
and if I'm sick?
and on windows?
same for macs?
does that apply to contractors too?
does that also cover family members?
is that per month or per year?
is that before or after tax?
is that also true for the US?
who approves that?
where do I submit it?
where is that form?
how long does that take?
and who signs it?
what if my manager is away?
what if I lost the receipt?
can I do that from home?
how do I get access to that?
which one is for linux?
and after probation?
until when?
how much is that in euros?
is there a deadline for that?
what is the phone number?
""".strip().splitlines()

CONTINUED = (
    "and {}?", "and for {}?", "what about {}?", "how about {}?", "what about {} then?", "ok and {}?", "same for {}?",
    "does that apply to {} too?", "is it the same for {}?", "what if it's for {}?", "also for {}?", "and with {}?",
    "thanks, and for {}?", "but what about {}?", "is that also true for {}?",
)  # fmt: skip
SUBJECTS = (
    "contractors", "interns", "part-timers", "the berlin office", "Norway", "weekends", "linux", "windows", "the us",
    "freelancers", "managers", "new hires", "public holidays", "hotels", "trains", "the second floor",
    "mobile phones", "gold customers", "staging", "my spouse", "sick children", "remote colleagues", "dinner",
    "Halifax",
)  # fmt: skip


def elliptic(rng: Random) -> list[tuple[str, str]]:
    """Return follow-ups that only their thread completes, as (text, subject)."""
    made_of = [(pattern.format(subject), subject) for subject in SUBJECTS for pattern in rng.sample(CONTINUED, 5)]
    return [*((text, text) for text in ELLIPTIC), *made_of]


_KINDS: Mapping[str, tuple[Sequence[str], Sequence[str]]] = {
    "act": (ACT_OPENINGS, ACTS),
    "noun": (NOUN_OPENINGS, NOUNS),
    "having": (HAVING_OPENINGS, HAVINGS),
    "tell": (TELL_OPENINGS, TELLS),
}


def made(rng: Random, per_matter: int = 8) -> list[tuple[str, str]]:
    """Return questions as (text, matter): each matter with some of the openings that suit it."""
    found: list[tuple[str, str]] = []
    for openings, matters in _KINDS.values():
        for matter in matters:
            chosen = rng.sample(list(openings), min(per_matter, len(openings)))
            found += [(opening.format(matter), matter) for opening in chosen]
    return found
