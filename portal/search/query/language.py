"""Chinese and English function words of queries: question words, courtesy, time, degree, particles, negation.

General language only. The words of the trade are in `starter/trade_words.json`, synonyms in the database.
"""


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


#: Ways of asking, not of describing: they stand in every question and in no article.
ASKING = _words(
    """
    怎么办啊 怎么办 怎么回事 怎么弄 怎么修 怎么处理 怎么解决 怎么样 怎么换 怎样 怎么 如何处理 如何解决
    如何维修 如何 咋办 咋回事 咋整 咋修 咋弄 为什么 为啥 为何 什么原因 啥原因 是什么意思 什么意思 啥意思
    是什么 什么 是啥 啥 咋 请问 请教 求助 求救 有没有 能不能 可不可以 是不是 要不要 能否 可以吗 行不行
    怎么搞 点办 怎么做 该怎么做 怎么预防 要注意什么 注意什么 需要注意什么 要注意 哪些 多少 几步
    """
)
#: Courtesy and urgency.
COURTESY = _words(
    """
    谢谢 感谢 多谢 师傅 麻烦 你好 您好 喂 拜托 劳驾 辛苦 急急 着急 很急 帮忙 帮我 帮看 看一下 看下 看看
    过来看 过来 一下 赶紧 尽快 嗯 呃 哎 唉 那个 这个 就是说 反正 好像 感觉 应该 可能
    """
)
#: How often, how much, since when.
TIME_AND_DEGREE = _words(
    """
    今天 昨天 前天 明天 早上 上午 中午 下午 晚上 昨晚 今早 刚才 刚刚 刚 现在 最近 以前 之前 后来 一早 平时
    每天 半天 老是 总是 经常 突然 忽然 又是 老又 什么时候 好几天 几天 还好好的 好好的 就这样了 这样了 这样
    那样 得厉害 厉害 有点 非常 特别 已经 居然 竟然 根本 完全 全都 还是 倒是 就是 的时候
    """
)
#: Who and where, besides those of the trade; a machine's name that contains one of them is longer and goes first.
PEOPLE_AND_PLACES = _words(
    """
    我们家 我们 我家 咱们 你们 他们 人家 一楼 二楼 三楼 这边 那边 这里 那里 这台 那台 这种 家里 我这 一台 有台 我的 咱
    """
)
#: What joins sentences, and what one says before saying what one saw.
LINKING = _words(
    """
    但是 可是 然后 而且 并且 所以 因为 如果 的话 比如 另外 还有 接着 以后 之后 发现 看到 看见 听到 听见 能听到 觉得
    感到 东西 情况 事情 样子 哪个 哪里 哪儿 多久 多长时间 一次 一回
    """
)
FILLERS = frozenset((*ASKING, *COURTESY, *TIME_AND_DEGREE, *PEOPLE_AND_PLACES, *LINKING))
#: Where a code stands beside them, these only say that a display shows it.
CODE_WORDS = frozenset(
    _words(
        """
    一直 报 报了 老报 乱报 显示 出现 提示 跳 跳出 闪 闪烁 屏幕 屏幕上 屏上 面板 面板上 显示屏 机器 设备 代码
    代号 编号 码 故障码 错误码 故障代码 错误代码 报警代码 故障 报警 告警 报错 错误 亮 号故障 是 说 有 出 叫
    复位 消除 error code fault alarm display shows showing
    """
    )
)
#: Particles that carry no meaning of their own, at the edges of a run.
EDGE_PARTICLES = "的了吗呢啊吧呀嘛哦着么地得啦咯哈哇诶嗯呃还在就也都才再很太又老喂刚"
#: Latin words that stand before the number of a code (Service 12, SPN 520192 FMI 3).
BEFORE_CODES = _words("service fault error err code alarm warning spn dtc status")
ASKING_LATIN = frozenset(
    _words(
        """
    a an and are at be but can do does for from how i in is it its me my of on or our please the this to was
    what when why will with won
    """
    )
)
#: These point at something or link; no name of a machine holds one.
NO_NAME = frozenset(
    "的了着过吗呢啊吧就都也还很太又再在把被给让会能要是有自己不没那这哪我你他她它们个台只辆几每和跟与或等到从对"
)
#: How much of what an adjective says: with one before its last character a term means the same (水位过高, 水位高).
DEGREES = _words("有点儿 有点 特别 非常 十分 相当 过于 太过 过 太 很 挺 超 偏")
ADJECTIVES = frozenset("高低大小多少满快慢长短强弱冷热烫响松紧厚薄软硬干湿重轻深浅")
#: A verb and its object may be drawn apart, a negation and what it denies may not (没吸力 is not 没力).
NEGATIONS = frozenset("没无未")
