"""The console as an officer meets it: a real server, a real browser, nothing but loopback."""
