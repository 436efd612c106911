"""The exchange between agencies: where a citizen's application stands, asked of the agency that holds it.

`client.py` is the door: `status(agency, query)`, `readiness(agency)`; and to follow an application `subscribe`,
`changes` and `unsubscribe`. Agencies and how they are reached are one file (`configuration/`); a transport
(`transport/`: X-Road REST, or OAuth2 client credentials) carries what `openapi.yaml` describes and `resource.py`,
`following.py` and `wire.py` read; `callbacks.py` reads what an agency sends by itself. `simulator/` is a security
server and agencies in one, as a process or inside ours. `desk/` is where a citizen asks: what a message brings, with
proofs out of everyone's sight, limits, and whom to tell of changes.

    ExchangeError                  each with a line for the operator that holds nothing of the citizen
    ├── FileInvalid                a configuration or seed file breaks its rules: one line per fault
    ├── UnknownAgency              no agency of the configuration has this identifier
    ├── TooManyAttempts            of the desk: the agency is not asked now; `retry_after` seconds
    ├── CodeRefused                of the desk: no code by SMS, or not this one (desk/codes.py)
    ├── TooManyFollowed            of the desk: the conversation follows as many applications as it may
    └── StatusError                of one question: `agency`, `request_id`
        ├── NotFoundOrNotYours     no such application, or the proof is wrong: the agency does not say which
        ├── ProofRefused           the agency takes no proof of this kind, whatever the reference
        ├── RateLimited            too many questions; `retry_after` seconds
        ├── CursorExpired          the agency no longer knows this place in its feed of changes
        └── Failure                no answer about the application: the citizen hears that it is unavailable
            ├── Unavailable        cannot be reached, in maintenance, or left alone after failures
            ├── TooSlow            no whole answer in time
            ├── ExchangeFault      the exchange itself refused or failed: X-Road's `code`, or the token
            ├── NotOffered         the agency tells of no changes: not configured, or it has no such resource
            ├── AgencyFault        the agency answered with an error: its problem+json
            └── BadAnswer          the answer is not what openapi.yaml says: form, size, type, another application
"""
