"""What pages and letters call things, in Japanese and English."""

import datetime as dt
from collections.abc import Mapping
from typing import Final

from libs.japan.calendar import JST, era_date

Both = tuple[str, str]
WEEKDAYS: Final = "月火水木金土日"
KINDS: Final[Mapping[str, Both]] = {
    "STUDY_SESSION": ("勉強会", "Study session"),
    "SYMPOSIUM": ("シンポジウム", "Symposium"),
    "EXCHANGE": ("交流会", "Meeting each other"),
    "SITE_VISIT": ("見学", "Site visit"),
    "HOME_VISIT_ROUND": ("訪問活動", "Home visits"),
    "CAMPAIGN_MONTH": ("強化月間", "Campaign month"),
    "COURSE": ("講座", "Course"),
    "OTHER": ("行事", "Event"),
}
MODES: Final[Mapping[str, Both]] = {
    "ROOM": ("会場", "In a room"),
    "ONLINE": ("オンライン", "Online"),
    "HYBRID": ("会場とオンライン", "In a room and online"),
}
OPEN_DATA_MODES: Final[Mapping[str, str]] = {
    "ROOM": "現地開催のみ",
    "ONLINE": "オンライン",
    "HYBRID": "ハイブリッド",
}
"""As the GIF model 「イベント」 says them."""
CODES_OF_KINDS: Final = {ja: code.lower() for code, (ja, _) in KINDS.items()}
CODES_OF_MODES: Final = {ja: code.lower() for code, ja in OPEN_DATA_MODES.items()}


def when(at: dt.datetime | str, language: str) -> str:
    """令和8年8月5日(水) 10:00, or 2026-08-05 10:00 in Japan's time; a midnight is a whole day."""
    moment = dt.datetime.fromisoformat(at) if isinstance(at, str) else at
    local = moment.astimezone(JST)
    clock = f" {local:%H:%M}" if (local.hour, local.minute) != (0, 0) else ""
    if language == "en":
        return f"{local:%Y-%m-%d}{clock}"
    return f"{era_date(local.date())}({WEEKDAYS[local.weekday()]}){clock}"
