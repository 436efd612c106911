"""The operators' page: `python -m channels.sms page` (docs/sms.md)."""
