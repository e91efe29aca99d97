"""What came of trying to send something."""


class NotSent(Exception):
    """`code` is a code and never an address or a server's words; `final`: trying again is of no use."""

    def __init__(self, code: str, *, final: bool = False) -> None:
        super().__init__(code)
        self.code = code
        self.final = final
