"""The page on the venue's own port on which a person sees and moves everything: files, headers, and what feeds it."""
