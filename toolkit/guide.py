"""Form -> its page of the handbook (Markdown, Vietnamese), so that no page can say another thing than the checks do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from toolkit.detect import Examination, every_setting, examine
from toolkit.form import Block, Form, Indicator, Rule
from toolkit.formula import Linear
from toolkit.wording import show_date

_SEVERITY = {"error": "lỗi", "warning": "cảnh báo", "info": "ghi chú"}
_KIND = {
    "stock": "số cuối kỳ",
    "flow": "số trong kỳ",
    "amount": "số tiền",
    "rate": "tỷ lệ",
    "text": "chữ",
    "date": "ngày",
    "choice": "chọn trong danh sách",
    "code": "mã, số hiệu",
    "control": "số đối chiếu, không bắt buộc",
}
_OPERATOR = {"==": "=", "<=": "≤", ">=": "≥"}


def page(form: Form) -> str:
    """The whole page: what stands in each part, what must hold, what the rules can and cannot see."""
    return "\n".join([*_head(form), *_blocks(form), *_rules(form), *_examined(form)]) + "\n"


def _head(form: Form) -> Iterator[str]:
    yield f"# {form.title}"
    yield ""
    yield "<!-- Do lệnh tthc handbook viết ra từ tệp khai báo của mẫu. Sửa ở tệp đó, không sửa ở đây. -->"
    yield ""
    until = f" đến {show_date(form.until)}" if form.until else ""
    yield f"Mẫu `{form.id}`, phiên bản {form.version}, dùng từ {show_date(form.start)}{until}. Nguồn: {form.source}."
    yield f"Đối chiếu với nguồn lần cuối ngày {show_date(form.checked_on)}."
    yield ""
    yield "Ô trống không phải là 0 và không phải là lỗi: trống nghĩa là chưa có số liệu. Không phát sinh thì ghi 0."
    for setting in form.settings:
        yield ""
        yield f"**{setting.label}** ({_source(setting.source)}). {setting.help}"
        yield ""
        for choice in setting.choices:
            default = " *(mặc định)*" if choice.id == setting.default else ""
            yield f"- {choice.label}{default}: {choice.help}"


def _blocks(form: Form) -> Iterator[str]:
    for block in form.blocks:
        yield ""
        yield f"## {block.code or block.title} – trang “{block.sheet}”"
        yield ""
        if block.code:
            yield f"{block.title}."
        yield f"{block.help} Nguồn: {block.source}.".strip()
        yield ""
        yield "| Cột | Chỉ tiêu | Đơn vị | Loại | Cách tính, lưu ý |"
        yield "|---|---|---|---|---|"
        for indicator in block.indicators:
            yield _row(form, block, indicator)


def _row(form: Form, block: Block, indicator: Indicator) -> str:
    notes = []
    for variant in indicator.equals:
        when = f" (khi {_when(form, variant.when)})" if variant.when else ""
        notes.append(f"= {_words(form, variant.formula)}{when}")
    if indicator.numerator and indicator.denominator:
        notes.append(f"= {_operand(form, indicator.numerator)} / {_operand(form, indicator.denominator)}")
    if indicator.of:
        notes.append(f"đối chiếu với {_short(form, indicator.of)}")
    if indicator.carries == indicator.id:
        notes.append("sổ kỳ sau giữ số này cho đến khi sửa")
    elif indicator.carries:
        notes.append(f"= {_short(form, indicator.carries)} của kỳ trước")
    if indicator.choices:
        notes.append("; ".join(indicator.choices))
    if indicator.required:
        notes.append("bắt buộc")
    if indicator.help:
        notes.append(indicator.help)
    unit = form.units[indicator.unit].label if indicator.unit else ""
    cells = (indicator.number, indicator.name, unit, _KIND[indicator.kind], ". ".join(notes))
    return f"| {' | '.join(cells)} |"


def _rules(form: Form) -> Iterator[str]:
    yield ""
    yield "## Công cụ kiểm tra những gì"
    yield ""
    yield "| Điều phải đúng | Mức | Khi | Cách sửa khi sai | Mã |"
    yield "|---|---|---|---|---|"
    for rule in form.rules:
        yield _rule(form, rule)


def _rule(form: Form, rule: Rule) -> str:
    left, right = _words(form, rule.holds.left), _words(form, rule.holds.right)
    must = f"{rule.label}: {left} {_OPERATOR[rule.holds.operator]} {right}"
    cells = (must, _SEVERITY[rule.severity], _when(form, rule.when), rule.fix, f"`{rule.id}`")
    return f"| {' | '.join(cells)} |"


def _examined(form: Form) -> Iterator[str]:
    """What the rule set says about itself, under each choice of settings."""
    yield ""
    yield "## Bộ quy tắc tự xem lại mình"
    yield ""
    yield "Mỗi số dưới đây do công cụ tính từ các quy tắc trên, với mọi ô được điền."
    for settings in every_setting(form):
        result = examine(form, settings)
        labels = (next(c.label for c in s.choices if c.id == settings[s.id]) for s in form.settings)
        title = ", ".join(labels)
        yield ""
        yield f"### {title}" if title else "### Không có lựa chọn"
        yield ""
        yield f"- Quy tắc trái nhau: {_codes(result.contradiction)}."
        yield f"- Quy tắc thừa (suy ra được từ quy tắc khác): {_codes(result.redundant)}."
        yield f"- Ô mà quy tắc chỉ cho một giá trị: {_codes(result.fixed)}."
        yield from _seen(form, result)


def _seen(form: Form, result: Examination) -> Iterator[str]:
    by_number: dict[int | None, list[str]] = {}
    for indicator, others in result.unseen.items():
        by_number.setdefault(others, []).append(form.indicator(indicator).name)
    for others, names in sorted(by_number.items(), key=lambda item: (item[0] is None, item[0] or 0)):
        if others is None:
            how = "Sai là thấy, dù các ô khác thế nào"
        elif others == 0:
            how = "Sai một mình **không ai thấy** (không quy tắc cân đối nào nói tới)"
        else:
            how = f"Sai chỉ bị khuất khi {others} ô khác cũng sai khớp theo"
        yield f"- {how}: {'; '.join(names)}."


def _codes(ids: Iterable[str]) -> str:
    return ", ".join(f"`{i}`" for i in ids) or "không có"


def _when(form: Form, when: Mapping[str, tuple[str, ...]]) -> str:
    """Settings in words: “Tách riêng” hoặc “Trong đúng hạn”."""
    named = (" hoặc ".join(f"“{c.label}”" for c in s.choices if c.id in when.get(s.id, ())) for s in form.settings)
    return "; ".join(filter(None, named))


def _words(form: Form, formula: Linear) -> str:
    text = ""
    for term, factor in formula.terms:
        times = "" if abs(factor) == 1 else f"{abs(factor)} × "
        text += f" {'+' if factor > 0 else '−'} {times}{_short(form, term.id)}"
    if formula.const:
        text += f" {'+' if formula.const > 0 else '−'} {abs(formula.const)}"
    return text.removeprefix(" + ").strip()


def _operand(form: Form, formula: Linear) -> str:
    text = _words(form, formula)
    return f"({text})" if len(formula.terms) + bool(formula.const) > 1 else text


def _short(form: Form, indicator: str) -> str:
    """A column by its printed number, any other figure by its name."""
    found = form.indicator(indicator)
    return found.number or f"“{found.name}”"


def _source(source: str) -> str:
    return f"nguồn: {source}" if source else "không có văn bản quy định"
