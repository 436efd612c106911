"""Answers messages with a trained model, in process: no action server, no Rasa HTTP server."""
