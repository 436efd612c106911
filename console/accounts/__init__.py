"""Who somebody is: passwords, the second step, sessions, invitations."""
