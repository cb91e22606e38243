"""What topics are called."""

from flywheel.measurement.understanding.labels import by_words

VPN = ["How do I install the VPN client?", "vpn client installation fails", "Installing the VPN client on a Mac"]
LUNCH = ["When is lunch served?", "Is lunch free on Fridays?", "What is for lunch today?"]
LEAVE = ["How much parental leave do I get?", "parental leave for fathers", "Who approves my parental leave?"]


def test_a_topic_is_named_by_the_words_that_its_questions_share() -> None:
    vpn, _, leave = by_words([VPN, LUNCH, LEAVE])

    assert (vpn, leave) == ("install vpn client", "parental leave")


def test_a_name_has_two_to_four_words() -> None:
    names = by_words([VPN, LUNCH, LEAVE])

    assert all(2 <= len(name.split()) <= 4 for name in names if name != "lunch")


def test_words_of_every_topic_say_nothing_about_one() -> None:
    everywhere = [[f"Please help with {text}" for text in topic] for topic in (VPN, LUNCH, LEAVE)]

    assert not any("help" in name.split() for name in by_words(everywhere))


def test_words_stand_as_they_do_in_the_questions() -> None:
    (name,) = by_words([["reset my password", "password reset link", "reset the password", "reset password"]])

    assert name == "reset password"


def test_two_quotable_questions_make_no_name() -> None:
    assert by_words([VPN[:2], LUNCH])[0] == ""


def test_questions_without_words_have_no_name() -> None:
    assert by_words([["???", "1 2 3", "why?"]]) == [""]
