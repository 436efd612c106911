"""Telegram: updates by webhook or polling in, messages with buttons out, over python-telegram-bot.

Private chats only. The chat id is an address and nothing more: it proves nobody's identity.
"""
