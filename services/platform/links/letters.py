"""The words of the letters: that something waits, that a question was answered, and a code.

Nothing of the referral, nobody's name.
"""

from typing import Final

from services.platform.notices.models.letters import SITE, Letter, Wording, register

LINK_LETTER: Final = "answer_link"
ANSWER_LETTER: Final = "answer_link_answered"
CODE_LETTER: Final = "answer_link_code"

_LINK_JA: Final = """{platform}

紹介への回答のお願いが、あなたの団体に届いています。
アカウントがなくても、次のアドレスから一度だけ回答できます({until} まで)。

{site}{path}

開いた画面で確認コードをお受け取りください。コードは、団体が登録している業務用
メールアドレスに届くか、紹介元の団体が電話でお伝えします。
このメールを団体の外に転送しないでください。お心当たりがない場合は、事務局にお知らせください。

A referral waits for your organisation's answer: open the address above.
"""
_LINK_EN: Final = """{platform}

A referral waits for your organisation's answer. Without an account you can answer once at this
address, until {until} (Japan time):

{site}{path}

The page asks for a code, which comes to your organisation's registered work e-mail address or is told
by telephone. Please do not forward this mail outside your organisation.
"""
_ANSWER_JA: Final = """{platform}

あなたの団体からのご質問に、紹介元から回答がありました。
次のアドレスで回答を読み、受諾・辞退・再度の質問のいずれかを一度だけお送りいただけます
({until} まで)。

{site}{path}

開いた画面で、団体が登録している業務用メールアドレスに届く確認コードをご入力ください。
このメールを団体の外に転送しないでください。お心当たりがない場合は、事務局にお知らせください。

Your question was answered: open the address above.
"""
_ANSWER_EN: Final = """{platform}

The question that your organisation asked was answered. At this address you can read the answer, and then
accept, decline or ask again, once, until {until} (Japan time):

{site}{path}

The page asks for a code, which comes to your organisation's registered work e-mail address. Please do not
forward this mail outside your organisation.
"""
_CODE_JA: Final = """{platform}

紹介に回答するための確認コード: {code}

15分以内に、開いている画面に入力してください。だれにも教えないでください。
お心当たりがない場合は、このメールを捨ててください。

Your code is the number above.
"""
_CODE_EN: Final = """{platform}

Your code to answer a referral: {code}

Enter it within 15 minutes on the page that you have open, and tell it to nobody. If you did not ask for
it, throw this mail away.
"""

LETTERS: Final = (
    Letter(
        LINK_LETTER,
        frozenset({"platform", SITE, "path", "until"}),
        Wording("紹介への回答のお願い", _LINK_JA),
        Wording("A referral waits for your answer", _LINK_EN),
    ),
    Letter(
        ANSWER_LETTER,
        frozenset({"platform", SITE, "path", "until"}),
        Wording("ご質問への回答", _ANSWER_JA),
        Wording("Your question was answered", _ANSWER_EN),
    ),
    Letter(
        CODE_LETTER,
        frozenset({"platform", "code"}),
        Wording("確認コード", _CODE_JA),
        Wording("Your code", _CODE_EN),
    ),
)
register(*LETTERS)
