"""The WebSocket half: a pure protocol, the thread that drives it, and the thread that runs hooks."""
