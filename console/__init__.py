"""The staff's web application: Arabic first, server-rendered, on its own host and port.

A room under this folder is one thing that staff do (`inbox`, `knowledge`, `publishing` …): its tables, its rules, and
`pages.py` with its routes. `access` decides who may, `accounts` who somebody is, `audit` keeps what was done, `pages`
is how every page looks.

ConsoleError
├── Problem        a request that is not carried out; its text is what the person reads
└── CommandRefused a command that cannot be carried out; one line for the operator
"""
