"""The units and posts that a printed text names, for a first draft."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.gazette.cleaning import fold

_SUFFIX = (
    "人民政府|政府|指挥部办公室|领导小组办公室|政府办|办公室|总指挥部|指挥部|领导小组|管委会|委员会|工作组|专家组|专班|部门|单位|机构|企业|公司|分局|支队|大队|中队|总队"
    "|服务中心|中心|医院|学校|海关|银行|林场|宣传部|统战部|人武部|军分区|网信办|外事办|防火办|监管局|局|委(?!托|派)|队(?!伍)|站|组(?!织)|社区|水库|工地|厂|地区|公众|人员|群众|负责人|从业者|经营者|海关|乡\\(镇\\)|乡镇|林场"
)
_POST = "(?:总|常务副|副|主管副)*(?:指挥长|指挥|组长|市长|县长|秘书长|乡长|镇长|书记|局长|主任)"
_NAME = re.compile(rf"[一-龥()/]{{0,18}}?(?:{_SUFFIX})(?![一-龥]?(?:长|员工))")
_LONGER = re.compile(rf"(?:各|主要|有关|相关)?[一-龥()/]{{0,5}}?(?:{_SUFFIX})(?!长)")
_VERBS = re.compile(r"[派负协做在向将及应要会报按由根对接召发和与经]|组织|通知|指导|启动|建立|成立")
_CUT = re.compile(
    r"^.*(?:(?<=[一-龥])的|^[及和与或地]|会同|配合|协助|通知|指导|请求|提请|报请|组织|协调|按照|根据|接到|作为|成为|经由|应由|设在|下设|建立|成立|督促|指令|负责|以及|联合|牵头|提供|通过|报告|通报|上报|报送|批准|决定"
    r"|由(?!于)|向|经(?![济营])|对(?!口)|将|把|为|并|或|即|至|从(?!业)|使(?!用)|让|被|给|等|在(?!职))(?=[一-龥]{2})"
)
_GENERIC = frozenset(
    [
        "单位",
        "部门",
        "人员",
        "政府",
        "机构",
        "企业",
        "组",
        "指挥",
        "主任",
        "局长",
        "组长",
        "书记",
        "人员组",
        "负责人",
        "办公室",
        "小组",
        "地区",
        "本企业",
        "本单位",
        "各组",
        "主要负责人",
        "相关负责人",
    ]
)
_NO_NAME = re.compile(
    r"做好|加强|负责|保障[^组应]|应当|及时|必要|统一|定期|兼任|派出|参加|所需|带队|最大|减少|严禁|实行|造成|召开|同意|提高|承担|掌握|坚持|告知"
    r"|抽调|设立|示意|完善|密切|[个把将被]|尽量|突发|伤人|滞留|以及|^(?:地[县市政]|成的|定市|合本|[及和或]|受[伤影害]|当(?!地))|本行政|^副|不断|切实|妥善|情况"
)
_SHARED = re.compile(r"((?:[一-龥]{2,8}、)+[一-龥]{2,8}?)等?(?:有关|相关)?(部门|单位)")
_SPLIT = re.compile(r"[^一-龥()/]+")


def subjects(text: str) -> tuple[str, ...]:
    """The units and posts named in a text, in their order, once each."""
    return tuple(dict.fromkeys(name.replace("/", "、") for name in _found(fold_lines(text)) if _is_name(name)))


def _is_name(name: str) -> bool:
    return 2 <= len(name) <= 24 and name not in _GENERIC and not _NO_NAME.search(name)


def fold_lines(text: str) -> str:
    """A text without blanks; line ends and cells stay apart."""
    lines = (fold(line) for line in re.split(r"[\n\t\v]", text))
    return "\n".join(re.sub(r"\(([^()]{1,10})\)", lambda match: f"({match[1].replace('、', '/')})", line) for line in lines)


def _found(text: str) -> Iterator[str]:
    for match in _SHARED.finditer(text):
        for word in match[1].split("、"):
            if not re.search(rf"(?:{_SUFFIX})$", word):
                yield _trim(word) + match[2]
    prefix = ""
    for run in re.split(r"([^一-龥()/]+)", text):
        if not run or _SPLIT.fullmatch(run):
            prefix = prefix if run in ("、", ",", "，") else ""
            continue
        for match in _NAME.finditer(run):
            more = _LONGER.match(run, match.end())
            longer = [match.group() + more.group()] if more and not _VERBS.search(more.group()) else []
            for name in (*_pieces(match.group()), *(piece for one in longer for piece in _pieces(one))):
                head = name[0] if name[0] in "市县省" else ""
                yield name
                if prefix and not head and 2 < len(name) <= 12 and run.startswith(name) and re.search(r"[局委办部心队]$", name):
                    yield prefix + name
                prefix = head or prefix
        for match in re.finditer(_POST, run):
            yield match.group()


def _pieces(name: str) -> Iterator[str]:
    """和 and 及 part two units only where the first ends as a unit does."""
    parts = re.split(r"(和|及|与)", name)
    piece = parts[0]
    for n in range(1, len(parts) - 1, 2):
        if re.search(rf"(?:{_SUFFIX})$", piece):
            yield _trim(piece)
            piece = parts[n + 1]
        else:
            piece += parts[n] + parts[n + 1]
    yield _trim(piece)


def _trim(name: str) -> str:
    trimmed = _CUT.sub("", name).strip("()")
    if trimmed.count("(") != trimmed.count(")"):
        trimmed = trimmed.split(")")[-1] if trimmed.count(")") > trimmed.count("(") else trimmed + ")"
    return trimmed or name
