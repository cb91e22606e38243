"""What people say at work, written for training the classifier of `flywheel/routing/chatter.py`: patterns of talk.

A line is a pattern; `{name}` is filled from `FILLERS`. Everything here is talk among people: nobody could answer it
from documents, or it is put to somebody. The questions are in `workplace_questions.py`.
"""

import re
from collections.abc import Mapping, Sequence
from random import Random

from tests.benchmarks.workplace_questions import ACTS, NOUNS

FILLERS: Mapping[str, tuple[str, ...]] = {
    "name": ("@U02AB3C", "@U7F3KQ", "@U0LMN1", "@W55TY2"),
    "someone": ("sara", "tom", "priya", "lukas", "mei", "the new intern", "jo", "ahmed"),
    "food": ("pizza", "sushi", "ramen", "a burrito", "falafel", "that thai place", "soup", "tacos", "a salad"),
    "thing": ("charger", "hdmi adapter", "umbrella", "badge", "water bottle", "laptop stand", "keys", "headphones"),
    "day": ("today", "tomorrow", "monday", "friday", "this afternoon", "next week", "tonight", "in an hour"),
    "meeting": (
        "standup",
        "the retro",
        "planning",
        "the demo",
        "our 1:1",
        "the all hands",
        "the sync",
        "the interview",
    ),
    "work": (
        "the PR",
        "the migration",
        "the staging build",
        "the deck",
        "the ticket",
        "the doc",
        "the release",
        "my branch",
        "payroll",
        "the audit",
        "onboarding",
        "the budget",
        "the newsletter",
        "the contract",
        "the survey",
        "the office move",
        *(f"the {noun}" for noun in NOUNS[:20]),
    ),
    "show": ("the game", "the match", "the finale", "the race", "that keynote", "the new season", "the concert"),
    "place": ("the kitchen", "the lobby", "my desk", "room 4", "the rooftop", "the parking lot", "zoom", "the hallway"),
    "emoji": (":joy:", ":tada:", ":+1:", ":eyes:", ":coffee:", ":wave:", ":skull:", ":heart:", "😂", "🎉", "🙏"),
    "system": ("prod", "staging", "the build", "the wifi", "jira", "github", "the vpn", "slack", "the printer", "CI"),
    "act": tuple(ACTS),
    "noun": tuple(NOUNS),
    "number": ("2", "3", "5", "12", "15", "30", "4821", "99"),
}

