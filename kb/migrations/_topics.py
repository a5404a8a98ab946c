"""The topics that stood in the code before they were records, for the migrations that turn codes into them."""

TOPICS = {
    "T01": ("结构与特点", "Features and structure", "general"),
    "T02": ("各部分名称", "Names of parts", "general"),
    "T03": ("主要性能及技术参数", "Performance and technical data", "general"),
    "T04": ("主要配件的结构、性能、参数", "Main components", "general"),
    "T05": ("正确操作方法", "Correct operation", "general"),
    "T06": ("电路接线图与原理图", "Wiring diagram", "general"),
    "T07": ("维护、保养知识", "Care and maintenance", "maintenance"),
    "T08": ("常见故障的分析及处理方法", "Common faults and their remedies", "fault"),
    "T09": ("安装、使用注意事项", "Notes on installation and use", "general"),
    "T10": ("专项知识", "Special knowledge", "general"),
}


def make_topics(topic_model, codes):
    """Make the records of ``codes`` that are not there yet."""
    for code in sorted(codes & TOPICS.keys()):
        name, name_en, kind = TOPICS[code]
        facts = {"name": name, "name_en": name_en, "kind": kind, "order": int(code[1:])}
        topic_model.objects.get_or_create(code=code, defaults=facts)
