"""Rasa graph components for Arabic and for the catalogue; config.yml puts them in order."""
