"""What files call the columns of a staff list."""

from django.utils.translation import gettext_lazy

from portal.registry.imports import Column

COLUMNS = (
    Column("name", gettext_lazy("Name"), ("姓名", "名字", "员工姓名", "人员", "人员姓名", "name"), True),
    Column(
        "staff_number",
        gettext_lazy("Staff number"),
        ("工号", "员工编号", "人员编号", "职工号", "员工号", "编号", "staff no", "staff number", "id"),
        True,
    ),
    Column(
        "organisation",
        gettext_lazy("Organisation"),
        (
            "组织",
            "单位",
            "部门",
            "所属单位",
            "所属部门",
            "网点",
            "机构",
            "办事处",
            "公司",
            "department",
            "organisation",
        ),
    ),
    Column("position", gettext_lazy("Position"), ("岗位", "职务", "职位", "岗位名称", "position", "post", "job title")),
    Column(
        "start", gettext_lazy("In the post from"), ("任职日期", "上岗日期", "任职开始", "开始日期", "起始日期", "from")
    ),
    Column("end", gettext_lazy("In the post to"), ("离任日期", "任职结束", "结束日期", "截止日期", "to")),
    Column(
        "mobile",
        gettext_lazy("Mobile"),
        ("手机", "手机号", "手机号码", "电话", "联系电话", "联系方式", "mobile", "phone"),
    ),
    Column("email", gettext_lazy("Email"), ("邮箱", "电子邮箱", "邮件", "电子邮件", "e-mail", "email")),
    Column("joined_on", gettext_lazy("Joined on"), ("入职日期", "入职时间", "到岗日期", "joined", "hired")),
)
