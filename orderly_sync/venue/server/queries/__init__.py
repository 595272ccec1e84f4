"""The questions of ``POST /v1/public/query``, by type. Money is written as decimal text there, times in ms."""
