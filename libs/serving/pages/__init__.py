"""HTML pages for people without an account: Japanese first, phone first, no JavaScript, no cookie.

A feature's `web.py` makes a page of its templates and of functions from `PageRequest` to `Response`:

    templates = Templates.of("services.platform.requests")
    page = html_page(templates, show=show, take=take)
"""
