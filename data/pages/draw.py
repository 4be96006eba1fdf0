"""Draw the sample pages: python data/pages/draw.py [folder]

Invented papers of an invented person, as a scanner would see them: printed forms filled in by hand, a page
askew, a blank back. The ID number is the example of the national standard GB 11643. Needs the Debian
packages fonts-noto-cjk and fonts-lxgw-wenkai (both OFL); the drawn pages are part of the project.
"""

from __future__ import annotations

import sys
from pathlib import Path

import cv2
import numpy
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

DPI = 150
SIZE = (1240, 1754)
PRINT = "/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc"
HEAD = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"
HAND = "/usr/share/fonts/truetype/lxgw-wenkai/LXGWWenKai-Light.ttf"
INK, PEN = (25, 25, 28), (32, 44, 110)


class Sheet:
    """One A4 sheet."""

    def __init__(self) -> None:
        self.image = Image.new("RGB", SIZE, "white")
        self.draw = ImageDraw.Draw(self.image)

    def text(self, x: int, y: int, words: str, size: int = 26, font: str = PRINT, fill: tuple[int, ...] = INK) -> None:
        """Write a line; size in pixels."""
        self.draw.text((x, y), words, font=ImageFont.truetype(font, size, index=2 if font != HAND else 0), fill=fill)

    def title(self, words: str) -> None:
        """Write the heading in the middle."""
        face = ImageFont.truetype(HEAD, 44, index=2)
        width = self.draw.textlength(words, font=face)
        self.draw.text(((SIZE[0] - width) / 2, 130), words, font=face, fill=INK)

    def rows(self, top: int, height: int, rows: list[tuple[str, str]]) -> int:
        """Draw a table of labels and handwritten values; return where it ends."""
        for number, (label, value) in enumerate(rows):
            y = top + number * height
            self.draw.rectangle((110, y, 390, y + height), outline=INK, width=2)
            self.draw.rectangle((390, y, 1130, y + height), outline=INK, width=2)
            self.text(130, y + height // 2 - 18, label)
            self.text(412, y + height // 2 - 21, value, 34, HAND, PEN)
        return top + len(rows) * height


def application() -> Sheet:
    """食品经营许可申请书."""
    sheet = Sheet()
    sheet.title("食品经营许可申请书")
    end = sheet.rows(
        260,
        78,
        [
            ("申请人", "林小满"),
            ("公民身份号码", "11010519491231002X"),
            ("经营者名称", "江北镇满口香面馆（示范）"),
            ("经营场所", "江北镇河堤路 18 号一层"),
            ("主体业态", "餐饮服务经营者"),
            ("经营项目", "热食类食品制售"),
            ("从业人数", "3 人"),
            ("联系电话", "13800000000"),
        ],
    )
    sheet.draw.rectangle((110, end, 1130, end + 420), outline=INK, width=2)
    for number, line in enumerate(
        (
            "本人保证所提交的申请材料真实、合法、有效，复印件与原件一致，",
            "并对因提交虚假材料所引发的一切后果承担法律责任。",
        )
    ):
        sheet.text(150, end + 50 + 52 * number, line)
    sheet.text(640, end + 250, "申请人（签名）：")
    sheet.text(860, end + 232, "林小满", 52, HAND, PEN)
    sheet.text(640, end + 330, "2026 年 11 月 18 日")
    return sheet


def identity_copy() -> Sheet:
    """身份证明复印页, visibly a sample."""
    sheet = Sheet()
    sheet.title("身份证明复印页（示范）")
    sheet.draw.rounded_rectangle((250, 320, 990, 780), radius=28, outline=(90, 90, 90), width=3)
    for number, (label, value) in enumerate(
        (("姓名", "林小满"), ("性别", "女"), ("出生", "1949 年 12 月 31 日"), ("住址", "江北镇柳林村 3 组"))
    ):
        sheet.text(300, 370 + 68 * number, label, 28, HEAD, (70, 90, 140))
        sheet.text(400, 366 + 68 * number, value, 32)
    sheet.text(300, 690, "公民身份号码", 28, HEAD, (70, 90, 140))
    sheet.text(500, 688, "11010519491231002X", 32)
    sheet.draw.rectangle((770, 370, 930, 570), outline=(140, 140, 140), width=2)
    sheet.text(800, 450, "无照片", 30, HEAD, (140, 140, 140))
    sheet.text(250, 860, "与原件核对一致", 32, HAND, PEN)
    return sheet


def lease() -> Sheet:
    """经营场所使用证明."""
    sheet = Sheet()
    sheet.title("经营场所使用证明")
    lines = (
        "兹有江北镇河堤路 18 号一层商铺，建筑面积 86 平方米，由产权人提供给",
        "林小满用于餐饮经营，使用期限自 2026 年 12 月 1 日起至 2029 年 11 月",
        "30 日止。双方约定：",
        "",
        "一、使用人应当依法取得食品经营许可后方可开展经营活动，并按照许可的",
        "经营项目、经营场所从事经营，不得擅自改变房屋结构和用途。",
        "二、使用人负责场所内的消防、用电、用气安全，保持疏散通道畅通，按规定",
        "设置油烟净化和污水隔油设施。",
        "三、场所的水费、电费、燃气费和垃圾清运费由使用人承担。",
        "四、期满后使用人继续使用的，应当提前三十日提出。",
        "五、本证明一式三份，产权人、使用人各执一份，一份提交行政审批部门。",
        "",
        "以上情况属实。",
    )
    for number, line in enumerate(lines):
        sheet.text(130, 280 + 62 * number, line, 29)
    sheet.text(640, 1200, "产权人（签名）：")
    sheet.text(880, 1180, "何平安", 50, HAND, PEN)
    sheet.text(640, 1290, "使用人（签名）：")
    sheet.text(880, 1270, "林小满", 50, HAND, PEN)
    sheet.text(640, 1380, "2026 年 11 月 16 日")
    return sheet


def layout() -> Sheet:
    """经营场所平面图."""
    sheet = Sheet()
    sheet.title("经营场所平面布局图")
    draw = sheet.draw
    draw.rectangle((180, 300, 1060, 1300), outline=INK, width=6)
    for box, name in (
        ((180, 300, 620, 640), "热菜间"),
        ((620, 300, 1060, 640), "粗加工"),
        ((180, 640, 460, 900), "餐具消毒"),
        ((780, 640, 1060, 900), "食品库房"),
    ):
        draw.rectangle(box, outline=INK, width=4)
        sheet.text(box[0] + 30, box[1] + 30, name, 30, HEAD)
    sheet.text(540, 1050, "就餐区", 34, HEAD)
    for column in range(3):
        for row in range(2):
            left, top = 240 + 290 * column, 940 + 190 * row
            draw.rectangle((left, top, left + 150, top + 80), outline=INK, width=2)
    draw.line((560, 1300, 680, 1300), fill="white", width=10)
    draw.arc((560, 1240, 680, 1360), 180, 270, fill=INK, width=2)
    sheet.text(580, 1320, "入口", 28, HEAD)
    sheet.text(180, 1420, "建筑面积 86 平方米    比例 1:100", 28)
    return sheet


def health() -> Sheet:
    """从业人员健康证明."""
    sheet = Sheet()
    sheet.draw.rectangle((110, 110, 1130, 210), fill=(38, 112, 86))
    sheet.text(390, 132, "从业人员健康证明（示范）", 38, HEAD, (255, 255, 255))
    end = sheet.rows(
        280,
        78,
        [
            ("姓名", "林小满"),
            ("从业类别", "食品生产经营"),
            ("体检结果", "合格"),
            ("发证日期", "2026 年 9 月 2 日"),
            ("有效期至", "2027 年 9 月 1 日"),
        ],
    )
    sheet.draw.rectangle((110, end + 40, 1130, end + 52), fill=(38, 112, 86))
    sheet.text(110, end + 90, "本页为示范页，不作证明使用。", 26)
    return sheet


def scanned(sheet: Sheet, seed: int, *, degrees: float = 0.0, is_colour: bool = False) -> NDArray[numpy.uint8]:
    """The sheet as a scanner sees it: a little askew, soft, noisy, a shadow at the edge."""
    pixels = numpy.asarray(sheet.image, dtype=numpy.float32)
    matrix = cv2.getRotationMatrix2D((SIZE[0] / 2, SIZE[1] / 2), -degrees, 1.0)
    pixels = cv2.warpAffine(pixels, matrix, SIZE, borderValue=(250, 250, 250)).astype(numpy.float32)
    pixels = cv2.GaussianBlur(pixels, (3, 3), 0.6)
    random = numpy.random.default_rng(seed)
    pixels = pixels * 0.955 + random.normal(0.0, 2.0, (SIZE[1], SIZE[0], 1)).astype(numpy.float32)
    pixels[:, :14] *= numpy.linspace(0.8, 1.0, 14, dtype=numpy.float32)[None, :, None]
    whole = numpy.clip(pixels, 0, 255).astype(numpy.uint8)
    bgr = cv2.cvtColor(whole, cv2.COLOR_RGB2BGR)
    return numpy.asarray(bgr if is_colour else cv2.cvtColor(bgr, cv2.COLOR_BGR2GRAY), dtype=numpy.uint8)


def main() -> None:
    """Write all pages."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    pages = {
        "application": scanned(application(), 1),
        "identity-copy": scanned(identity_copy(), 2),
        "lease-askew": scanned(lease(), 3, degrees=1.8),
        "layout": scanned(layout(), 4),
        "health-colour": scanned(health(), 5, is_colour=True),
        "blank-back": scanned(Sheet(), 6),
    }
    for name, pixels in pages.items():
        raw = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, 80])[1].tobytes()
        # JFIF density: OpenCV writes none
        (folder / f"{name}.jpg").write_bytes(raw[:13] + b"\1" + DPI.to_bytes(2, "big") * 2 + raw[18:])


if __name__ == "__main__":
    main()
