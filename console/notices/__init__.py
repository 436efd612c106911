"""Notices to citizens, and the switch of each channel: channels/notices decides what they do, this room who does it."""
