"""A provider and its operator that exist only in development: `provider` is our side of it, `operator` is theirs.

They speak HTTP to each other like any other provider, so that nothing of the channel knows that it is a simulation.
"""
