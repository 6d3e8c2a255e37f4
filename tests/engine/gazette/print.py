"""An invented gazette: two columns that break sentences, page numbers, running heads, tables with tabs and with HTML."""

from __future__ import annotations

TITLE = "某市河灯会安全应急预案"
RAW = """
某市人民政府公报
2031年第2期
目 录
某市人民政府办公室关于表彰灯匠的通知 某政办发〔2031〕7号 ... 1
某市人民政府办公室关于印发某市河灯会安全应急预案的通知 某政办发〔2031〕8号 ... 3

某市人民政府办公室 关于表彰灯匠的通知

某政办发〔2031〕7号

灯匠手艺精湛，予以表彰。

某市人民政府公报

某市人民政府办公室
2031年3月1日

- 3 -

某市人民政府办公室

关于印发《某市河灯会安全应急预案》的通知

某政办发〔2031〕8号

各镇：

《某市河灯会安全应急预案》印发给你们，请照办。2029年5月6日所印旧本同时废止。

某市人民政府办公室

2031年4月2日

某市河灯会

安全应急预案

1 总则

1.1 编制目的

为办好河灯会，制定本预案。

1.2 适用

船只由另外的预案管。

2 组织

2.1 市灯会指挥部

指挥长：分管文化的副市长。成员单位：市文旅局、公安局、气
某市人民政府公报
- 4 -
象局。办公室设在市文旅局。

3 分级与报告

3.1 灯会险情分为两级：

（１）Ⅱ级：落水５人以上２０人以下，或者损失50万元以上1亿元以下；

(2) Ⅰ级：落水20人以上，或者停电３．５小时以上。

3.2 报告

落水发生后，主办单位应当在1 小时内报市灯会指
挥部办公室，此后每日15：00前续报，一周内写出总结。（见附件2）

4 处置

4.1 响应

市公安局负责疏散。①先封桥；②再清岸。

附件：1. 流程图

2. 响应办法

附件1

流程图

附件2

响应办法

办法 级别	Ⅱ级响应	Ⅰ级响应
响应条件	<p>有下列之一：</p><ol>1. 灯船超过10艘；2、水位达2米。</ol>	<p>1. 灯船超过30艘；</p><p>2. 水位达3米。</p>

某市人民政府公报
- 5 -
办法 级别	Ⅱ级响应	Ⅰ级响应
停灯程序	市文旅局报指挥长。	指挥长报市长。

附表3

<table><tr><td>天气</td><td>Ⅱ级</td><td>Ⅰ级</td></tr>
<tr><td>阵雨</td><td>$\\geq 20$ 毫米</td><td>30—40毫米</td></tr>
<tr><td>大水（含山水）</td><td>1米</td><td>气温降到 $-3^{\\circ}\\text{C}$ 以下</td></tr></table>

某市人民政府办公室 关于下一年灯会的通知

某政办发〔2031〕9号

明年再办。
"""
CLAUSES = (
    "1.1", "1.2", "2.1", "3.1", "3.1(1)", "3.1(2)", "3.2", "4.1①", "4.1②", "附件1",
    "附件2 Ⅱ级响应条件1", "附件2 Ⅱ级响应条件2", "附件2 Ⅰ级响应条件1", "附件2 Ⅰ级响应条件2",
    "附件2 Ⅱ级停灯程序", "附件2 Ⅰ级停灯程序", "附表3 阵雨", "附表3 大水",
)  # fmt: skip
PLAN = """
plan: lanterns
title: 某市河灯会安全应急预案
jurisdiction: 某市
document: {number: 某政办发〔2031〕8号, issued: 2031-04-02, in_force: 2031-04-02}
clauses: ["1.1", "1.2", "2.1", "3.1", "3.1(1)", "3.1(2)", "3.2", "4.1①", "4.1②", 附件1, 附件2 Ⅱ级响应条件1, 附件2 Ⅱ级响应条件2, 附件2 Ⅰ级响应条件1, 附件2 Ⅰ级响应条件2, 附件2 Ⅱ级停灯程序, 附件2 Ⅰ级停灯程序, 附表3 阵雨, 附表3 大水]
not_binding: {"1.1": 编制目的, "1.2": 适用, 附件1: 流程图, "4.1①": 另有规定, "4.1②": 另有规定, 附表3 阵雨: 只供参考, 附表3 大水: 只供参考, 附件2 Ⅱ级停灯程序: 另有规定, 附件2 Ⅰ级停灯程序: 另有规定, 附件2 Ⅱ级响应条件2: 另有规定, 附件2 Ⅰ级响应条件2: 另有规定}
indicators:
  overboard: {type: integer, unit: person, label: 落水人数, clause: "3.1"}
  loss: {type: number, unit: CNY, label: 损失, clause: "3.1"}
  outage: {type: number, unit: h, label: 停电时间, clause: "3.1"}
  boats: {type: integer, unit: "1", label: 灯船数, clause: 附件2}
scales:
  grade:
    label: 险情
    clause: "3.1"
    levels: [II, I]
    triggers:
      II:
        - {overboard: {at_least: 5人, below: 20人}, clause: "3.1(1)"}
        - {loss: {at_least: 50万元, below: 1亿元}, clause: "3.1(1)"}
        - {boats: {over: 10, at_most: 30}, clause: 附件2 Ⅱ级响应条件1, reading: L-1}
      I:
        - {overboard: {at_least: 20人}, clause: "3.1(2)"}
        - {outage: {at_least: 3.5小时}, clause: "3.1(2)"}
        - {boats: {over: 30}, clause: 附件2 Ⅰ级响应条件1}
moments: {fall: 落水}
roles: [主办单位]
organization:
  command: {name: 市灯会指挥部, head: [分管文化的副市长], members: [市文旅局, 市公安局, 市气象局], office: 市文旅局, office_name: 市灯会指挥部办公室, clause: "2.1"}
procedure: []
lifecycle:
  start: routine
  phases: {routine: 常态, response: 响应}
  transitions: []
  levels: {grade: {raise: {clause: "3.1"}}}
duties:
  - at: {grade: any}
    clause: "3.2"
    tasks:
      - {unit: 主办单位, do: 报市灯会指挥部办公室, due: {within: 1小时, from: fall}}
      - {unit: 主办单位, do: 续报情况, due: {daily_at: "15:00"}}
      - {unit: 主办单位, do: 写出总结, due: {within: 7天}}
readings:
  L-1: {clause: 附件2 Ⅱ级响应条件1, question: 上限是多少, chosen: 到附件2上一级的数为止, alternatives: [30艘], fixed: {a: 与所印的上限相同}}
"""
UNITS = "jurisdiction: 某市\nunits:\n" + "".join(
    f"  - {{name: {name}, level: 市}}\n" for name in ("市文旅局", "市公安局", "市气象局")
)
