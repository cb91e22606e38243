"""What each retriever is for, in words, and general questions that it answers: the router's knowledge on day one.

The questions name nothing of any company, so that they hold everywhere; questions made from the index itself bring
the company's own words (`learning/router_questions.py`). The last entry is what no retriever answers.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from flywheel.model import Retriever
from flywheel.routing.model import OUT


@dataclass(frozen=True, slots=True)
class Description:
    """What a route is for, in one sentence, and questions that belong to it."""

    text: str
    questions: tuple[str, ...]


DESCRIPTIONS: Mapping[str, Description] = {
    Retriever.DOCUMENTS.value: Description(
        "Company documents: handbooks, policies, guides, processes, rules and how things are done here.",
        (
            "What is our policy on working from home?",
            "How do I request time off?",
            "How do we handle a customer complaint?",
            "What do I need to do before I leave for parental leave?",
            "What is the process for getting an expense approved?",
            "Where do I find the guidelines for travel?",
            "What are the rules for sharing files with people outside the company?",
            "How does onboarding work for new colleagues?",
            "When is the deadline for the yearly review?",
            "What happens if I lose my laptop?",
            "Can I work from another country?",
            "How should I prepare for a one-on-one meeting?",
            "What are our values?",
            "Why do we write decisions down?",
            "Request access to a system",
            "Steps of the hiring process",
            "What does the contract say about notice periods?",
            "Communication guidelines for the team",
            "How to file a security incident",
            "Explain how the support rotation works",
        ),
    ),
    Retriever.CODE.value: Description(
        "Source code, scripts, shell commands, functions, classes and configuration files.",
        (
            "Which function parses the date?",
            "How is the retry implemented?",
            "Show me the code that sends the e-mail.",
            "What does this class do and which methods does it have?",
            "Which command lists all files larger than a megabyte?",
            "Find all text files below a directory and delete them",
            "Command to restart the service",
            "Where in the code is the timeout set?",
            "Which parameters does the constructor take?",
            "Print the lines of a file that match a pattern",
            "How do I call the API from a script?",
            "Where is the exception raised?",
            "Write the output of a command to a log file",
            "Copy all files that changed today to another machine",
            "What is the default value of this variable in the settings?",
            "Count the number of lines in every source file",
            "Which script makes the backup?",
            "Show the SQL query that builds the report",
            "Rename all files in the current folder recursively",
            "How is the cache invalidated in the code?",
        ),
    ),
    Retriever.TABLES.value: Description(
        "Tables and spreadsheets: figures per row and column, totals, counts, rankings and comparisons of numbers.",
        (
            "How many units did we sell in March?",
            "What was the total revenue in 2023?",
            "Which region had the highest costs?",
            "What is the price of the large package?",
            "How much did the budget grow between the two years?",
            "Who came first and with how many points?",
            "List the five most expensive items.",
            "What is the average number of days per order?",
            "How many people work in each department?",
            "In which year was the number lowest?",
            "What was the share of each product in total sales?",
            "How many votes did the winner get, and by what margin?",
            "Which entry has the earliest date?",
            "What percentage of the orders were late?",
            "How many rows have the status open?",
            "What were the results in the second quarter?",
            "Compare the figures of the two teams.",
            "When and where did the event take place, according to the list?",
            "How much is the fee per night?",
            "What is the sum of all invoices per month?",
        ),
    ),
    Retriever.IMAGES.value: Description(
        "Pictures: charts, diagrams, floor plans, drawings, screenshots and photos, and what can be seen in them.",
        (
            "Show me the floor plan.",
            "What does the architecture diagram look like?",
            "Which room is next to the kitchen on the plan?",
            "What trend does the chart show?",
            "What does the screenshot of the settings page show?",
            "Is there a picture of the machine?",
            "Show the organisation chart.",
            "What is the colour of the line for last year in the graph?",
            "What can be seen in the photo of the entrance?",
            "How does the curve change over time?",
            "Compare the bars in the graph.",
            "Which label is at the top of the figure?",
            "Show me the logo.",
            "What boxes does the flow chart connect?",
            "Where are the exits on the map of the building?",
            "How did the values develop according to the chart?",
            "Is there a drawing of the assembly?",
            "What is the overall pattern in the plot?",
            "Show me a diagram of the network.",
            "What does the axis of the figure measure?",
        ),
    ),
    Retriever.PEOPLE.value: Description(
        "People: who owns, wrote, knows or decides something, and whom to ask.",
        (
            "Who knows about billing?",
            "Who owns the handbook?",
            "Who should I ask about a new laptop?",
            "Who is responsible for security?",
            "Who can help me with the database?",
            "Who wrote this guide?",
            "Who is the expert for payments?",
            "Whom do I contact about the office?",
            "Who approves travel?",
            "Who is in charge of hiring?",
            "Who maintains the deployment scripts?",
            "Who has worked with this customer before?",
            "Who leads the design team?",
            "Who answered this last time?",
            "Which person should review a contract?",
            "Who is the owner of this process?",
        ),
    ),
    OUT: Description(
        "Nothing that a company writes down: small talk, general knowledge, personal errands, news, games and jokes.",
        (
            "What is the weather like tomorrow?",
            "Tell me a joke.",
            "Who won the football match last night?",
            "How tall is the highest mountain?",
            "Play some music.",
            "What is the capital of France?",
            "Set a timer for ten minutes.",
            "What is the meaning of life?",
            "How do I bake bread?",
            "What is the name of your mother?",
            "Recommend a good film.",
            "How far away is the moon?",
            "Translate good morning into Spanish.",
            "What should I cook for dinner?",
            "Book me a table at a restaurant.",
            "Is it going to rain this weekend?",
            "How many calories are in an apple?",
            "What time is it in Tokyo?",
            "Do you like dogs?",
            "Who is the president?",
            "What is my horoscope for today?",
            "Can you drive a car?",
            "Where can I buy cheap shoes?",
            "What is the square root of two?",
        ),
    ),
}
"""Per label; the labels are the retrievers that have passages or people, and `OUT`."""


def described(label: str) -> tuple[str, ...]:
    """Return the texts that stand for a label without any example: its description and questions, or its own words."""
    known = DESCRIPTIONS.get(label)
    return (known.text, *known.questions) if known else (in_words(label),)


def in_words(label: str) -> str:
    """Return a label's own words: `card_arrival` becomes “card arrival”."""
    return " ".join(label.replace("?", " ").replace("_", " ").replace("-", " ").split()).lower()
