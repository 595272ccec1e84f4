"""The venue as a server on loopback: HTTP, WebSocket, control, ledger; ``serve.Venue`` runs it."""
