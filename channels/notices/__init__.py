"""What the ministry tells citizens by itself, and the switch with which it stops a channel.

A notice runs from its start to its end on the channels that it was published for. A `banner` stands on the web page,
and in front of the first reply that a citizen gets on Telegram and SMS while it runs, once for each citizen. An
`answer` replaces the assistant's replies. What a stopped channel receives is kept until it goes on (switches.py).

publishing.py and switches.py are for whoever decides (the console); board.py is what a gateway knows of it at the
moment, read once a second and not for each message.
"""
