"""Opening connections, for both halves alike: names, addresses, proxies and TLS within one deadline.

urllib3's connections (``connections``) dial, tunnel and speak TLS. What is added here is time: each wait gets what is
left until the deadline (``addresses``). The environment's proxies are never asked (``trust``).
"""
