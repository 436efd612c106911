"""From drafts to what citizens hear: proposed, checked, trained, tested, compared, approved by another, swapped in.

waiting ──> training ──> tested ──> publishing ──> published ──> rolling_back ──> rolled_back
   ^            ├──> refused (lint, or a guarded kind got worse)
   │            └──> failed (a step of ours broke; may be tried again)
   └── again ───┘          waiting, tested, refused, failed ──> withdrawn

Every arrow is one transaction. A console that dies while training begins the training anew; one that dies while
publishing or rolling back does what is left of it: each step may be done twice.
"""
