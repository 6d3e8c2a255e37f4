"""An incident: its events, the state that they add up to, and the commands that make them. Pure: values in, values out.

`decide(case, command, actor, at)` answers with events or says why not and changes nothing; `evolve(state, entry)` adds one
recorded entry to the state. What happened is never judged again: an entry holds all that the state needs (the levels that a
decision led to, the duties that it put on whom), so that a journal is replayed without its plan and by every later release.
"""
