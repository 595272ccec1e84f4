"""Whether the suite would notice: defects that are sown on purpose, one at a time, into a copy of the package."""
