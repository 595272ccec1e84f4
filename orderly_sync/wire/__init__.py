"""Between text and values: JSON, shapes, envelopes, topics; the only place that knows the wire's spelling."""
