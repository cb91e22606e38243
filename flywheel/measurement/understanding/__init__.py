"""What people ask about, where it goes wrong, what changed about it, and what to do next.

clusters    questions that ask about the same thing: topics
labels      what a topic is called
levers      which part of the bot would mend a failure
topics      each topic's size, growth and satisfaction
segments    groups of people and questions that are served worse than the rest
matrix      volume, dissatisfaction and effort: what to do next
drift       whether people ask otherwise than before
stall       whether the wheel still gains anything, and what it lacks
telling     all of it in plain words, for the report
"""
