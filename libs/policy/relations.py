"""The closed list of facts that a rule may name: relations of the asker to a row, and conditions of the row.

A rule's last column is one of these names or several joined by `+` (all of them must hold). Nothing else can
be written there, and for each (object, name) there is one SQL form, registered by the object's feature.
"""

from dataclasses import dataclass
from typing import Final

Relation = str
Conjunction = frozenset[Relation]


@dataclass(frozen=True, slots=True)
class Fact:
    """One name of the list. `short` stands in the cells of the access table, `ja` and `en` explain it below.

    `implies`: facts that hold by definition wherever this one holds.
    """

    short: str
    ja: str
    en: str
    implies: frozenset[Relation] = frozenset()


def _implying(*names: Relation) -> frozenset[Relation]:
    return frozenset(names)


EVERYONE: Final = "everyone"
NOBODY: Final = "nobody"
TENANT: Final = "tenant"

RELATIONS: Final[dict[Relation, Fact]] = {
    "published": Fact("公開", "所有者が公開した。ログインは要らない", "the owner made the row public"),
    TENANT: Fact(
        "会員", "このプラットフォームの現在の会員である", "the asker is an active member of this platform"
    ),
    "own": Fact("自団体", "自分の団体のものである", "the row belongs to the asker's organisation"),
    "self": Fact("本人", "本人である", "the row is the asking person"),
    "group": Fact(
        "部会に席",
        "その部会に今日、自分の団体の席がある",
        "the asker's organisation holds a seat today in the row's working group",
        _implying(TENANT),
    ),
    "shared_group": Fact(
        "同じ部会",
        "相手の団体と自分の団体が今日、同じ部会に席を持つ",
        "the asker's organisation and the row's hold seats today in one working group",
        _implying(TENANT, "admitted"),
    ),
    "recipient": Fact(
        "受け手",
        "進行中の紹介の、打診を受けた団体である(打診以降)",
        "the asker's organisation is the addressed recipient of a live referral, from sent on",
        _implying("party"),
    ),
    "party": Fact(
        "当事者",
        "紹介の送り手か受け手である(完結後は閲覧期間内)。辞退・期限切れ・取下げ・誤登録の後は送り手だけ",
        "the asker's organisation sent the referral, or is its recipient, or was and it is closed within the "
        "access-after-end time; declined, expired, withdrawn, void: only the sender",
        _implying("ever_party"),
    ),
    "ever_party": Fact(
        "当事者歴",
        "送り手であったか、打診以降に受け手となったことがある",
        "it was ever sender, or addressed recipient from sent on",
    ),
    "chair": Fact(
        "部会長",
        "その部会の部会長の団体である",
        "the asker's organisation chairs the row's working group",
        _implying("group"),
    ),
    "case_holder": Fact(
        "ケース担当",
        "自分の団体のケースで、支援担当か受付担当である",
        "the case belongs to the asker's organisation and the asker is its caseworker or desk",
    ),
    "accepted": Fact(
        "受諾団体",
        "受諾した受け手で、いまも当事者である",
        "the asker's organisation is the recipient that accepted, and is party",
        _implying("party"),
    ),
    "consent": Fact(
        "有効な同意",
        "現在有効な同意が、自分の団体と、いま開こうとするこの項目を名指ししている",
        "a consent valid now names the asker's organisation and this item",
    ),
    "council": Fact(
        "協議会の案件",
        "法定協議会の案件で、自分の団体が今日、公示された構成機関であり、その案件の担当である"
        "(辞退・取下げ・誤登録で直ちに閉じる)",
        "an item of the statutory council; the asker's organisation is a published member today and "
        "assigned to it; closed at once by decline, withdrawal, void",
    ),
    "sitting": Fact(
        "支援会議",
        "自分の団体が選ばれた支援会議にかかっている(辞退・取下げ・誤登録で直ちに閉じる)",
        "before a 支援会議 for which the asker's organisation was picked; closed at once as above",
    ),
    "vital": Fact(
        "緊急開示",
        "期限内の緊急開示が、行政の本人をこの案件について名指ししている",
        "an unexpired break-glass names the asking person (of government) for this item",
    ),
    "holder": Fact(
        "リンク所持",
        "アカウントを持たず、まさにこの一件のコードか署名付きリンクを持つ",
        "the asker has no account and holds a code or signed link for exactly this object",
    ),
}
"""The relations of the access specification, in its order."""

