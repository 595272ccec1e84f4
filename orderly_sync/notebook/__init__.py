"""What a client does in a notebook beyond trading: show itself, draw, watch, download.

Cores are pure (``figures``, ``thinning``, ``view``); ``on_client`` is what ``Orderly`` has of it.
"""
