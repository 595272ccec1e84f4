"""Order and recovery of reports: why a hook hears of each change of an order once, in order, whatever the network does.

**The promise.** Of every order, ordinary or algo, each report is delivered once; the reports of one order come in the
order of its progress; and live state has taken a report before anybody hears of it. A report that the stream did not
bring is made of what REST tells, and says so: ``origin`` is ``"rest"`` and ``recovered`` is true.

**The way of a report.** A frame is decoded by ``stream/frame_decoder.py`` (``FrameDecoder``) on the stream's I/O
thread. ``deduplicator.py`` drops what came before, ``sequencer.py`` holds back what came too early, and what is left is
delivered: to ``live/session.py`` first, which keeps state and hands it to the order's handle, then to hooks, streams
and waiters. ``recovery.py`` runs on a thread of its own. It never delivers by itself: what it has rebuilt goes through
``Connection.deliver_recovered`` in ``stream/connection.py``, between two frames, by the same deduplicator as all
the others; what else it asks of the stream stands in ``report_stream.py``. Which topics are kept whole is known to
``FeedTable`` in ``feed_table.py``.

**Repeated.** The venue sends a report again, a tree's frame repeats nodes that did not change, REST tells what the
stream has told. Keys and node states catch the first two (``Deduplicator.__call__``). For the third, ``is_news`` of
``feeds.py`` is asked of each rebuilt report at the moment of its delivery, and a fill that waited while REST told of it
in other words is known by its place in the total (``ReportSequencer._was_delivered``).

**Overtaken.** A report comes before its forerunner. It says how much was filled before it, and an order does not begin
in its middle, so it is known not to follow (``ReportSequencer._follows``), waits, and goes out behind the missing one
(``_drain``). The wait ends with the readings that may bring what is missing, not before (``holding.py``); then it goes
out all the same (``overdue``) and is flagged, and so is the missing one if it comes after all. A mere state
that comes behind what followed it is dropped and counted (``_is_over``): an order must not seem to live again. Where an
order stands in all this is one state of the table in ``order_states.py``. Reports may also overtake the answer that
names their order: ``trading/placing.py`` keeps them for it (``HandleRegistry.take``,
``HandleRegistry.claim``).

**Lost with the connection.** From ``Recovery.gap`` on, what begins in the middle waits. Once every subscription is
acknowledged again, ``Recovery.resync`` has REST read from ``OVERLAP_MS`` before the last time heard (``watermark.py``:
what a push claims counts as far as the venue's own clock allows), in bulk, by time and page (``reading.py``), and
``rebuild.py`` (``missed_orders``) and ``rebuild_algos.py`` make the reports that would have come: fills with a running
total, then the status; ``delivered.py`` tells them what is news. Fills read by time count only if they add up to what
is missing of their order (``fill_totals.py``); else it is asked for by itself. State is read before they are delivered
and shown after, so it never runs ahead. ``Resynced`` says that all was read once,
and ``GapClosed``, after the last look, whether anything is known to be missing.

**Lost alone.** The connection stands and one report is missing. A missing fill shows in the totals of the next report
(``_follows``, or ``_mind_gap`` where that one does not wait), a missing beginning in that another report comes first,
and the order is read at once. If a report proves lost, all is read once more, for others may be
(``PollSchedule.lost``). What shows in nothing is found by the audit: every ``AUDIT`` seconds the last minute is read in
bulk. What this client placed or cancelled itself is awaited and asked for sooner (``AwaitedReports`` in
``schedule.py``, ``Recovery.expect``).

**Late at the venue.** What REST shows may lag behind what was pushed. So each gap is read again after the seconds of
``LATER``; an order whose row tells of more than its fills add up to is left for the next time; and a reading that fails
comes again after a pause that grows (``Recovery.poll``).

**The numbers.** Nothing that the venue publishes says how far its REST lags, so they are assumptions, and each is named
once. A gap is read at once and after 2, 10 and 60 seconds (``LATER``): at once for whoever trades, after 2 for a lag of
a moment, after 10 within the hold, and after 60 for the worst that is assumed; in a model with lags of up to 3 s a page
a single look lost 0.3 % of all reports, looks until 10 s some, until 60 s none. A report waits 12 seconds for
those before it (``HOLD``): longer than the second look, shorter than a trader would wait; 3 seconds let some out of
order. An audit every 20 seconds (``AUDIT``) leaves the youngest 5 seconds to the stream, so what was dropped is found
within 60 also where its row lags as long again. ``OVERLAP_MS`` is 60 seconds, as the last look.

**Which of them it was.** ``causes.py`` says why REST was read (``RecoveryCause``) in one line of the log for each
reading that a gap caused or that found something, and counts in ``ex.stats()`` (``RecoveryTally``): ``recovered`` and
``readings`` by cause, and ``audits``. Beside them stands each topic's ``lag``: how long its last push was on its way,
by the time that the venue wrote on it and the clock of this machine. It says nothing of how far REST lags: a ``lag`` of
seconds is a slow network or a wrong clock here, while a report that is ``recovered`` was never pushed, or came later
than REST told of it.

**What tells of no order.** Deposits, settlements, liquidations, conversions and messages are lists at REST, read after
a gap on a thread of their own (``other_topics.py``); ``other_rows.py`` makes pushes of their rows (``as_push.py``) and
says of every private topic what rebuilds it and what is gone (``REBUILT``). Of positions, balances and the account the
latest state is told if it differs (``latest_states.py``).

**Begun anew.** A venue that restarts empty gives the same ids again. Its clock has gone back, or a report bears a known
id and is another order's (``ReportSequencer.is_another``): all that was known is dropped (``Recovery._begin_anew``).

**Older than the client.** What an order did before the first subscription is not told. What is open is noted at the
start (``ReportFeed.begin``), and an older order that is heard of later begins where its first report found it
(``FeedTable._filled_before_start``).

**Too many for a queue.** A hook that blocks, or a consumer that does not read, fills its queue. What finds no room is
noted by order, how far it was told and how far it has come (``Backlog.pass_on`` in ``backlog.py``), and ``Overflow``
says so at once. As soon as there is room, ``handover.py`` has REST read and tells what is owed in order, while new
reports wait behind it (``Handover.backlog_of``). Nothing is lost on this side, and memory grows with the orders only.

**What is not caught.** Of several edits in a gap only the last shows; the reason of a cancel is gone with its report.
Nothing is kept over the end of the process but by a journal (``journal/``), which says from where on the next one reads
(``earlier_life.py``). Memory is bounded: reports are known again among the last 200,000, orders until 20,000 others
have ended.

Only ``recovery.py``, ``handover.py`` and ``other_topics.py`` have threads, only ``reading.py`` asks REST for orders
(what it gets ``from_rest.py`` turns into reports), and time is an argument everywhere: each case above is a test of a
few lines in ``tests/unit/reports``, and the storms that mix them are ``tests/faults/test_reconnect.py``.
"""
