"""The journal: what a client must still know after its process was killed, in one SQLite file.

**What stands in it.** Each report of an order with its ``event_id``, from before a hook sees it (``received``) until
the user has taken it (``delivered``); how far the venue's time had come; and each order that was placed, from before it
was sent. No key, no signature, no account id.

**The promise.** A report is committed before it is handed over and marked after it was taken. So a kill loses none:
what was not marked is handed over again by the next process, with ``redelivered`` true and the same ``event_id``, and
what the venue did meanwhile is read by REST from the journal's watermark. What is marked is never handed over again.

**How much comes twice.** Marks are written many at a time, within milliseconds, and no further report is handed over
while ``MOST_UNMARKED`` of them, 200, are not on the disk. So of what hooks had taken, a kill has at most the last 200
told again, and one for each thread that takes (the hooks thread, each thread that reads a stream), however fast they
are and however slow the disk. What they had not taken yet is told then too: it bears the same flag, for which it was
cannot be known. Only while the file cannot be written (``JournalDegraded``) is there no such bound.

**The parts.** ``schema.py`` is pure: tables, rows, sums. ``private_file.py`` opens the file, keeps it to one process at
a time and sets aside one that is damaged. ``store.py`` is SQLite, used by one thread at a time.

**When it fails.** A full disk, another program's lock, a damaged file: ``JournalDegraded`` is announced, ``ex.stats()``
says so, and trading goes on without it.
"""
