"""What the simulated remote catalogue can do wrong."""

from __future__ import annotations

from enum import Enum


class Fault(Enum):
    """What goes wrong from a given page on."""

    ERROR = "error"
    BROKEN_JSON = "broken-json"
    WRONG_TYPE = "wrong-type"
    HUGE = "huge"
    SLOW = "slow"
    CUT = "cut"
    LOOP = "loop"
    FOREIGN_NEXT = "foreign-next"
    FOREIGN_REDIRECT = "foreign-redirect"
    REDIRECT_LOOP = "redirect-loop"
    MISSING_NODE = "missing-node"
    CHANGING = "changing"
