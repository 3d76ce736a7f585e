"""What each reason means, in Chinese, for people who read the error on a screen."""

from collections.abc import Mapping
from typing import Final

SENTENCES: Final[Mapping[str, str]] = {
    "TOKEN_MISSING": "缺少访问令牌，请先登录。",
    "TOKEN_EXPIRED": "访问令牌已过期，请重新获取。",
    "TOKEN_INVALID": "访问令牌无效，请向本系统信任的签发方获取。",
    "PERMISSION_MISSING": "当前角色没有此项操作的权限。",
    "ABOVE_AUTHORITY": "超出当前角色的审批权限，需由更高一级审批。",
    "CUSTOMER_OUT_OF_SCOPE": "该客户不在您的数据权限范围内。",
    "RESOURCE_NOT_FOUND": "未找到该资源，请核对名称。",
    "ALREADY_EXISTS": "该资源已存在。",
    "INVALID_FIELDS": "请求中有字段填写有误，请按提示逐项修改。",
    "MALFORMED_MESSAGE": "报文无法解析，请检查客户端所用的协议版本。",
    "REQUEST_ID_REUSED": "该 request_id 已用于内容不同的请求，请换用新的编号。",
    "PAGE_TOKEN_INVALID": "分页令牌与本次查询不符，请从第一页重新查询。",
    "FIELDS_EXCLUDE_EACH_OTHER": "两种填写方式只能选用其一。",
    "TIERS_DO_NOT_TILE": "分档区间必须从零开始首尾相接，不重叠、不留空。",
    "MAKER_IS_CHECKER": "经办、复核、审批须由不同人员完成。",
    "MONTH_CLOSED": "该月份已结账，请计入下一未结账月份。",
    "WRONG_STATE": "当前状态不允许此项操作。",
    "BLOCKING_FINDINGS": "存在未处理的阻断性问题，请先处理。",
    "VOLUME_EXCEEDED": "数量超过合同剩余数量。",
    "HOLDING_EXCEEDED": "数量超过持有数量。",
    "NO_BREAK_EVEN": "按此分享条件不存在盈亏平衡价格。",
    "PRICE_NOT_FINAL": "所需价格尚非最终价格。",
    "PRICE_MISSING": "缺少所需的价格。",
    "SCALE_MISSING": "缺少碳资产规模。",
    "ETAG_CHANGED": "数据已被他人修改，请重新读取后再提交。",
    "DIGEST_CHANGED": "所审批的内容已发生变化，请重新核对。",
    "DATABASE_UNAVAILABLE": "数据库暂时不可用，请稍后重试。",
    "DEADLINE_EXCEEDED": "超过调用方规定的时限，未作任何更改。",
    "NOT_OFFERED": "本系统不提供该方法。",
    "INTERNAL": "系统内部错误，请将请求编号告知运维人员。",
}
