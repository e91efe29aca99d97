"""Postal codes and addresses down to the house, in folded (NFKC) text. A town's name alone is no address."""

import re
from typing import Final

_NUMBER: Final = r"(?:[0-9]{1,5}|[一二三四五六七八九十百〇]{1,5})"
_NAME: Final = "[一-龠々ァ-ヴーヶ]"
_NAME_OR_HIRAGANA: Final = "[一-龠々ぁ-ヴーヶ]"
_JOINED: Final = r"[0-9]{1,5}(?: ?(?:-|の|ー) ?[0-9]{1,5}){1,3}"
# A number that counts something is no house number.
_UNITS: Final = (
    "年 月 日 時 分 回 人 名 件 歳 才 円 組 個 台 代 割 % 世帯 団体 か所 カ所 ヶ所 ヵ所 箇所 か月 カ月 ヶ月 "
    "ヵ月 週 期 部 階 km m 点 本 枚 種 校 班 つ 度 以上 以下 前後 :"
)
_COUNTS: Final = r"(?:[0-9]|[.,][0-9]| ?(?:" + "|".join(map(re.escape, _UNITS.split())) + "))"

# 扇町二丁目8-7, 松島町一丁目１５番１号
_CHOME: Final = (
    rf"{_NAME}{{0,12}}{_NUMBER}丁目"
    rf"(?: ?{_NUMBER}(?: ?(?:番地?|-|の|ー) ?(?:{_NUMBER} ?号?)?)?(?!{_COUNTS}))?"
)
# 大字浅野826番地の8, 3番12号
_BANCHI: Final = rf"{_NAME}{{0,12}}{_NUMBER} ?番地(?: ?の ?{_NUMBER})?|{_NUMBER} ?番 ?{_NUMBER} ?号"
# 高松市瀬戸内町22-9, つくば市みどりの1-2
_HYPHENS: Final = (
    rf"{_NAME_OR_HIRAGANA}{{1,8}}[市区町村郡字]{_NAME_OR_HIRAGANA}{{0,12}}(?<![でにはをへともがや第約計])"
    rf" ?{_JOINED}(?!{_COUNTS})"
)
# 高松市田村町1114, 香南町由佐3209, 塩江町安原下第2号1645
_PLAIN: Final = (
    rf"{_NAME}{{1,8}}[町村字]{_NAME}{{0,8}}(?:第[0-9]号)?(?<![第約計全各]) ?[0-9]{{2,5}}(?!{_COUNTS}|-)"
)

ADDRESS: Final = re.compile(f"{_CHOME}|{_BANCHI}|{_HYPHENS}|{_PLAIN}")
POSTAL_CODE: Final = re.compile(
    r"(?:〒|郵便番号[はが: ]{0,3}) ?[0-9]{3} ?[-ー]? ?[0-9]{4}(?![0-9])"
    rf"|(?<![0-9-])[0-9]{{3}}[-ー][0-9]{{4}}(?!-|{_COUNTS})"
)