TALK = """
morning all
good morning everyone {emoji}
hey folks, how's it going?
happy friday {emoji}
how was your weekend?
how was everyone's weekend?
how are you all doing today?
how are you feeling, better?
anyone up for lunch?
who's in for {food}?
who wants {food} {day}?
lunch at 12:30?
where are we going for lunch?
should we do {food} or {food}?
what did you have for lunch?
anyone want coffee? I'm going down
coffee in {number}?
there's cake in {place} {emoji}
leftover {food} in {place}, help yourselves
who ate my {food}??
who took my mug?
has anyone seen my {thing}?
anyone seen my {thing}? left it in {place}
did anyone leave a {thing} in {place}?
found a {thing} in {place}, whose is it?
whose {thing} is this?
can I borrow a {thing} from someone?
does anybody have a spare {thing} I can borrow?
did you see {show} last night?
did anyone watch {show}?
omg did you see what happened in {show}
who do you think wins {show}?
what are you watching these days?
what's everyone listening to?
what are your plans for the weekend?
any plans for the holidays?
is it raining where you are?
why is it so cold in here today
why is it always so loud in {place}
is it just me or is {system} slow?
is {system} down for anyone else?
anyone else having trouble with {system} right now?
is anyone else locked out of {system}?
{system} is down again
{system} is back up
looks like {system} is flaky again, restarting it
who broke {system}? {emoji}
who is touching {system} right now?
why is {system} red again?
why did {system} fail on main?
who's looking at the alert?
can someone restart {system}?
can someone review {work}?
could somebody take a look at {work} please
can I get a review on {work}? {emoji}
anyone free to review {work}?
any takers for {work}?
who can pick up {work}?
who's working on {work}?
is anybody looking at {work}?
is {work} ready?
is {work} done yet?
did {work} go out?
did you merge {work}?
have you had a chance to look at {work}?
when will {work} be ready?
when are you done with {work}?
when do you think you can finish {work}?
what's the status of {work}?
how's {work} coming along?
how did {meeting} go?
any update on {work}?
is {work} done?
is {work} finished yet?
is {work} live now?
are we finished with {work}?
are we on track with {work}?
where are we with {work}?
how is {work} looking?
how did {work} go?
how did it go with {work}?
when do you finish {work}?
when is {someone} done with {work}?
who's doing {work} this time?
who is going to prepare {work}?
who is writing {work}?
who takes care of {work} {day}?
how long did you spend on {work}?
how long did that take you?
has {someone} finished {work}?
did {someone} approve {work}?
did somebody already start {work}?
what happened to {work}?
what's left to do for {work}?
that is what {work} is about
so that's how {work} works
{work} is finally done {emoji}
{work} took ages
{work} needs one more day
no progress on {work}
any news from the client?
any blockers?
anything blocking you?
any questions so far?
any thoughts?
thoughts?
thoughts on {work}?
what do you think?
what do you all think about {work}?
what does everyone think of the new logo?
which one do you like better, A or B?
which version do you prefer?
sounds good?
does that make sense?
does that work for you?
does {day} work for everyone?
does {day} at {number} work?
can we move {meeting} to {day}?
can we push {meeting} by {number} minutes?
are you joining {meeting}?
are we still on for {meeting}?
is {meeting} still happening?
is {meeting} cancelled?
who's coming to {meeting}?
where is everybody?
where are you?
are you here?
are you around?
anyone around?
you there?
anybody home? {emoji}
you ok?
is everything ok?
can you hear me?
can you see my screen?
can you come here for a sec?
can you come to {place}?
can you join the call?
can you send me {work}?
can you share the link?
can you resend that?
can you check {work} when you get a minute?
could you ping {someone}?
could you add me to the invite?
could you take {meeting} for me?
would you mind covering for me {day}?
will you be in the office {day}?
are you in the office {day}?
who's in the office {day}?
is {someone} in today?
is {someone} around?
has anyone heard from {someone}?
where's {someone}?
did {someone} leave already?
did {someone} get back to you?
did you talk to {someone}?
did you ask {someone}?
what did {someone} say?
what did you tell them?
what did I miss?
what happened?
what was that?
what do you mean?
why not?
why though?
why would you do that {emoji}
who says that?
who even does that lol
really?
seriously?
right?
what?
huh?
how come?
for real?
since when?
you sure?
isn't that great?
isn't it ironic?
how cool is that?
how hard can it be?
what could possibly go wrong?
who doesn't love mondays
why do I even bother
why does this always happen to me
do we really need another meeting?
wouldn't that be nice
guess who's back?
guess what?
know what I mean?
you know what's funny?
want to hear a joke?
why did the chicken cross the road?
why do programmers prefer dark mode? because light attracts bugs
how many engineers does it take to change a lightbulb?
remember when {someone} deleted the database? {emoji}
{name} can you take this one?
{name} could you look at {work}?
{name} are you joining {meeting}?
{name} did you get my email?
{name} what do you think about {work}?
{name} when is {work} due?
{name} how do you set up the tunnel on your machine?
{name} where did you put the {thing}?
{name} do you know how to fix this?
{name} what is the password policy for contractors again?
{name} how many days of leave do you have left?
hey {name} got a minute?
hi {name}, quick call?
{name} ping
{name} thanks!
{name} yes please
{name} I'll have a look
{name} {name} can one of you approve?
fyi {name}
cc {name}
thanks {name} {emoji}
welcome {name}! {emoji}
happy birthday {name} {emoji}
congrats {name}, well deserved
thanks!
thank you so much
thx
ty {emoji}
no worries
no problem
you're welcome
sure
ok
okay, will do
done
on it
got it
makes sense
sounds good
agreed
+1
same
lol
haha
lmao {emoji}
nice
awesome work team
great job everyone on {work} {emoji}
love it
nope
yes
yep, looks good
not yet
maybe {day}
I think so
I don't think so
I doubt it
no idea
not sure, ask {someone}
it depends
it's fixed now
I fixed it
fixed in {number}
never mind, found it
nvm, it works now
ignore that, wrong channel
sorry, wrong channel
oops
my bad
brb
afk for lunch
back in {number}
running {number} minutes late
I'm late for {meeting}, start without me
joining in a sec
heading out, see you {day}
I'm out sick today
I'm working from home {day}
WFH {day}
OOO {day}, back monday
taking the afternoon off
dentist at {number}, back later
on the train, bad reception
I'll be in {meeting} until {number}
just landed
going for a run
deploying to prod now
deploy done
rolling back
rolled back, looking into it
starting the migration
merging {work}
merged
I pushed a fix for {work}
{work} is ready for review
{work} is up
{work} is blocked on {someone}
opened a ticket for that
tests are green {emoji}
tests are failing on main, don't merge
CI is stuck again
cache was stale, cleared it
restarted the pods
alerts are quiet
yesterday: {work}, today: {work}, no blockers
yesterday finished {work}; today {meeting} and {work}
standup: still on {work}
reminder: {meeting} in {number} minutes
reminder to fill in your timesheets
please update your tickets before {meeting}
please don't park in front of the gate
{meeting} moved to {place}
{meeting} is starting
notes from {meeting} are in the doc
here's the recording of {meeting}
https://example.com/{number}
https://github.com/acme/app/pull/{number}
look at this https://example.com/cats
see https://wiki.example.com/page/{number}
```kubectl get pods -n prod```
`npm run build` fails with exit code {number}
error: connection refused at line {number}
Traceback (most recent call last): File "app.py", line {number}
I tried that, didn't work
that worked, thanks
it works on my machine {emoji}
turn it off and on again
have you tried turning it off and on again?
did you try clearing the cache?
did that help?
did it work?
what error do you get?
what does the log say?
which branch are you on?
which version are you running?
what os are you on?
can you paste the output?
can you reproduce it?
do you see it too?
do you mean staging or prod?
do you need help?
need a hand?
want me to take it?
want to pair on this?
shall I open a ticket?
should I merge?
should I wait for {someone}?
should we just ship it?
should we call it a day?
shall we start?
ready?
ready when you are
can we talk later?
let's talk {day}
let's take this offline
let's move this to a thread
I'll send you an invite
will check and get back to you
I'm not sure I understand
I was wondering the same
good question
good point
interesting
weird
that's strange, it worked yesterday
the customer called again
the client is happy {emoji}
the demo went well
we won the deal! {emoji}
we got the signature
I need coffee
I'm so tired
what a day
what a week
what a game!
so proud of this team
best team ever
welcome to the team!
say hi to our new colleague {someone}
it's {someone}'s last day {day}, drinks at {place}
drinks after work?
who's up for drinks {day}?
anyone for table tennis?
anyone want to play {day}?
does anyone want my ticket for {show}?
selling my bike, dm me
looking for a flatmate, anyone?
my cat just walked over the keyboard
look at my dog {emoji}
does anyone here speak portuguese?
does anyone live near the station? could use a ride
can anyone give me a lift {day}?
can someone let me in? I'm at the door
can someone open the door downstairs?
can somebody bring a {thing} to {place}?
could someone cover {meeting} {day}?
who wants to present first?
who's taking notes?
who's driving?
who's next?
who has the {thing}?
whose turn is it to clean the machine?
what time are we leaving?
what time are you coming in?
when are you back?
when are you free?
how long will you be?
how late are you staying?
how much did that cost you?
how old is your kid now?
how's the new place?
how's the baby?
how do you like the new desk?
where did you get that shirt?
where are you sitting today?
what's up?
what's new?
what's the plan?
what's next?
what's going on with {system}?
what's wrong with {system}?
what's the wifi like over there?
what are we doing about {work}?
what should I wear to the party?
what's your favourite keyboard shortcut?
do you like it?
do you want me to change {work}?
do you have time {day}?
do you have a sec?
got a sec?
is this you {emoji}
is this a good time?
is that ok?
is that a yes?
is it friday yet?
are we there yet?
are you kidding me
are you serious?
will it ever end
""".strip().splitlines()


