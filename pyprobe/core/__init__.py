"""The target's side: everything here runs inside the user's program."""
