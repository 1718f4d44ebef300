"""Writes clip_text.json: texts of our own, cleaned and split as CLIP's tokenizer does it. Needs ftfy 6.3.1 and regex."""
import html
import json
import random
import unicodedata

import ftfy
import regex

WORDS = regex.compile(
    r"<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|\p{L}+|\p{N}|[^\s\p{L}\p{N}]+", regex.IGNORECASE)

SENTENCES = [
    "A dog's bowl, 10:30am; 3.5 kg!", "ZAŻÓŁĆ gęślą jaźń", "Žluťoučký kůň", "größeren Straße", "cœur d'été à la carte", "ψυχοφθόρα ΟΔΥΣΣΕΥΣ ΣΑΣ Σ. ΑΣ'Β",
    "мягких булок ЁЖ", "ちりぬるを ガギグ パピプ", "我能吞下玻璃", "나는 유리를 먹어요", "أكل الزجاج", "לאכול זכוכית", "ฉันกินกระจก", "Tôi có thể ăn thủy tinh",
    "फ़िल्म ड़ क़लम", "“quotes” ‘single’ — dash… ™ © ½ 90° C²", "le café… «déjà»", "IRMÃ “CAFÉ” ÉCOLE À ÅÄÖ", "🐶 👍🏽 👨‍👩‍👧 𝓗𝓲 𠮷野", "İSTANBUL ışık", "y'all'd've I'M ''S'S",
]


def clean(text):
    text = html.unescape(html.unescape(ftfy.fix_text(text))).strip()
    return regex.sub(r"\s+", " ", text).strip().lower()


def texts():
    rng = random.Random(7)
    for sentence in SENTENCES:
        yield sentence
        yield unicodedata.normalize("NFD", sentence)
        yield sentence.encode().decode("sloppy-windows-1252")
        yield sentence.encode().decode("latin-1").encode().decode("latin-1")
    marks = [c for c in range(0x300, 0x340)] + [0x3099, 0x309A, 0x654]
    for _ in range(60):
        yield "".join(chr(rng.choice(marks)) if rng.random() < 0.6 else rng.choice("aeouASt\u0438\u03b1\u304b\u30cf\uac00\u1100\u1161\u11a8\u00c5\u00ea\u01a1") for _ in range(6))
    for _ in range(40):
        yield "".join(chr(rng.choice([rng.randint(0xFF00, 0xFFEF), rng.randint(0x20, 0x7E)])) for _ in range(6))
    pieces = ["a", "B", " ", "&amp;", "&", "#", "39;", "&#x27;", "&lt", "<", ">", "&quot", "&eacute;", "&EACUTE;", "&not", ";", "&#937;", "&#0;", "\n", "&copy", "&hellip;", "&#9;", "&#31;", "&Amp;"]
    for _ in range(60):
        yield "".join(rng.choice(pieces) for _ in range(6))
    for _ in range(40):
        yield "".join(chr(rng.choice([rng.randint(0, 0x20), 0x7F, 0x85, 0x99, 0x41, 0x5B, 0x1B, 0x6D, 0x200B, 0x2028, 0xFEFF])) for _ in range(6))


with open("clip_text.json", "w", encoding="ascii", newline="\n") as file:
    cases = [{"text": t, "cleaned": clean(t), "words": WORDS.findall(clean(t))} for t in texts()]
    file.write("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n")
