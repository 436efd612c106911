"""Clients of systems that are not ours: the catalogue of services and the data exchange."""
