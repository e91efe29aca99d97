"""Questions as data: what a form asks, and answers that fit it. Events ask them of who registers, surveys of
who came; this room knows neither."""
