"""Pairs of kanji that people type for each other in names; the right one is the everyday form (常用漢字体).

For searching only: what a person wrote of their own name is stored and shown as they wrote it.
"""

from typing import Final

_PAIRS: Final = (
    "澤沢 髙高 﨑崎 嵜崎 邊辺 邉辺 齋斉 齊斉 斎斉 濵浜 濱浜 廣広 國国 櫻桜 瀧滝 龍竜 "
    "嶋島 嶌島 惠恵 榮栄 眞真 條条 學学 會会 縣県 區区 壽寿 澁渋 渕淵 德徳 藏蔵 彌弥 "
    "寬寛 巖巌 圓円 應応 舊旧 曉暁 鷗鴎 黑黒 參参 淸清 靜静 增増 曾曽 將将 淺浅 卷巻 "
    "總総 臺台 瀨瀬 橫横 與与 豐豊 邨村 靑青 鐵鉄 傳伝 燈灯 當当 禮礼 來来 賴頼 郞郎 "
    "鄕郷 凉涼 槇槙 𠮷吉 圡土 萬万 譽誉 醫医 圖図 體体 團団 聯連 濟済 關関 號号 實実 "
    "藝芸 讀読 賣売 廳庁 變変 發発 鹽塩 龜亀 輕軽 繪絵 畫画 劍剣 劒剣 顯顕 嚴厳 檢検 "
    "權権 險険 驗験 "
)
EVERYDAY_FORMS: Final = {ord(old): everyday for old, everyday in _PAIRS.split()}
"""A table for `str.translate`."""
