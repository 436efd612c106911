"""Logging in with an account of the ministry (OpenID Connect), beside the console's own passwords.

    browser ── /login/sso ──> provider.py: where the browser goes ──> the ministry's OpenID provider
       <───── /login/sso/back ── provider.py: whose account it is ── flow.py: it is the browser that went
                                     └── accounts.py: which member of staff that is, and what they get

`pages.py` has the routes. An account opens nothing until its owner has linked it: by an invitation, or from their own
page. Roles stay the console's.
"""
