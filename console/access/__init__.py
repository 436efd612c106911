"""Who may do what: roles, and the one way a route is guarded."""
