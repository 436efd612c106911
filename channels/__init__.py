"""The gateway: web chat, Telegram and SMS in front of the assistant. `python -m channels` runs it.

Every channel verifies, stores (inbox), acknowledges, and only then does the core work on the message and put the
reply in the outbox; see `channels.contract` for what a channel is.

    ChannelError
    ├── MalformedRequest            a provider's request cannot be read: 400
    ├── Unauthenticated             a request without the right secret or signature: 403
    ├── AssistantError              no usable reply from the assistant
    │   ├── AssistantUnavailable    worth another attempt with the same id
    │   └── AssistantRefused        our fault, never repeated
    ├── NoticeRefused               a notice or a stop that cannot be made, with all its faults
    └── StartupError                the gateway cannot start, in one line
"""
