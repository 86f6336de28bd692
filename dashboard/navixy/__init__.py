"""The Navixy API as plain functions over a typed client.

    client = Client(base_url=…, credential=Credential(…), transport=Transport(), limiter=shared_limiter(…))
    page = checkins.search(client, checkins.Query(start=…, end=…), limit=50)

`errors` holds what can go wrong, `client` the one call, `conditions` the search language, the other modules
one resource each. "ref n" in docstrings is a section of the API reference this client was written from.
"""
