"""Who may do what: people, sessions, tokens, posts, delegations, shifts."""
