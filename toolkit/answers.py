"""What a person answers about a column of an export: a field of the register, by its id or in words, or what to do."""

from __future__ import annotations

from toolkit.export_list import EXCHANGE, KEEP, SKIP
from toolkit.form import Block
from toolkit.text import key
from toolkit.vocabulary import Vocabulary

_IN_WORDS = {SKIP: "bỏ qua", EXCHANGE: "đảo ngày tháng", KEEP: "giữ nguyên"}


def reply_of(text: str, vocabulary: Vocabulary, block: Block) -> str:
    """A field of the register ("hẹn trả" says "Ngày hẹn trả") or one of the other answers; "" when it is neither."""
    ids = {key(i.id): i.id for i in block.indicators} | {key(i.label): i.id for i in block.indicators}
    ids |= {key(word): word for word in (SKIP, EXCHANGE, KEEP)} | {
        key(words): reply for reply, words in _IN_WORDS.items()
    }
    for said in (text, f"ngày {text}"):
        field = ids.get(key(said)) or vocabulary.field(said)
        if field in ids.values():
            return str(field)
    return ""


def in_words(reply: str, block: Block) -> str:
    """An answer as ``reply_of`` takes it back."""
    return _IN_WORDS.get(reply) or next((i.name for i in block.indicators if i.id == reply), reply)
