"""画面模型: what each screen shows, as frozen values, and what it tells, as a Protocol.

A presenter fills a model and pushes it with ``view.show(model)``; the view draws it and calls the methods of the
screen's events. Nothing here knows Tk, the store or the network. One module a family of screens; ``common`` has
what all are made of.
"""
