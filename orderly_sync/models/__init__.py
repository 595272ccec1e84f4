"""What the venue says, typed: one attrs class an answer or push, one file a subject."""
