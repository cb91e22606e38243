"""Messages that the classifier of `flywheel/routing/chatter.py` never trained on: talk and questions, by hand."""

TALK = """
hey hey, back from vacation!
Morning! Slept terribly, the neighbours are renovating
who's bringing the snacks for movie night?
anybody fancy a walk around the block?
Did the barista change? The flat white tastes different
is the microwave free?
has somebody seen my blue notebook? I think I left it next to the coffee machine
Does anyone have a phone charger with usb-c?
pretty sure I left my airpods in the big meeting room, did anyone pick them up?
Could one of you look over my pull request? It's only 20 lines
who has time to pair on the flaky test with me?
Can I get another pair of eyes on this? https://git.example.com/mr/88
@U11AA22 when can you get to the code review?
@U11AA22 what's the best way to reach you tomorrow?
@U11AA22 how do I log in to your test instance?
@U9ZZ8Y where do we keep the old backups again?
<!here> standup in two
why is everyone so quiet today?
are you folks still in the call?
is Marta out today?
anyone know where Felix is?
does anybody know if Hannah is back from lunch?
When did you get in this morning?
what time should we meet at the bar?
who's up for climbing on Thursday?
where did everyone go?
Can we do the sync half an hour later?
would 3pm work for you?
is the daily today at the usual time?
did we decide anything yesterday?
What was the outcome of the call with Acme?
How did your presentation go?
how's the knee doing?
How was Lisbon? Jealous!
what's the worst movie you've ever seen?
who else is excited about the offsite?
cats or dogs?
does pineapple belong on pizza?
why do mondays exist
do you ever just stare at the terminal and wonder
is water wet?
how is it already november
what is this sorcery
what even is time
who wrote this code? oh wait, it was me
Isn't it beautiful when all tests pass?
Could this day get any longer?
what a save in the last minute!!
Congrats on the launch everybody :rocket:
so sorry to hear that, take care
happy work anniversary!! :cake:
Please welcome Noor, she joins us as a designer
thanks a ton for jumping in yesterday
np!
yup
not me
that was quick
Deploying v2.14 to production, expect a short blip
prod deploy finished, all green
heads up: rebasing main in 10 min
Is main broken or is it my machine?
anyone else getting 502s on staging?
Is the deploy stuck?
Who just pushed to release/2.14?
can you revert your last commit? it breaks the login
what does your config look like?
Which node version do you have installed?
did you restart the service after that?
have you checked the logs?
what happens if you run it with --verbose?
So you want me to close the ticket?
Should I go ahead and order?
Do you want the red one or the blue one?
do we wait for Kim or start?
shall I book the table for six?
Do you guys need anything from the store?
how many of you are coming tonight?
who is going to tell him? :grimacing:
can you believe they cancelled it?
you know that feeling when the build passes on the first try?
remember the old office?
Do you remember that guy from the conference?
have you heard the new album?
has anyone tried the new place across the street?
Anyone want the last donut?
anyone driving to the airport on friday?
would anyone swap on-call shifts with me next weekend?
can somebody cover my support slot at 4?
could someone turn down the heating?
please mute yourselves
let me check and I'll ping you
I asked finance, they'll look into it
I think the limit is 50 but check with HR
it's in the handbook under travel
You need to fill in the form first, then your manager approves
we use the Berlin profile for that
no, only full-timers get it
it was never documented as far as I know
as far as I can tell the job runs at 2am
Yesterday I wrapped up the invoices export. Today: reviews. Nothing blocking.
Taking my kid to the doctor, online again around 2
out of office from the 3rd to the 10th
I'll be the one with the yellow jacket
Customer X wants a call about pricing on Tuesday
support queue is at 14, could use a hand
new blog post is out: https://blog.example.com/hello
TIL you can fold functions with ctrl+shift+[
`git reset --hard` saved my life
kubectl rollout status deployment/api
const total = items.reduce((a, b) => a + b, 0);
:100:
¯\\_(ツ)_/¯
we should really fix this some day
hmm, that's odd
what do you think, ship it or wait?
any objections?
Any feedback on the mockups?
how does everybody feel about moving planning to Tuesdays?
poll: burgers or curry?
do you mind if I take the window seat?
are those your shoes in the hallway lol
what's so funny?
""".strip().splitlines()

QUESTIONS = """
How much notice do I have to give if I quit?
is there a cap on what we can spend per night for hotels
Anyone know which form is needed for paternity leave?
where do I upload receipts from a business trip?
Hi! I just started, how do I get my badge activated?
what's our guest wifi password policy
Who signs off on marketing spend above 10k?
does the travel insurance also cover private days after a trip?
Do we have a standard NDA I can send to a vendor?
can I work from Spain for two weeks?
how do we handle gdpr deletion requests?
what's the escalation path for a sev1 at night?
When does enrolment for the health plan close?
Are receipts under 10 euros required?
Quick one: which license do we use for our open source repos?
how long are customer recordings stored?
Is there documentation for the webhook signature?
need to replace my cracked phone, what's the procedure
How do I request a new hire laptop for someone starting in May?
What are the core hours?
which regions does the product support?
does someone know how to renew the TLS certs on the gateway?
what is the maximum number of seats on the team plan?
Where's the floor plan of the second office?
hello, I can't find how to submit a sick note. Anyone?
are volunteers covered by our liability insurance?
Is the gym membership subsidised for part-time staff too?
How are travel days counted, as working time?
what do I do if a customer asks for a refund after 30 days?
can somebody point me to the onboarding checklist?
how often are backups tested?
what is the difference between tier 2 and tier 3 support?
Who do I talk to about a visa?
what ports need to be open for the sensor gateway?
Is it ok to store customer data in a spreadsheet?
Do we reimburse language courses?
what's the process when someone loses their laptop?
how can I see how many holidays I have left this year
Where are the templates for quarterly reports?
which teams need to approve a schema change?
when is the office closed over christmas?
How do I add a teammate to the password vault?
Hey team, what's the right way to tag a release?
do contractors get access to the wiki?
What does the on-call bonus amount to?
Is there a style guide for error messages?
I'd like to donate my old work laptop, is that possible?
how do I calibrate the river sensor in the field?
what happens when the SLA is missed?
what temperature range is the device rated for?
""".strip().splitlines()
