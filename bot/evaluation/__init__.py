"""`python -m bot evaluate`: how much of what citizens write is understood, measured on labelled sentences.

A *set* is a folder with cases in `*.yml` (`cases.py`), at any depth. Each single message is a conversation of its own,
the turns of a conversation follow each other, and all are answered by the engine that serves citizens (`answering.py`),
with a conversation store that is thrown away. What came back is judged (`judging.py`), counted with the interval that
such a small count leaves open (`figures.py`, `calibration.py`), and saved as JSON, as a page to read and as pictures.

Known failures. A set keeps the sentences that fail today in `known_failures.txt`, beside its cases (`known.py`), and
the least it must reach in `floors.json` (`floors.py`). `--update-known` writes the list anew: it gains the sentences
that fail and loses those that pass or are gone, and with the last of them the file goes too. `--check`, for CI, writes
neither: it fails when a sentence fails that is not listed, or a figure is below its floor; and it counts the listed
sentences that no longer fail (stale), so that somebody drops them. A sentence on the list that fails in another way
than it did is still known: the list says what a change may not break, not how wrong an answer was.

AssistantError
└── EvaluationError       a set, its floors or its list cannot be read, or there is nothing to answer from
    └── BadCases          a file of cases: names the file and the entry
"""