ABOUT_ACTS = """
to {act} you have to ask IT first
I had to {act} last month, took two days
you can {act} in the portal
just {act} and you're done
I'll {act} tomorrow
I'm about to {act}
I managed to {act}, finally!
please remember to {act} before friday
everyone, please {act} by the end of the month
don't forget to {act}
can someone {act} for me?
could you {act} for me please?
can you {act} today?
did you {act}?
did you manage to {act}?
have you tried to {act}?
who wants to {act} with me?
{name} can you {act}?
{name} how do I {act}?
{name} did you {act} yet?
{name} please {act}
should I {act} or wait?
do you want me to {act}?
why does it take forever to {act}
I asked HR how to {act}, waiting for an answer
I think you need approval to {act}
as far as I remember you can't {act} without a form
nobody ever told me to {act} lol
we should make it easier to {act}
I wrote a page about how to {act}: https://wiki.example.com/{number}
working on a ticket to {act}
anyone else who has to {act} today?
is anyone else unable to {act} right now?
""".strip().splitlines()

ABOUT_NOUNS = """
the {noun} is {number}, I believe
the {noun} changed last year
the {noun} is in the handbook
I think the {noun} is on the intranet but check with {someone}
you'll find the {noun} in the wiki
we updated the {noun}, please have a look
I just read the {noun}, it's long
thanks for sharing the {noun}!
here is the {noun}: https://wiki.example.com/{number}
have you seen the new {noun}?
did you read the {noun}?
what do you think of the {noun}?
who came up with the {noun}? {emoji}
can we talk about the {noun} {day}?
can you send me the {noun}?
could you update the {noun} please?
{name} what's the {noun}?
{name} can you check the {noun}?
as far as I know the {noun} applies to everybody
legal is still working on the {noun}
HR will present the {noun} {day}
I'm rewriting the {noun} this week
the {noun} makes no sense {emoji}
not a fan of the new {noun}
it's because of the {noun}
according to the {noun} it's {number}
we have a meeting about the {noun} {day}
shall we change the {noun}?
isn't the {noun} a bit strict?
why is our {noun} so complicated lol
""".strip().splitlines()


def filled(pattern: str, rng: Random, fillers: Mapping[str, Sequence[str]] = FILLERS) -> str:
    """Return a pattern with each slot filled at random."""
    return re.sub(r"\{(\w+)\}", lambda slot: rng.choice(fillers[slot.group(1)]), pattern)
