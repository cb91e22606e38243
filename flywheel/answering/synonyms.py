"""Words of office English that people use for one another: who asks about vacation means what the handbook calls leave.

Written by hand from general usage, for English only; it knows nothing of any one company. A synonym counts as the word
itself where it is asked whether a text speaks of what a question asks. It never supports a statement: what a model
writes is checked against the passages' own words.
"""

from collections.abc import Mapping
from functools import cache

from flywheel.answering.words import content_words, covered

_GROUPS = """
    vacation, holiday, leave, pto
    salary, pay, wage, compensation, income, remuneration
    laptop, computer, notebook, machine, workstation
    phone, telephone, mobile, cellphone, call
    e-mail, email, mail, message
    manager, boss, supervisor
    employee, staff, worker, personnel
    colleague, coworker, teammate
    sick, ill, illness, sickness, unwell
    doctor, physician, medical
    baby, child, newborn, kid
    parent, mother, father, parental, maternity, paternity
    buy, purchase, order, procure, acquire
    price, cost, fee, charge
    undo, revert, rollback, roll back
    release, deploy, ship, rollout, publish
    outage, incident, downtime, disruption
    customer, client, buyer
    begin, start, commence, open
    end, finish, expire, lapse, stop
    maximum, limit, cap, ceiling, most
    minimum, least, lowest
    food, meal, lunch, dinner, catering
    trip, travel, journey
    flight, fly, plane, airline
    error, failure, fault, bug
    delete, remove, erase, purge
    password, passphrase, credential, passcode
    contract, agreement
    discount, rebate, reduction
    target, goal, objective, budget
    deadline, due, latest
    guest, visitor
    training, course, class, workshop
    probation, trial
    hire, recruit, hiring
    resign, quit, notice
    return, send back
    restart, reboot, reset
    setting, configuration, config, option
    replace, swap, exchange, renew
    repair, fix, mend
    store, save, keep, retain, retention
    copy, backup
    restore, recover, recovery
    allowed, permitted, may, permission
    forbidden, prohibited, banned
    approve, sign, authorise, authorize
    reimburse, refund, repay, repayment
    expense, spending, cost
    receipt, bill, invoice
    money, cash, fund
    meeting, talk, session
    room, office, space
    address, location
    abroad, overseas, foreign, another country
    remote, home, telework
    duty, on-call, standby
    responsible, owner, owns, charge
    emergency, fire, alarm
    burn, fire, blaze
    gather, assemble, assembly, meet
    injury, accident, hurt
    new, latest, recent, changed
    feature, function, functionality
    speed, rate, fast
    frequency, interval, often
    duration, length, long
    size, capacity, large
    party, celebration
    wifi, wi-fi, wireless, network
    bike, bicycle, cycling
    car, vehicle, driving
    gym, fitness, sport
    move, relocate, relocation, moving
    document, page, file
    rule, policy, guideline
    revenue, sales, turnover
    forecast, prediction, outlook
    year, annual, yearly
    month, monthly
    week, weekly
    day, daily
"""


def spoken_of(wanted: list[str], text_stems: list[str]) -> list[str]:
    """Return those of the wanted stems that the text's stems contain, themselves or as a synonym."""
    kin, have = _kin(), set(text_stems)
    direct = set(covered(wanted, text_stems))
    return [word for word in wanted if word in direct or not have.isdisjoint(kin.get(word, frozenset()))]


@cache
def _kin() -> Mapping[str, frozenset[str]]:
    """Return the synonyms of each stem, as stems."""
    found: dict[str, frozenset[str]] = {}
    for line in _GROUPS.strip().splitlines():
        group = frozenset(stem for word in line.split(",") for stem in content_words(word))
        for stem in group:
            found[stem] = found.get(stem, frozenset()) | group
    return found
