"""Answer questions from a company's knowledge, and learn from what people do with the answers.

The folders are the stations of one loop, in its order:

    knowledge → routing → retrieval → answering → signals → curation → learning → measurement → knowledge …

The core knows nothing of Slack or the web; `bot` does.
"""
