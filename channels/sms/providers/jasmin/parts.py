"""For Jasmin's interceptord: hands each part of a long message on as it is, instead of letting Jasmin join them.

Jasmin 0.11 joins by connector, reference and our number, without the sender, and keeps that for five minutes
(managers/listeners.py): of two citizens whose telephones count to the same reference, one of 256, one's text is mixed
with the other's, or lost. `routable` is given by interceptord.
"""

routable.pdu.params["esm_class"] = None  # type: ignore[name-defined]  # noqa: F821
