"""Recordings of a stream: made and replayed."""
