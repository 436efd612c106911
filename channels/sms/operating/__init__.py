"""What an operator does by command: `python -m channels.sms` (docs/sms.md)."""
