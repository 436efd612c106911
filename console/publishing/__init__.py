"""From drafts to what citizens hear: proposed, checked, trained, tested, compared, approved by another, swapped in.

waiting ──> training ──> tested ──> publishing ──> published ──> rolling_back ──> rolled_back
   ^            ├──> refused (lint, or a guarded kind got worse)
   │            └──> failed (a step of ours broke; may be tried again)
   └── again ───┘          waiting, tested, refused, failed ──> withdrawn

Every arrow is one transaction. Of several consoles on one database the one with the lease (storage/leases.py) works.
When it dies, another, or itself at its next start, trains anew what was being trained, and does what is left of a
publication or of a roll back: each step may be done twice.
"""
