"""法人番号: the 13 digits by which the National Tax Agency names a corporate body.

A right check digit doesn't prove that the number is registered, and unincorporated groups have none.
"""

import re
import unicodedata

from libs.errors.problems import InvalidInput

_FIELD = "corporateNumber"
_THIRTEEN_DIGITS = re.compile(r"[0-9]{13}")
_TWELVE_DIGITS = re.compile(r"[0-9]{12}")


def validated(number: str) -> str:
    """The number as 13 half-width digits.

    Raises `InvalidInput` with `detail` not_thirteen_digits or wrong_check_digit.
    """
    digits = unicodedata.normalize("NFKC", number).strip()
    if not _THIRTEEN_DIGITS.fullmatch(digits):
        raise InvalidInput(
            _FIELD,
            "法人番号は13桁の数字で入力してください（ハイフンや先頭の「T」は不要です）。",
            "Give the corporate number as 13 digits, without hyphens or a leading T.",
            detail="not_thirteen_digits",
        )
    if check_digit(digits[1:]) != digits[0]:
        raise InvalidInput(
            _FIELD,
            "法人番号の検査用数字が合いません。国税庁法人番号公表サイトでご確認ください。",
            "The check digit of this corporate number is wrong. Look it up at the tax agency's site.",
            detail="wrong_check_digit",
        )
    return digits


def check_digit(base: str) -> str:
    """The leading digit for the twelve that follow.

    9 - (Σ Pn·Qn mod 9), Pn the n-th digit from the right, Qn 1 for odd and 2 for even n (平成26年財務省令
    第70号第2条).
    """
    if not _TWELVE_DIGITS.fullmatch(base):
        raise InvalidInput(
            _FIELD,
            "検査用数字の計算には12桁の数字が必要です。",
            "Give twelve digits to compute the check digit.",
            detail="not_twelve_digits",
        )
    weighted = sum(int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(base)))
    return str(9 - weighted % 9)
