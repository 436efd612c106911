"""What citizens can be told about services, and what is missing, weak or old; corrections are only proposed.

The catalogue comes from its own owners, who change its files; staff say what is wrong and where the right fact stands.
"""
