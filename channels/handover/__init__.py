"""Handover: a citizen who asks for a person comes into a queue, and a person writes in the citizen's own channel.

It begins when the assistant's reply has the kind `human`; no wording is looked at. Without opening hours the desk is
off, and such a reply stays what it was. States of a request (`tables.State`), and why it goes on:

              asks in hours                       asks out of hours
                    │                                     │
                    v          the office closes          v
                 waiting ─────────────────────────────>  left      Dalil still answers
                    │  ^                                  │
              takes │  │ hands back; does not answer      │ takes
                    v  │ the citizen's last message       │
                   held <─────────────────────────────────┘        Dalil is silent
                    │
                    ├── released   staff: the person ended it     idle: the citizen was answered, then nobody wrote
                    └── closed     cancelled: "إلغاء" alone        opted_out: "إيقاف" alone       forgotten: deletion
                        (also from waiting and left)   staff: closed unanswered     gone: there is no way to them

One request of a conversation is open at most (a unique index). The citizen's messages stay where all are, in the inbox;
the thread (`thread.py`) reads them there, so that retention and deletion are those of the log. What staff write is a
row of `handover_lines`, first without a place in the outbox: a gateway puts it there within a second, rendered by the
citizen's channel, in the transaction that marks it said. Whoever changes a request locks its contact first.

What the console calls, each with a Connection:
    queue.py     waiting: the queue · position
    thread.py    thread: one conversation as staff read it
    staff.py     take · take_over · reply · release · hand_back · close · assign
    measure.py   measure: how long a reply is as its channel sends it, before it is sent
    desk.py      hours · set_hours · holidays · add_holiday · remove_holiday · desk · set_desk · present · at_desk
    canned.py    answers · save · remove

    HandoverError
    ├── UnknownHandover      no such request
    ├── AlreadyHeld          another member of staff has it (`holder`)
    ├── NotHeld              nobody has it, or it is over (`state`)
    ├── ReplyRefused         a reply that says nothing, or is longer than its channel sends
    ├── WrongHours           hours that overlap or make no sense
    └── WrongAnswer          a canned answer without a title or a text, or too long
"""
