"""What stands under an answer: its sources, whose words it has, and how sure it is."""

from dataclasses import replace

from bot.blocks.abstain import abstain_message
from bot.blocks.answer import Amendment, Standing, answer_message, courtesy_message
from bot.blocks.message import Message
from bot.blocks.picture import Shown, without_pictures
from flywheel.model import Answer, Citation, Retriever, Routing

CITED = (Citation(1, "p1", "vpn.md", "VPN"), Citation(2, "p2", "vpn.md", "VPN"))
ANSWER = Answer("a1", "q1", "Do this. [1]", abstained=False, confidence=0.9, writer="extractive", citations=CITED)


def small_print(message: Message) -> list[str]:
    return [block["elements"][0]["text"] for block in message.blocks if block["type"] == "context"]


def labels(message: Message) -> list[str]:
    rows = [block["elements"] for block in message.blocks if block["type"] == "actions"]
    return [part["text"]["text"] for row in rows for part in row if part["type"] == "button"]


def places(message: Message) -> list[str]:
    """Return the choices of the menu in the last row."""
    return [option["text"]["text"] for option in message.blocks[-1]["elements"][0]["options"]]


def looked(answer: Answer) -> str:
    return small_print(answer_message(answer, Standing()))[-1]


def test_sources_of_one_title_say_where_they_stand() -> None:
    shown = answer_message(ANSWER, Standing(places={1: "Set it up", 2: "Help"}))

    assert labels(shown)[:2] == ["[1] VPN › Set it up", "[2] VPN › Help"]


def test_a_corrected_answer_does_not_claim_the_sources_of_the_old_one() -> None:
    shown = answer_message(ANSWER, Standing(amendment=Amendment("Do that.", "U1", "U2")))

    assert labels(shown) == ["Yes", "No", "Why this answer?"]


def test_a_corrected_answer_is_not_as_sure_as_the_old_one_was() -> None:
    shown = answer_message(ANSWER, Standing(amendment=Amendment("Do that.", "U1", "U2")))

    assert small_print(shown)[-1] == "Verified by your colleagues"


def test_a_correction_names_the_source_its_author_gave() -> None:
    shown = answer_message(ANSWER, Standing(amendment=Amendment("Do that.", "U1", "U2", "The wiki")))

    assert "source: The wiki" in str(shown.blocks)


def test_a_verified_answer_says_whose_words_it_has() -> None:
    verified = replace(ANSWER, citations=(), verified_answer_id="v1")

    assert small_print(answer_message(verified, Standing(credit="Verified: written by Ana"))) == [
        "Verified: written by Ana"
    ]


def test_a_reply_to_a_greeting_has_nothing_to_vote_on() -> None:
    assert labels(courtesy_message(replace(ANSWER, text="Hello!", citations=()))) == []


def test_an_answer_that_found_nothing_does_not_say_how_sure_it_is() -> None:
    nothing = replace(ANSWER, text="Nothing.", abstained=True, citations=(), route={"documents": 1.0})

    assert small_print(abstain_message(nothing, Standing())) == ["Looked in: documents 100 %"]


def test_the_footer_names_at_most_three_retrievers_that_were_searched() -> None:
    route = {"code": 0.5, "documents": 0.2, "tables": 0.15, "images": 0.15, "answers": 0.9}
    routing = Routing(("code", "documents", "tables", "images"), sure=True)

    assert looked(replace(ANSWER, route=route, routing=routing)) == "Looked in: code 50 %, documents 20 %, tables 15 %"


def test_the_footer_leaves_out_what_is_hardly_likely() -> None:
    routing = Routing(("code", "documents", "tables"), sure=True)
    route = {"code": 0.81, "documents": 0.15, "tables": 0.04}

    assert looked(replace(ANSWER, route=route, routing=routing)) == "Looked in: code 81 %, documents 15 %"


def test_the_footer_says_that_the_router_was_not_sure() -> None:
    routing = Routing(("documents", "code"))

    shown = looked(replace(ANSWER, route={"documents": 0.48, "code": 0.31}, routing=routing))

    assert shown == "Looked everywhere: documents 48 %, code 31 %"


def test_the_footer_says_that_a_person_chose() -> None:
    routing = Routing(("tables",), sure=True, asked_for="tables")

    assert looked(replace(ANSWER, route={"documents": 0.9}, routing=routing)) == "Looked in tables, as you asked"


def test_the_menu_leaves_out_the_retriever_just_used() -> None:
    shown = answer_message(replace(ANSWER, routing=Routing(("tables",), asked_for="tables")), Standing())

    assert places(shown) == ["Documents", "Code", "Images", "People", "Answers"]


def test_the_menu_has_them_all_after_looking_everywhere() -> None:
    shown = answer_message(replace(ANSWER, routing=Routing(("documents", "code"))), Standing())

    assert len(places(shown)) == len(Retriever)


def test_an_answer_that_found_nothing_offers_the_one_before_it() -> None:
    nothing = replace(ANSWER, text="Nothing.", abstained=True, citations=())

    assert "Show the previous answer" in labels(abstain_message(nothing, Standing(previous="a0")))


def test_a_picture_is_shown_with_its_description() -> None:
    shown = answer_message(ANSWER, Standing(pictures=(Shown("F1", "A floor plan"),)))

    pictures = [block for block in shown.blocks if block["type"] == "image"]
    assert pictures == [{"type": "image", "slack_file": {"id": "F1"}, "alt_text": "A floor plan"}]


def test_a_picture_that_could_not_be_uploaded_is_missed_in_words() -> None:
    shown = answer_message(ANSWER, Standing(pictures=(Shown("", "A floor plan"),)))

    assert "could not be shown" in str(shown.blocks)


def test_a_message_without_its_pictures_says_so_once() -> None:
    shown = without_pictures(answer_message(ANSWER, Standing(pictures=(Shown("F1", "One"), Shown("F2", "Two")))))

    assert "slack_file" not in str(shown.blocks)
    assert str(shown.blocks).count("could not be shown") == 1


def test_an_answer_that_a_used_up_budget_kept_from_the_model_says_so() -> None:
    quoted = answer_message(replace(ANSWER, versions={"budget": "used up"}), Standing())

    assert "budget for the language model is used up" in str(small_print(quoted))


def test_an_answer_that_no_model_would_have_written_says_nothing_of_it() -> None:
    named = answer_message(replace(ANSWER, versions={"budget": "used up"}, writer="people"), Standing())

    assert "budget" not in str(small_print(named))
