"""What the codes of members are called, in Japanese and in English."""

from typing import Final

from libs.serving.exports.declared import Words

KINDS: Final[Words] = {
    "government": ("行政", "government"),
    "npo": ("NPO・地域団体", "NPO or community body"),
    "company": ("企業", "company"),
}
STATUSES: Final[Words] = {
    "applied": ("申請中", "applied"),
    "active": ("会員", "member"),
    "declined": ("却下", "declined"),
    "suspended": ("停止中", "suspended"),
    "withdrawn": ("退会・取下げ", "withdrawn"),
}
CAPACITIES: Final[Words] = {
    "open": ("受入可", "open"),
    "limited": ("条件付き", "limited"),
    "waitlist": ("待機", "waiting list"),
    "none": ("受入不可", "none"),
}
ROLES: Final[Words] = {
    "representative": ("代表者", "representative"),
    "desk": ("受付担当", "desk"),
    "caseworker": ("支援員", "caseworker"),
}
STANDINGS: Final[Words] = {
    "invited": ("招待中", "invited"),
    "active": ("在籍", "active"),
    "removed": ("取消し", "removed"),
}