CONDITIONS: Final[dict[Relation, Fact]] = {
    EVERYONE: Fact("だれでも", "だれにでも成り立つ", "holds for everybody"),
    NOBODY: Fact("∅", "だれにも成り立たない(明示の不可)", "holds for nobody: an explicit refusal"),
    "admitted": Fact(
        "入会承認済み",
        "団体(人の場合はその団体)の入会が承認されたことがある。申請中・却下は含まない",
        "the organisation (of the person) was admitted; applications pending or declined are not",
    ),
    "posted": Fact(
        "掲示カード",
        "紹介が掲示板に掲示された(下書きと誤登録は含まない)",
        "the referral was posted on its group's board (never a draft, never void)",
    ),
    "opened": Fact(
        "受諾後か理由あり",
        "受諾されたか、送り手が打診の時点で開示の理由を示した",
        "accepted, or the sender gave the reason for opening at sent",
    ),
    "open_board": Fact(
        "企業にも開いた掲示板", "掲示板が企業にも開かれている", "the board is opened to companies"
    ),
    "audience_all": Fact("全員向け", "宛先が「全員」である", "addressed to all"),
    "audience_npo": Fact("行政・NPO向け", "宛先が「行政とNPO」である", "addressed to public sector and NPOs"),
    "audience_public": Fact("行政向け", "宛先が「行政」である", "addressed to the public sector"),
    "sender": Fact(
        "送り手",
        "自分の団体がその紹介の送り手である(申出など、紹介に付く行について)",
        "the asker's organisation is the sender of the referral that the row hangs on",
    ),
    "of_ends": Fact(
        "当事者の経過",
        "送り手か受け手の経過である(ほかの団体の申出や、送り手の交代の求めは含まない)",
        "the step is one of the referral's ends; offers and requests for a transfer are others'",
    ),
    "host": Fact(
        "主催",
        "自分の団体がその行事・講座の主催者である(参加枠など、付く行について)",
        "the asker's organisation runs the event or course that the row hangs on",
    ),
    "announced": Fact(
        "告知済み",
        "主催者が会員に告知した(下書きは含まない)",
        "the organiser announced it to the members (never a draft)",
    ),
    "co_host": Fact(
        "共催",
        "自分の団体がその行事の共催団体である",
        "the asker's organisation holds the event together with its organiser",
    ),
    "no_course": Fact("講座以外", "行事が講座ではない", "the event is no course"),
    "to_members": Fact(
        "会員に見せる",
        "本人が人となりを会員全体に見せている",
        "the person shows their profile to all members",
    ),
    "offered": Fact(
        "提供中",
        "会員団体が提供しているサービス・場所である(下書きと終了は含まない)",
        "a member offers it at present (never a draft, never one that has ended)",
    ),
    "open_address": Fact("所在地を秘密にしない", "所在地が秘密ではない", "where it is is no secret"),
    "attending": Fact("参加枠あり", "自分の団体が参加枠を持つ", "the asker's organisation holds a place"),
    "second_person": Fact(
        "第三者",
        "緊急開示を開いた人でも名指しされた人でもなく、ほかに確認できる事務局担当がいるかぎり、開いた団体の人でもない",
        "the asker neither opened the break-glass nor is named by it, nor acts for the opener's organisation "
        "as long as another coordinator could review it",
    ),
    "observer": Fact(
        "オブザーバー",
        "その部会に今日、自分の団体のオブザーバー席がある(読むだけ。議決権なし)",
        "the asker's organisation is an observer of the row's working group today: it reads, without a vote",
        _implying(TENANT),
    ),
    "attended": Fact(
        "出席・部会長",
        "自分の団体がその会議に出席したか、部会長である",
        "the asker's organisation was present at the meeting, or chairs the group",
        _implying("group"),
    ),
    "settled": Fact(
        "公表済み議事録", "議事録が確定し、部会に公表された", "the minutes were published to the group"
    ),
    "not_asker": Fact("申請者以外", "その申請をした本人ではない", "the asker did not make the request"),
    "void_requested": Fact("取消し申出済み", "送り手が誤登録を申し出た", "the sender asked for the void"),
}
"""Named predicates beside the relations: 'on boards opened to companies', 'for public sector' and so on."""

FACTS: Final[dict[Relation, Fact]] = RELATIONS | CONDITIONS

LAWFUL_BASES: Final[frozenset[Relation]] = frozenset({"consent", "council", "sitting", "vital"})
"""Whether one of these holds is itself something about the person concerned: a preview never says."""

OF_THE_ASKER: Final[frozenset[Relation]] = frozenset({TENANT, EVERYONE, NOBODY})
"""Decided before any row is read; they have no SQL."""


def with_implied(facts: frozenset[Relation]) -> frozenset[Relation]:
    """All facts that hold where these hold, by definition of the relations."""
    known, fresh = set(facts), set(facts)
    while fresh:
        fresh = {implied for name in fresh for implied in FACTS[name].implies} - known
        known |= fresh
    return frozenset(known)
