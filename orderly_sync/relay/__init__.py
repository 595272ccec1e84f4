"""One account, many machines: a relay publishes what it hears over Redis Streams, and bots hear it there."""
