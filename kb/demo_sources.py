"""The demo articles' sources in the readers' language; what is not listed stays as the data has it."""

KINDS = {
    "BYD 秦 high-voltage repair manual excerpt (Chinese)": "比亚迪秦高压维修手册节选",
    "code list": "故障代码表",
    "elevator company article (Chinese)": "电梯公司文章",
    "exam site": "考试资料网站",
    "fault-code compilation": "故障代码汇编",
    "iFixit answer": "iFixit 问答",
    "manufacturer code list (source code)": "厂家代码表（程序源码）",
    "manufacturer guide (Cisco UCS memory errors)": "厂家指南（思科 UCS 内存错误）",
    "manufacturer manual (English)": "厂家手册（英文）",
    "manufacturer manual (English), kitchen ESP ventilator": "厂家手册（英文），厨房静电排风机",
    "manufacturer service manual (English)": "厂家维修手册（英文）",
    "manufacturer service manual (GM, Chinese)": "厂家维修手册（通用汽车）",
    "manufacturer service manual 吉之美 (Chinese)": "厂家维修手册（吉之美）",
    "manufacturer troubleshooting manual (Chinese)": "厂家故障处理手册",
    "operations article (Chinese)": "运维文章",
    "operator SOP (restaurant chain)": "连锁餐饮作业规程",
    "parts dealer guide": "配件商指南",
    "repair site": "维修网站",
    "technician article": "维修人员文章",
    "technician page": "维修人员网页",
    "trade magazine": "行业杂志",
    "training document, forklift faults (Chinese)": "培训资料（叉车故障）",
    "web article": "网络文章",
    "web article (Chinese)": "网络文章（中文）",
    "web article (Chinese), cause/remedy list": "网络文章（中文），原因处理表",
    "web article (English)": "网络文章（英文）",
    "web note (Chinese)": "网络笔记（中文）",
}

RELIABILITY = {
    "A: as above": "A，同上",
    "A: code meaning; no causes given": "A，只给出代码含义，未给原因",
    "A: electronic air cleaner, same principle as an oil-fume purifier, not the same machine": (
        "A，电子空气净化器，与油烟净化器原理相同，但不是同一机器"
    ),
    "A: other maker": "A，其他厂家",
    "A: other maker, same mechanism": "A，其他厂家，机构相同",
    "B: forklift hydraulics, analogous to a transporter, not the same machine": (
        "B，叉车液压，与平板车类似，但不是同一机器"
    ),
    "C: case figures ignored": "C，案例数字不采用",
    "C: unreferenced numbers ignored": "C，无出处的数字不采用",
}

SCOPES = {
    "CT5 手册 (other maker, example of a structured Chinese DTC page)": "CT5 手册",
}
