"""One class a section of the venue's menu; each method is one operation."""
