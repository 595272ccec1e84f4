"""Live state, fed by pushes and by REST: tables whose ``apply`` says what changed; no I/O."""
