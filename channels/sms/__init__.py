"""SMS: numbers, words, parts, and the providers that carry them (`providers`).

MO and MT are messages from and to a telephone (MSISDN, in E.164); a DLR is a delivery receipt; a part is what an
operator counts and is paid for.

    ChannelError
    └── SmsError
        ├── TextUnsendable     no SMS encoding can hold the text without damage: never sent as "?"
        ├── NumberRefused      a sender that is not answered: short code, alphanumeric, our own, abroad
        └── UnknownState       a receipt's code is not in the provider's table: an alarm, never a guess
"""
