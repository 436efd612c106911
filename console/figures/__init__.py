"""How well Dalil serves: figures of the message log over a period, and samples of answers that people judged.

period.py    days and weeks by Yemen's clock     shares.py    a share with its count, its interval and its "too few"
counts.py    what the log has, counted           figures.py   the figures of a period, out of the counts
samples.py   drawing answers for a reviewer, keeping the verdict, the correct-answer rate
"""
